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
  const clues: Clues = { findings, from: columns.from, to: columns.to, result };
  for (let row = 0; row < view.rows; row += 1) {
    if (findings.excluded[row] !== 0) continue;
    const start = created[row] ?? Number.NaN;
    const stamp = columns.stamps[row] ?? Number.NaN;
    if (stamp > 0 && stamp <= findings.asOf) {
      if (stamp < start - skew) result.how[row] = touches.negative;
      else know(result, row, touches.stamped, Math.max(stamp, start), Math.max(stamp, start));
      continue;
    }
    untimed(clues, row, stamping[sources[row] ?? -1] === 1, automation >= 0 && kinds.codes[row] === automation);
  }
  return result;
});

function know({ how, after, by }: Acknowledged, row: number, way: number, since: Ms, until: Ms): void {
  how[row] = way;
  after[row] = since;
  by[row] = until;
}

/** Where a touch without a stamp of its own can be read from, and what has been found so far. */
interface Clues {
  findings: Findings;
  from: Float64Array;
  to: Float64Array;
  result: Acknowledged;
}

/** What is known of a touch without a stamp of its own. `stamped`: its source gives times of acknowledgement. */
function untimed({ findings, from, to, result }: Clues, row: number, stamped: boolean, automatic: boolean): void {
  const { life, asOf } = findings;
  const start = findings.created[row] ?? Number.NaN;
  const closed = life.closed[row] ?? Number.NaN;
  const seen = to[row] ?? Number.NaN;
  const earliest = from[row] ?? Number.NaN;
  const since = earliest > start ? earliest : start;
  switch (life.state[row]) {
    case states.open:
      if (!stamped && seen <= asOf) know(result, row, touches.between, Math.min(since, seen), seen);
      else know(result, row, touches.waiting, asOf, Number.NaN);
      return;
    case states.closed:
      if (automatic) know(result, row, touches.automation, Number.NaN, Number.NaN);
      else if (life.negative[row] === 1) return;
      else if (stamped) know(result, row, touches.closing, closed, closed);
      else {
        const by = seen < closed ? seen : closed;
        know(result, row, touches.between, Math.min(since, by), by);
      }
      return;
    default:
  }
}

/** Per source 1 where it gives the time of acknowledgement for at least one finding: then one without has not been touched. */
function stampingSources({ view }: Findings, stamps: Float64Array): Uint8Array {
  const { codes, values } = view.text('source');
  const stamping = new Uint8Array(values.length);
  for (let row = 0; row < view.rows; row += 1) if ((stamps[row] ?? Number.NaN) > 0) stamping[at(codes, row)] = 1;
  return stamping;
}
