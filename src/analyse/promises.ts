import { businessSeconds, type Pause, type SlaResult, slaClock } from '../calendar/index.ts';
import type { SlaPolicy } from '../config/index.ts';
import type { LifecycleEvent, Ms } from '../finding.ts';
import type { Facts } from './facts.ts';
import type { Findings } from './findings.ts';
import { eventsOf } from './lifecycle.ts';
import { silentRows } from './silent.ts';
import { oncePerObject } from '../once.ts';
import { dueAt, policyOf } from './policies.ts';
import { at } from './stats/at.ts';
import { foldedStatus } from './statuses.ts';
import { stretchesWithin } from './stretches.ts';
import { countPairs } from './table.ts';
import { type Taken, takenOf } from './taken.ts';

/** Where one service level of one finding stands. `unknown`: done at a time not known well enough to tell. */
export const standings = ['met', 'breached', 'pending', 'unknown'] as const;
export type Standing = (typeof standings)[number];
/** Their places in the list. */
const stands = { met: 0, breached: 1, pending: 2, unknown: 3 } as const satisfies Record<Standing, number>;

/** A service level that was not kept. */
export interface Breach {
  row: number;
  due: Ms;
  /** How far past due, in running clock. */
  overrun_s: number;
  /** Not done at the data cut. */
  open: boolean;
}

/** What fell due in the period under one policy, and what is put off by a pause. */
export interface Kept {
  /** Per code of the severity column how many stand how, in the order of `standings`. */
  counts: Map<number, number[]>;
  /** In columns: there can be as many as findings, and few are printed. */
  breaches: Breaches;
}

interface Breaches {
  rows: number[];
  due: number[];
  overrun_s: number[];
}

/** What fell due under one policy while it is being counted. */
interface Count {
  facts: Facts;
  policy: SlaPolicy;
  target: Ms;
  pauses: boolean;
  taken: Taken;
  /** Per severity and standing. */
  cells: Float64Array;
  severities: Int32Array;
  /** Late without its pauses, if any. */
  late: Omit<Breaches, 'overrun_s'>;
  breaches: Breaches;
}

/** Per policy of the client, of the findings whose service level falls due in the period. */
export const promisesOf = oncePerObject((facts: Facts): Kept[] => {
  const { client, findings } = facts;
  const counts = client.sla.map((policy) => countFor(facts, policy));
  for (const [metric, policies] of policyOf(findings)) countDue(facts, counts, metric, policies);
  return counts.map((count) => {
    const { rows, due } = count.late;
    const paused = count.pauses ? pausesOf(facts, count.policy, rows) : undefined;
    for (let i = 0; i < rows.length; i += 1) settle(count, at(rows, i), at(due, i), paused);
    return { counts: countsOf(count.cells), breaches: count.breaches };
  });
});

function countFor(facts: Facts, policy: SlaPolicy): Count {
  const { codes: severities, values } = facts.findings.coded('severity');
  return {
    facts,
    policy,
    target: policy.target_s * 1000,
    pauses: policy.pause_on.size > 0,
    taken: takenOf(facts.findings)(policy.metric),
    cells: new Float64Array(values.length * standings.length),
    severities,
    late: { rows: [], due: [] },
    breaches: { rows: [], due: [], overrun_s: [] },
  };
}

/** Due no earlier than its creation and its target: what comes later cannot fall into the period. */
function earliest({ start }: Facts['period'], { policy, target, pauses }: Count): Ms {
  return pauses || policy.clock === 'sla' ? Number.NEGATIVE_INFINITY : start - target;
}

/** Goes over the findings once for all policies of one metric. */
function countDue(facts: Facts, counts: readonly Count[], metric: SlaPolicy['metric'], policies: Int8Array): void {
  const { period, asOf } = facts;
  const { created, excluded } = facts.findings;
  const own = counts.filter(({ policy }) => policy.metric === metric);
  const since = Math.min(...own.map((count) => earliest(period, count)));
  for (const { first, end } of stretchesWithin(created, since, period.end - Math.min(...own.map(({ target }) => target)))) {
    for (let row = first; row < end; row += 1) {
      const place = policies[row] ?? -1;
      if (place < 0 || excluded[row] !== 0) continue;
      const count = counts[place];
      if (count === undefined) continue;
      const start = created[row] ?? Number.NaN;
      if (start + count.target >= period.end) continue;
      const due = dueAt(facts.client, count.policy, start);
      if (due >= period.end || (due < period.start && !count.pauses)) continue;
      const from = count.taken.after[row] ?? Number.NaN;
      if (Number.isNaN(from)) continue;
      const standing = standingOf(from, count.taken.by[row] ?? Number.NaN, due, asOf);
      if (standing === stands.breached) {
        count.late.rows.push(row);
        count.late.due.push(due);
      } else if (due >= period.start) add(count, row, standing);
    }
  }
}

