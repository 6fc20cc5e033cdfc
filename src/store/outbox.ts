import { hash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { note } from './audit.ts';
import { inTransaction } from './database.ts';
import type { Actor, Among, Delivery, EditionKey, Ledger, NewDelivery } from './ledger.ts';
import { among } from './runs.ts';

export function allowContacts(db: DatabaseSync, addresses: readonly string[]): void {
  const known = db
    .prepare('SELECT address FROM contact WHERE active = 1 ORDER BY address')
    .all()
    .map((row) => String(row.address));
  if (JSON.stringify(known) === JSON.stringify([...new Set(addresses)].sort())) return;
  const put = db.prepare('INSERT INTO contact VALUES (?, 1) ON CONFLICT (address) DO UPDATE SET active = 1');
  inTransaction(db, () => {
    db.exec('UPDATE contact SET active = 0');
    for (const address of addresses) put.run(address);
  });
}

/** Only the first call for an edition and a copy changes anything: a restart between here and the next step repeats it. */
export function enqueue(db: DatabaseSync, edition: EditionKey, deliveries: readonly NewDelivery[], actor: Actor): void {
  const { report, period, revision } = edition;
  const put = db.prepare(
    `INSERT INTO outbox (report, period, revision, channel, recipient, copy, state, degraded, created_at, changed_at, message_id, sha256, body, small)
     VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  inTransaction(db, () => {
    for (const { channel, recipient, copy, degraded, message_id, body, small } of deliveries) {
      const key = [report, period, revision, channel, recipient, copy] as const;
      put.run(...key, degraded ? 1 : 0, actor.at, actor.at, message_id, hash('sha256', body), body, small ?? null);
      if (copy > 0) note(db, { what: 'resend', subject: subjectOf({ ...edition, channel, recipient }), detail: `copy ${copy}`, ...actor });
    }
    db.prepare("UPDATE run SET state = 'queued', changed_at = ? WHERE report = ? AND period = ? AND revision = ? AND state = 'issued'").run(
      actor.at,
      report,
      period,
      revision,
    );
    closeRun(db, edition, actor.at); // an edition that nobody is mailed is done
  });
}

const columns =
  'id, report, period, revision, channel, recipient, copy, state, reason, degraded, attempts, next_at, created_at, changed_at, message_id, sha256';

export function listDeliveries(db: DatabaseSync, { open, since }: Among = {}): Delivery[] {
  const { where, given } = among(open && "state <> 'sent'", { 'changed_at >=': since });
  return db
    .prepare(`SELECT ${columns} FROM outbox ${where} ORDER BY id`)
    .all(...given)
    .map(deliveryOf);
}

function deliveryOf(row: Record<string, SQLOutputValue>): Delivery {
  // The columns of the STRICT table; SQLite says null where our type says undefined.
  const delivery = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as unknown as Delivery;
  return { ...delivery, degraded: row.degraded === 1 };
}

export function bodyOf(db: DatabaseSync, id: number): ReturnType<Ledger['body']> {
  const row = db.prepare('SELECT body, small FROM outbox WHERE id = ?').get(id);
  if (!(row?.body instanceof Uint8Array)) return undefined;
  return { body: row.body, small: row.small instanceof Uint8Array ? row.small : undefined };
}

export function claim(db: DatabaseSync, id: number, at: Ms): boolean {
  const sending = db.prepare(
    `UPDATE outbox SET state = 'sending', attempts = attempts + 1, next_at = NULL, changed_at = ?1
       WHERE id = ?2 AND (state = 'queued' AND coalesce(next_at, ?1) <= ?1 OR state = 'held' AND next_at <= ?1)
       AND (channel <> 'email' OR EXISTS (SELECT 1 FROM contact WHERE address = recipient AND active = 1))`,
  );
  return inTransaction(db, () => sending.run(at, id).changes > 0);
}

export function markDot(db: DatabaseSync, id: number, at: Ms): void {
  const mark = db.prepare("UPDATE outbox SET state = 'dot', changed_at = ? WHERE id = ? AND state = 'sending'");
  if (inTransaction(db, () => mark.run(at, id).changes) === 0)
    throw new Error(`delivery ${id} is not being sent; nothing more of it may leave`);
}

export function settle(db: DatabaseSync, id: number, to: Parameters<Ledger['settle']>[1], actor: Actor): void {
  inTransaction(db, () => {
    const row = db.prepare(`SELECT ${columns} FROM outbox WHERE id = ?`).get(id);
    if (row === undefined) throw new Error(`there is no delivery ${id}`);
    const before = deliveryOf(row);
    if (to.small === true) {
      const small = bodyOf(db, id)?.small;
      if (small === undefined) throw new Error(`delivery ${id} has no smaller form`);
      db.prepare('UPDATE outbox SET body = small, small = NULL, degraded = 1, sha256 = ? WHERE id = ?').run(hash('sha256', small), id);
    }
    db.prepare('UPDATE outbox SET state = ?, reason = ?, next_at = ?, changed_at = ? WHERE id = ?').run(
      ...[to.state, to.reason ?? null, to.next_at ?? null, actor.at, id],
    );
    // What was taken is kept by its receiver and by its hash; the bytes would double the store.
    if (to.state === 'sent') db.prepare('UPDATE outbox SET body = NULL, small = NULL WHERE id = ?').run(id);
    const again = before.state === to.state || (to.state === 'held' && before.reason === to.reason);
    if (to.state !== 'queued' && !again) note(db, { what: to.state, subject: subjectOf(before), detail: to.reason ?? '', ...actor });
    closeRun(db, before, actor.at);
  });
}

/** A run is done when nothing of its edition is under way any more. */
function closeRun(db: DatabaseSync, { report, period, revision }: EditionKey, at: Ms): void {
  db.prepare(
    `UPDATE run SET state = 'done', changed_at = ?1 WHERE report = ?2 AND period = ?3 AND revision = ?4 AND state = 'queued' AND NOT EXISTS
     (SELECT 1 FROM outbox WHERE report = ?2 AND period = ?3 AND revision = ?4 AND state IN ('queued', 'sending', 'dot', 'held'))`,
  ).run(at, report, period, revision);
}

export function recover(db: DatabaseSync, actor: Actor): Delivery[] {
  const open = listDeliveries(db, { open: true }).filter(({ state }) => state === 'sending' || state === 'dot');
  for (const { id, state } of open) {
    if (state === 'sending') settle(db, id, { state: 'queued', reason: 'interrupted before it was handed over' }, actor);
    else settle(db, id, { state: 'unknown', reason: 'interrupted after it was handed over; it may have arrived' }, actor);
  }
  return open;
}

function subjectOf({ report, period, revision, channel, recipient }: EditionKey & { channel: string; recipient: string }): string {
  return `${report} ${period} r${revision} to ${recipient} by ${channel}`;
}
