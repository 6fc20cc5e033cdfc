import { addBusinessSeconds, businessSeconds, type Pause, type SlaResult, slaClock } from '../calendar.ts';
import type { SlaPolicy } from '../config/index.ts';
import { compileFilter } from '../filter/index.ts';
import type { LifecycleEvent, Ms } from '../finding.ts';
import type { Facts } from './facts.ts';
import type { Findings } from './findings.ts';
import { eventsOf } from './lifecycle.ts';
import { silentRows } from './silent.ts';
import { oncePerObject } from '../once.ts';
import { at } from './stats/at.ts';
import { countPairs } from './table.ts';
import { takenOf } from './taken.ts';

/** Where one service level of one finding stands. `unknown`: done at a time not known well enough to tell. */
export const standings = ['met', 'breached', 'pending', 'unknown'] as const;
export type Standing = (typeof standings)[number];

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
  breaches: Breach[];
}

/** Per policy of the client, of the findings whose service level falls due in the period. */
export const promisesOf = oncePerObject((facts: Facts): Kept[] => {
  const { client } = facts;
  const policies = policyOf(facts.findings);
  return client.sla.map((policy, index) => keptOf(facts, policy, policies.get(policy.metric) ?? new Int8Array(), index));
});

/** Per metric and row the first policy that fits, or -1. */
export const policyOf = oncePerObject((findings: Findings): Map<SlaPolicy['metric'], Int8Array> => {
  const { view, client } = findings;
  const chosen = new Map<SlaPolicy['metric'], Int8Array>();
  const now = view.number('severity');
  const initial = view.number('severity_initial');
  client.sla.forEach(({ metric, severities, severity_at, when }, index) => {
    const mask = when && compileFilter(when, { zone: client.timezone })(view);
    const policies = chosen.get(metric) ?? new Int8Array(view.rows).fill(-1);
    chosen.set(metric, policies);
    for (let row = 0; row < view.rows; row += 1) {
      if (policies[row] !== -1 || mask?.[row] === 0) continue;
      const first = initial[row] ?? Number.NaN;
      const severity = severity_at === 'now' || Number.isNaN(first) ? (now[row] ?? Number.NaN) : first;
      if (severities === undefined || severities.has(severity)) policies[row] = index;
    }
  });
  return chosen;
});

function keptOf(facts: Facts, policy: SlaPolicy, policies: Int8Array, index: number): Kept {
  const { findings, period, asOf } = facts;
  const { created, excluded } = findings;
  const { after, by } = takenOf(findings)(policy.metric);
  const target = policy.target_s * 1000;
  const pauses = policy.pause_on.size > 0;
  const kept: Kept = { counts: new Map(), breaches: [] };
  const severities = findings.coded('severity').codes;
  const late: Breach[] = [];
  for (let row = 0; row < policies.length; row += 1) {
    const start = created[row] ?? Number.NaN;
    // Due no earlier than its creation and its target: what comes later cannot fall into the period.
    if (policies[row] !== index || excluded[row] !== 0 || start + target >= period.end) continue;
    if (!pauses && policy.clock === 'calendar' && start + target < period.start) continue;
    const due = dueAt(facts, policy, start);
    if (due >= period.end || (due < period.start && !pauses)) continue;
    const from = after[row] ?? Number.NaN;
    if (Number.isNaN(from)) continue;
    const to = by[row] ?? Number.NaN;
    const standing = standingOf(from, to, due, asOf);
    if (standing === 'breached') late.push(breachOf(facts, policy, { row, due, by: to }));
    else if (due >= period.start) add(kept, severities[row] ?? -1, standing);
  }
  for (const breach of pauses ? relieved(facts, policy, late, kept) : late) {
    if (breach.due < period.start || breach.due >= period.end) continue;
    kept.breaches.push(breach);
    add(kept, severities[breach.row] ?? -1, 'breached');
  }
  return kept;
}

function add({ counts }: Kept, severity: number, standing: Standing): void {
  const own = counts.get(severity) ?? standings.map(() => 0);
  const place = standings.indexOf(standing);
  own[place] = (own[place] ?? 0) + 1; // every standing has its place
  counts.set(severity, own);
}

function dueAt({ client }: Facts, { clock, target_s }: SlaPolicy, start: Ms): Ms {
  return clock === 'sla' && client.calendar !== undefined ? addBusinessSeconds(client.calendar, start, target_s) : start + target_s * 1000;
}

function standingOf(after: Ms, by: Ms, due: Ms, asOf: Ms): Standing {
  const open = Number.isNaN(by);
  if (open && asOf <= due) return 'pending';
  if (by <= due) return 'met';
  return !open && after < due ? 'unknown' : 'breached';
}

function breachOf({ asOf, client }: Facts, { clock }: SlaPolicy, { row, due, by }: { row: number; due: Ms; by: Ms }): Breach {
  const open = Number.isNaN(by);
  const seen = open ? asOf : by;
  const calendar = clock === 'sla' ? client.calendar : undefined;
  return { row, due, open, overrun_s: calendar === undefined ? (seen - due) / 1000 : businessSeconds(calendar, due, seen) };
}

/**
 * What is still breached with its pauses; what is not is added to `kept`. Pauses only ever put a due time off, so they are
 * looked up for those only that are late without them.
 */
function relieved(facts: Facts, policy: SlaPolicy, late: readonly Breach[], kept: Kept): Breach[] {
  const { findings, period } = facts;
  const silent = silentRows(findings);
  const told = late.map(({ row }) => row).filter((row) => !silent(row));
  const history = eventsOf(findings.view, told);
  const events = new Map(told.map((row, i) => [row, history[i] ?? []]));
  const words = told.length > 0 ? pauseWords(findings, policy) : new Set<string>();
  return late.flatMap((breach) => {
    const pauses = pausesIn(events.get(breach.row) ?? [], words);
    if (pauses.length === 0) return [breach];
    const result = withPauses(facts, policy, breach, pauses, takenOf(findings)(policy.metric).by[breach.row]);
    if (result.state === 'breached') return [{ ...breach, due: result.due_at, overrun_s: result.overrun_s }];
    const { due_at: due } = result;
    // What is put off without an end is pending in every period until it is taken up.
    const inside = due === undefined ? result.state === 'pending' : due >= period.start && due < period.end;
    if (inside) add(kept, findings.coded('severity').codes[breach.row] ?? -1, result.state);
    return [];
  });
}

function withPauses({ findings, client, asOf }: Facts, policy: SlaPolicy, { row }: Breach, pauses: Pause[], by = Number.NaN): SlaResult {
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
    if (word !== undefined && status !== undefined && (pause_on as ReadonlySet<string>).has(status)) words.add(folded(word));
  }
  return words;
}

function folded(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

function pausesIn(events: readonly LifecycleEvent[], words: ReadonlySet<string>): Pause[] {
  const pauses: Pause[] = [];
  let from: Ms | undefined;
  for (const event of events) {
    if (event.to === undefined || !['status', 'closed', 'reopened'].includes(event.type)) continue;
    const stands = words.has(event.to) || words.has(folded(event.to));
    if (stands) from ??= event.at;
    else if (from !== undefined) {
      pauses.push({ from, to: event.at });
      from = undefined;
    }
  }
  return from === undefined ? pauses : [...pauses, { from }];
}
