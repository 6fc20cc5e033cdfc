import { addBusinessSeconds, businessSeconds, type Pause, slaClock } from '../calendar.ts';
import type { SlaPolicy } from '../config/index.ts';
import { compileFilter } from '../filter/index.ts';
import type { LifecycleEvent, Ms } from '../finding.ts';
import { acknowledgedOf, touches } from './acknowledged.ts';
import type { Facts } from './facts.ts';
import type { Findings } from './findings.ts';
import { eventsOf, states } from './lifecycle.ts';
import { oncePerObject } from './once.ts';
import { at } from './stats/at.ts';

/** Where one service level of one finding stands. `unknown`: done at a time not known well enough to tell. */
export type Standing = 'met' | 'breached' | 'pending' | 'unknown';

export interface Promised {
  row: number;
  standing: Standing;
  /** NaN while a pause without an end puts it off. */
  due: Ms;
  /** How far past due, in running clock; 0 where it is not breached. */
  overrun_s: number;
  /** Not done at the data cut. */
  open: boolean;
}

/** The step of a finding that a policy is about: taken after `after` and not after `by`; `by` is NaN while it is not taken. */
interface Taken {
  after: Ms;
  by: Ms;
}

/** Which rows a policy is for, what each tells of its step (undefined: nothing usable). */
type Metric = (findings: Findings) => (row: number) => Taken | undefined;

const stampOf = ({ view, created, life, asOf }: Findings, name: 'escalated_at' | 'contained_at') => {
  const stamps = view.number(name);
  return (row: number): Taken | undefined => {
    const stamp = at(stamps, row);
    if (stamp > 0 && stamp <= asOf) return stamp < at(created, row) - 2000 ? undefined : { after: stamp, by: stamp };
    return life.state[row] === states.open || stamp > asOf ? { after: asOf, by: Number.NaN } : undefined;
  };
};

const metrics: Record<SlaPolicy['metric'], Metric> = {
  acknowledge: (findings) => {
    const { how, after, by } = acknowledgedOf(findings);
    const usable: readonly number[] = [touches.stamped, touches.closing, touches.between, touches.waiting];
    return (row) => (usable.includes(at(how, row)) ? { after: at(after, row), by: at(by, row) } : undefined);
  },
  close:
    ({ life, asOf }) =>
    (row) => {
      if (life.negative[row] === 1) return undefined;
      if (life.state[row] === states.closed) return { after: at(life.closed, row), by: at(life.closed, row) };
      return life.state[row] === states.open ? { after: asOf, by: Number.NaN } : undefined;
    },
  escalate: (findings) => {
    const stamp = stampOf(findings, 'escalated_at');
    // Nobody promised to escalate what needs no escalation; and one without a time tells nothing.
    return (row) => {
      const taken = findings.escalated[row] === 1 ? stamp(row) : undefined;
      return taken === undefined || Number.isNaN(taken.by) ? undefined : taken;
    };
  },
  contain: (findings) => {
    const { codes, values } = findings.coded('verdict');
    const confirmed = values.indexOf('true_positive');
    const stamp = stampOf(findings, 'contained_at');
    return (row) => (codes[row] === confirmed ? stamp(row) : undefined);
  },
};

/** Per policy of the client: every finding whose service level falls due in the period, and those put off by a pause. */
export const promisesOf = oncePerObject((facts: Facts): Promised[][] => {
  const { client } = facts;
  const policies = policyOf(facts.findings);
  return client.sla.map((policy, index) => standings(facts, policy, policies.get(policy.metric) ?? new Int8Array(), index));
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
      const first = at(initial, row);
      const severity = severity_at === 'now' || Number.isNaN(first) ? at(now, row) : first;
      if (severities === undefined || severities.has(severity)) policies[row] = index;
    }
  });
  return chosen;
});

function standings(facts: Facts, policy: SlaPolicy, policies: Int8Array, index: number): Promised[] {
  const { findings, period, asOf, end } = facts;
  const { created, excluded } = findings;
  const taken = metrics[policy.metric](findings);
  const found: Promised[] = [];
  const late: Promised[] = [];
  for (let row = 0; row < policies.length; row += 1) {
    const start = at(created, row);
    // Due no earlier than its creation and its target: what comes later cannot fall into the period.
    if (policies[row] !== index || excluded[row] !== 0 || start + policy.target_s * 1000 >= period.end) continue;
    const due = dueAt(facts, policy, start);
    if (due >= period.end || (due < period.start && policy.pause_on.size === 0)) continue;
    const step = taken(row);
    if (step === undefined) continue;
    const promised = standing(facts, policy, { row, due, step });
    if (promised.standing === 'breached' && policy.pause_on.size > 0) late.push(promised);
    else if (due >= period.start) found.push(promised);
  }
  const relieved = pausing(facts, policy, late, taken);
  return [
    ...found,
    ...relieved.filter(({ due }) =>
      Number.isNaN(due) ? asOf >= period.start && end > period.start : due >= period.start && due < period.end,
    ),
  ];
}

function dueAt({ client }: Facts, { clock, target_s }: SlaPolicy, start: Ms): Ms {
  return clock === 'sla' && client.calendar !== undefined ? addBusinessSeconds(client.calendar, start, target_s) : start + target_s * 1000;
}

interface Due {
  row: number;
  due: Ms;
  step: Taken;
}

function standing({ asOf, client }: Facts, { clock }: SlaPolicy, { row, due, step: { after, by } }: Due): Promised {
  const open = Number.isNaN(by);
  const state = (standing: Standing, overrun_s = 0): Promised => ({ row, standing, due, overrun_s, open });
  if (open && asOf <= due) return state('pending');
  if (by <= due) return state('met');
  const seen = open ? asOf : by;
  if (!open && after < due) return state('unknown');
  const calendar = clock === 'sla' ? client.calendar : undefined;
  return state('breached', calendar === undefined ? (seen - due) / 1000 : businessSeconds(calendar, due, seen));
}

/** Pauses only ever put a due time off, so they are looked up for those only that are late without them. */
function pausing(
  { findings, client, asOf }: Facts,
  policy: SlaPolicy,
  late: readonly Promised[],
  taken: (row: number) => Taken | undefined,
): Promised[] {
  const words = pauseWords(findings, policy);
  const events = eventsOf(
    findings.view,
    late.map(({ row }) => row),
  );
  return late.map((promised, i) => {
    const pauses = pausesIn(events[i] ?? [], words);
    if (pauses.length === 0) return promised;
    const by = taken(promised.row)?.by ?? Number.NaN;
    const result = slaClock({
      start: at(findings.created, promised.row),
      target_s: policy.target_s,
      ...(policy.clock === 'sla' && client.calendar !== undefined ? { calendar: client.calendar } : {}),
      pauses,
      ...(Number.isNaN(by) ? {} : { met_at: by }),
      as_of: asOf,
    });
    return {
      ...promised,
      standing: result.state,
      due: result.due_at ?? Number.NaN,
      overrun_s: 'overrun_s' in result ? result.overrun_s : 0,
    };
  });
}

/** The statuses that stop the clock, in our words and in those the product uses for them. */
function pauseWords({ view }: Findings, { pause_on }: SlaPolicy): Set<string> {
  const [ours, raw] = [view.text('status'), view.text('status_raw')];
  const words = new Set<string>(pause_on);
  for (let row = 0; row < view.rows; row += 1) {
    const status = ours.values[at(ours.codes, row)];
    const word = raw.values[at(raw.codes, row)];
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
