import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { note } from './audit.ts';
import { inTransaction } from './database.ts';
import type { Actor, Ledger, Looked, NewRun, Run } from './ledger.ts';
import type { Edition } from './types.ts';

export function looked(db: DatabaseSync, report: string): Looked | undefined {
  const row = db.prepare('SELECT checked_to, rhythm FROM timetable WHERE report = ?').get(report);
  if (row === undefined) return undefined;
  const last = db.prepare('SELECT max(due_at) AS at FROM run WHERE report = ?').get(report)?.at;
  return { until: Number(row.checked_to), rhythm: String(row.rhythm), last_due: typeof last === 'number' ? last : undefined };
}

export function enterRuns(
  db: DatabaseSync,
  report: string,
  upTo: Pick<Looked, 'until' | 'rhythm'>,
  runs: readonly NewRun[],
  actor: Actor,
): Run[] {
  const put = db.prepare(
    'INSERT INTO run (report, period, zone, due_at, state, reason, mail, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return inTransaction(db, () => {
    const entered = runs.filter(({ report: id, period, zone, due_at, mail, skipped }) => {
      const state = skipped === undefined ? 'due' : 'skipped';
      const { changes } = put.run(id, period, zone, due_at, state, skipped ?? null, mail ? 1 : 0, actor.at);
      if (changes > 0 && skipped !== undefined) note(db, { what: 'skipped', subject: `${id} ${period}`, detail: skipped, ...actor });
      return changes > 0;
    });
    // Never back: a clock that was set back must not make anything due twice.
    db.prepare(
      `INSERT INTO timetable VALUES (?, ?, ?) ON CONFLICT (report)
       DO UPDATE SET checked_to = max(checked_to, excluded.checked_to), rhythm = excluded.rhythm`,
    ).run(report, upTo.until, upTo.rhythm);
    const keys = new Set(entered.map(({ period }) => period));
    return entered.length === 0 ? [] : listRuns(db, { report }).filter((run) => keys.has(run.period));
  });
}

export function listRuns(db: DatabaseSync, { open, since, report, period }: Parameters<Ledger['runs']>[0] = {}): Run[] {
  // As the index of open runs has it.
  const { where, given } = among(open && "state NOT IN ('done', 'skipped')", {
    'changed_at >=': since,
    'report =': report,
    'period =': period,
  });
  return db
    .prepare(`SELECT * FROM run ${where} ORDER BY due_at, report, period`)
    .all(...given)
    .map(runOf);
}

/** The rows of years are not read to find the few of today. */
export function among(
  open: string | undefined,
  wanted: Readonly<Record<string, string | number | undefined>>,
): { where: string; given: (string | number)[] } {
  const said = Object.entries(wanted).flatMap(([words, value]) => (value === undefined ? [] : [{ words: `${words} ?`, value }]));
  const terms = [...(open === undefined ? [] : [open]), ...said.map(({ words }) => words)];
  return { where: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, given: said.map(({ value }) => value) };
}

function runOf(row: Record<string, SQLOutputValue>): Run {
  // The columns of the STRICT table; SQLite says null where our type says undefined.
  const run = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as unknown as Run;
  return { ...run, mail: row.mail === 1 };
}

/** What the operator wants to find in the log; the steps in between are nobody's question. */
const told = new Set<Run['state'] | undefined>(['held', 'failed', 'skipped']);

export function moveRun(db: DatabaseSync, run: Run, to: Parameters<Ledger['move']>[1], actor: Actor): boolean {
  const next = { ...run, reason: undefined, next_at: undefined, ...to };
  return inTransaction(db, () => {
    const { changes } = db
      .prepare(
        'UPDATE run SET state = ?, reason = ?, as_of = ?, attempts = ?, next_at = ?, changed_at = ? WHERE report = ? AND period = ? AND state = ?',
      )
      .run(
        ...[next.state, next.reason ?? null, next.as_of ?? null, next.attempts, next.next_at ?? null, actor.at],
        ...[run.report, run.period, run.state],
      );
    const news = next.state !== run.state || next.reason !== run.reason;
    if (changes > 0 && news && told.has(to.state)) {
      note(db, { what: next.state, subject: `${run.report} ${run.period}`, detail: next.reason ?? '', ...actor });
    }
    return changes > 0;
  });
}

/** In the transaction that enters an edition: the run it was built for is issued with it, or neither is. */
export function issueRun(db: DatabaseSync, edition: Edition, manifest: string | undefined): void {
  const { report, period, revision, as_of, built_at } = edition;
  const { changes } = db
    .prepare(
      "UPDATE run SET state = 'issued', revision = ?, reason = NULL, next_at = NULL, changed_at = ? WHERE report = ? AND period = ? AND state = 'collected' AND as_of = ?",
    )
    .run(revision, built_at, report, period, as_of);
  const who = changes > 0 ? 'schedule' : 'by hand';
  note(db, {
    at: built_at,
    who,
    what: 'issued',
    subject: `${report} ${period} r${revision}`,
    detail: `as of ${new Date(as_of).toISOString()}${manifest === undefined ? '' : `, manifest ${manifest}`}`,
  });
}
