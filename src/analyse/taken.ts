import type { SlaPolicy } from '../config/index.ts';
import { acknowledgedOf } from './acknowledged.ts';
import type { Findings } from './findings.ts';
import { states } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';

/** Per row, when the step was taken that a service level is about. */
export interface Taken {
  /** It was taken after this instant, or is not taken up to it; NaN: nothing usable is known, or it is not about this finding. */
  after: Float64Array;
  /** It was taken by this instant; NaN while it is not. Equal to `after` where it is exact. */
  by: Float64Array;
}

type Metric = SlaPolicy['metric'];

/** The steps of all findings; shared by the periods of a report. */
export const takenOf = oncePerObject((findings: Findings): ((metric: Metric) => Taken) => {
  const done = new Map<Metric, Taken>();
  return (metric) => {
    const known = done.get(metric) ?? metrics[metric](findings);
    done.set(metric, known);
    return known;
  };
});

const metrics: Record<Metric, (findings: Findings) => Taken> = {
  acknowledge: acknowledgedOf,
  close: (findings) => {
    const { life, view, asOf } = findings;
    // Only what is closed at a known instant has one.
    const by = life.negative.includes(1) ? life.closed.slice() : life.closed;
    const after = new Float64Array(view.rows);
    for (let row = 0; row < view.rows; row += 1) {
      if (life.negative[row] === 1) by[row] = Number.NaN;
      after[row] = life.state[row] === states.open && life.negative[row] === 0 ? asOf : (by[row] ?? Number.NaN);
    }
    return { after, by };
  },
  // Nobody promised to escalate what needs no escalation; and one without a time tells nothing.
  escalate: (findings) => stamped(findings, 'escalated_at', (row) => findings.escalated[row] === 1, false),
  contain: (findings) => {
    const { codes, values } = findings.coded('verdict');
    const confirmed = values.indexOf('true_positive');
    return stamped(findings, 'contained_at', (row) => codes[row] === confirmed, true);
  },
};

/** `waits`: an open finding without a stamp has not got so far. */
function stamped(
  { view, created, life, asOf }: Findings,
  name: 'escalated_at' | 'contained_at',
  about: (row: number) => boolean,
  waits: boolean,
): Taken {
  const stamps = view.number(name);
  const taken = nothing(view.rows);
  for (let row = 0; row < view.rows; row += 1) {
    if (!about(row)) continue;
    const stamp = stamps[row] ?? Number.NaN;
    if (stamp > 0 && stamp <= asOf) {
      if (stamp >= (created[row] ?? Number.NaN) - 2000) set(taken, row, stamp);
    } else if (waits && (life.state[row] === states.open || stamp > asOf)) taken.after[row] = asOf;
  }
  return taken;
}

function nothing(rows: number): Taken {
  return { after: new Float64Array(rows).fill(Number.NaN), by: new Float64Array(rows).fill(Number.NaN) };
}

function set(taken: Taken, row: number, instant = Number.NaN): void {
  taken.after[row] = instant;
  taken.by[row] = instant;
}
