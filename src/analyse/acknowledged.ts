import type { Ms } from '../finding.ts';
import type { Findings } from './findings.ts';
import { states } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { at } from './stats/at.ts';

/** How the first human touch of a finding is known. */
export const touches = {
  /** Left out of every figure, or ended at an unknown time. */
  unknown: 0,
  /** The product says when. */
  stamped: 1,
  /** A product that stamps touches gave none, but somebody closed it: touched by then. */
  closing: 2,
  /** Only known to lie between two collections, or between creation and close. */
  between: 3,
  /** Not touched as far as is known. */
  waiting: 4,
  /** Closed by automation without any touch: there is nothing to acknowledge. */
  automation: 5,
  /** Stamped before its creation. */
  negative: 6,
} as const;

/** Per row: how it is known, and that the touch lies after `after` and not after `by` (NaN: not yet). Equal where it is exact. */
export interface Acknowledged {
  how: Uint8Array;
  after: Float64Array;
  by: Float64Array;
}

/** Clocks of two machines differ by as much. */
const skew: Ms = 2000;

export const acknowledgedOf = oncePerObject((findings: Findings): Acknowledged => {
  const { view, created } = findings;
  const columns = { stamps: view.number('acknowledged_at'), from: view.number('ack_after'), to: view.number('ack_before') };
  const stamping = stampingSources(findings, columns.stamps);
  const sources = view.text('source').codes;
  const kinds = view.text('closed_by_kind');
  const automation = kinds.values.indexOf('automation');
  const result = {
    how: new Uint8Array(view.rows),
    after: new Float64Array(view.rows).fill(Number.NaN),
    by: new Float64Array(view.rows).fill(Number.NaN),
  };
  const known = (row: number, how: number, after: Ms, by: Ms) => {
    result.how[row] = how;
    result.after[row] = after;
    result.by[row] = by;
  };
  for (let row = 0; row < view.rows; row += 1) {
    if (findings.excluded[row] !== 0) continue;
    const start = created[row] ?? Number.NaN;
    const stamp = columns.stamps[row] ?? Number.NaN;
    if (stamp > 0 && stamp <= findings.asOf) {
      if (stamp < start - skew) result.how[row] = touches.negative;
      else known(row, touches.stamped, Math.max(stamp, start), Math.max(stamp, start));
      continue;
    }
    const stamped = stamping[at(sources, row)] === 1;
    const automatic = automation >= 0 && kinds.codes[row] === automation;
    untimed(findings, row, { stamped, automatic, from: columns.from[row] ?? Number.NaN, to: columns.to[row] ?? Number.NaN }, known);
  }
  return result;
});

interface Clues {
  /** Its source gives times of acknowledgement. */
  stamped: boolean;
  automatic: boolean;
  from: Ms;
  to: Ms;
}

/** What is known of a touch without a stamp of its own. */
function untimed(
  { life, created, asOf }: Findings,
  row: number,
  clues: Clues,
  known: (row: number, how: number, after: Ms, by: Ms) => void,
) {
  const start = at(created, row);
  const closed = at(life.closed, row);
  const from = clues.from > start ? clues.from : start;
  switch (life.state[row]) {
    case states.open:
      if (!clues.stamped && clues.to <= asOf) known(row, touches.between, Math.min(from, clues.to), clues.to);
      else known(row, touches.waiting, asOf, Number.NaN);
      return;
    case states.closed:
      if (clues.automatic) known(row, touches.automation, Number.NaN, Number.NaN);
      else if (life.negative[row] === 1) return;
      else if (clues.stamped) known(row, touches.closing, closed, closed);
      else {
        const by = clues.to < closed ? clues.to : closed;
        known(row, touches.between, Math.min(from, by), by);
      }
      return;
    default:
  }
}

/** Per source 1 where it gives the time of acknowledgement for at least one finding: then one without has not been touched. */
function stampingSources({ view }: Findings, stamps: Float64Array): Uint8Array {
  const { codes, values } = view.text('source');
  const stamping = new Uint8Array(values.length);
  for (let row = 0; row < view.rows; row += 1) if (at(stamps, row) > 0) stamping[at(codes, row)] = 1;
  return stamping;
}