function add({ cells, severities }: Count, row: number, standing: number): void {
  const place = (severities[row] ?? -1) * standings.length + standing;
  cells[place] = (cells[place] ?? 0) + 1; // every row has a severity, if "Unknown", and every standing its place
}

/** Without the severities of which nothing fell due. */
function countsOf(cells: Float64Array): Kept['counts'] {
  const counts = new Map<number, number[]>();
  for (let from = 0; from < cells.length; from += standings.length) {
    const own = Array.from(cells.subarray(from, from + standings.length));
    if (own.some((n) => n > 0)) counts.set(from / standings.length, own);
  }
  return counts;
}

function standingOf(after: Ms, by: Ms, due: Ms, asOf: Ms): number {
  const open = Number.isNaN(by);
  if (open && asOf <= due) return stands.pending;
  if (by <= due) return stands.met;
  return !open && after < due ? stands.unknown : stands.breached;
}

/** Counts what is late without its pauses, if any, as what it is with them. */
function settle(count: Count, row: number, due: Ms, paused: ReadonlyMap<number, Pause[]> | undefined): void {
  const { facts, policy, taken } = count;
  const by = taken.by[row] ?? Number.NaN;
  const pauses = paused?.get(row) ?? [];
  if (pauses.length === 0) breached(count, row, due, overrunOf(facts, policy, due, by));
  else {
    const result = withPauses(facts, policy, row, pauses, by);
    const { due_at: until } = result;
    if (result.state === 'breached') breached(count, row, result.due_at, result.overrun_s);
    // What is put off without an end is pending in every period until it is taken up.
    else if (until === undefined ? result.state === 'pending' : isDue(facts, until)) add(count, row, stands[result.state]);
  }
}

function breached(count: Count, row: number, due: Ms, overrun_s: number): void {
  if (!isDue(count.facts, due)) return;
  count.breaches.rows.push(row);
  count.breaches.due.push(due);
  count.breaches.overrun_s.push(overrun_s);
  add(count, row, stands.breached);
}

function isDue({ period }: Facts, due: Ms): boolean {
  return due >= period.start && due < period.end;
}

function overrunOf({ asOf, client }: Facts, { clock }: SlaPolicy, due: Ms, by: Ms): number {
  const seen = Number.isNaN(by) ? asOf : by;
  const calendar = clock === 'sla' ? client.calendar : undefined;
  return calendar === undefined ? (seen - due) / 1000 : businessSeconds(calendar, due, seen);
}

/**
 * The pauses of late findings that have any. Pauses only ever put a due time off, so they are looked up for those only that
 * are late without them.
 */
function pausesOf({ findings }: Facts, policy: SlaPolicy, late: readonly number[]): Map<number, Pause[]> {
  const silent = silentRows(findings);
  const told = late.filter((row) => !silent(row));
  if (told.length === 0) return new Map();
  const history = eventsOf(findings.view, told);
  const words = pauseWords(findings, policy);
  const found = told.map((row, i) => [row, pausesIn(history[i] ?? [], words)] as const);
  return new Map(found.filter(([, pauses]) => pauses.length > 0));
}

/** One of the breaches, by its place. */
export function breachAt(facts: Facts, { metric }: SlaPolicy, { rows, due, overrun_s }: Breaches, i: number): Breach {
  const row = at(rows, i);
  return { row, due: at(due, i), overrun_s: at(overrun_s, i), open: Number.isNaN(at(takenOf(facts.findings)(metric).by, row)) };
}

function withPauses({ findings, client, asOf }: Facts, policy: SlaPolicy, row: number, pauses: Pause[], by: Ms): SlaResult {
  return slaClock({
    start: at(findings.created, row),
    target_s: policy.target_s,
    ...(policy.clock === 'sla' && client.calendar !== undefined ? { calendar: client.calendar } : {}),
    pauses,
    ...(Number.isNaN(by) ? {} : { met_at: by }),
    as_of: asOf,
  });
}

/** The statuses that stop the clock, in our words and in those the product uses for them. */
function pauseWords({ view }: Findings, { pause_on }: SlaPolicy): Set<string> {
  const [ours, raw] = [view.text('status'), view.text('status_raw')];
  const words = new Set<string>(pause_on);
  for (const { left: status, right: word } of countPairs(ours, raw)) {
    if (word !== undefined && status !== undefined && (pause_on as ReadonlySet<string>).has(status)) words.add(foldedStatus(word));
  }
  return words;
}

function pausesIn(events: readonly LifecycleEvent[], words: ReadonlySet<string>): Pause[] {
  const pauses: Pause[] = [];
  let from: Ms | undefined;
  for (const event of events) {
    if (event.to === undefined || !['status', 'closed', 'reopened'].includes(event.type)) continue;
    const stands = words.has(event.to) || words.has(foldedStatus(event.to));
    if (stands) from ??= event.at;
    else if (from !== undefined) {
      pauses.push({ from, to: event.at });
      from = undefined;
    }
  }
  return from === undefined ? pauses : [...pauses, { from }];
}
