import { duration, listed, say, type Words } from '../words/index.ts';
import { known, type Outcome } from '../outcome.ts';
import type { Movement } from './change.ts';
import type { Facts } from './facts.ts';
import {
  ascendingFor,
  ascendingPlaces,
  type Curve,
  type CurveQuantile,
  curveQuantile,
  hybridDifference,
  kaplanMeier,
  medianInterval,
  quantile,
  restrictedMean,
} from './stats/index.ts';

/**
 * How long findings took from their creation, those still waiting included: there is no way to get the finished ones
 * without the others, so no figure can be made of the finished ones alone.
 */
export interface Timed {
  /** Rows of the view. */
  rows: Int32Array;
  /** Seconds; of those not ended, how long they have waited so far. */
  seconds: Float64Array;
  ended: Uint8Array;
  /** What is not in it, by reason. */
  left: { reason: Words; n: number }[];
}

/** What a row tells of a step in its life: that it was taken, that it still waits, or, from 0, for which reason it is left out. */
export const step = { ended: -1, waiting: -2 } as const;

/** Of some rows, in their order. Arrays and no functions: of a million rows each call that yields a number costs memory. */
export interface Step {
  /** One of `step`, or the place of a reason. */
  told: Int8Array;
  /** When it was taken, or up to when it was seen waiting. Not before the creation. */
  until: Float64Array;
  reasons: readonly Words[];
}

export function timedOf({ findings }: Facts, members: Int32Array, { told, until, reasons }: Step): Timed {
  const { created } = findings;
  const rows = new Int32Array(members.length);
  const seconds = new Float64Array(members.length);
  const ended = new Uint8Array(members.length);
  const left = new Float64Array(reasons.length);
  let n = 0;
  for (let i = 0; i < members.length; i += 1) {
    const how = told[i] ?? 0;
    if (how >= 0) {
      left[how] = (left[how] ?? 0) + 1; // every reason has its place
      continue;
    }
    const row = members[i] ?? -1;
    rows[n] = row;
    ended[n] = how === step.ended ? 1 : 0;
    seconds[n] = ((until[i] ?? Number.NaN) - (created[row] ?? Number.NaN)) / 1000;
    n += 1;
  }
  const cut = { rows: rows.subarray(0, n), seconds: seconds.subarray(0, n), ended: ended.subarray(0, n) };
  return { ...cut, left: reasons.map((reason, i) => ({ reason, n: left[i] ?? 0 })).filter((reason) => reason.n > 0) };
}

/** The same, shortest first: the curves of its parts are then made without sorting again. */
export function shortestFirst({ rows, seconds, ended, left }: Timed): Timed {
  const places = ascendingPlaces(seconds);
  const sorted = { rows: new Int32Array(places.length), seconds: new Float64Array(places.length), ended: new Uint8Array(places.length) };
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] ?? -1;
    sorted.rows[i] = rows[place] ?? -1;
    sorted.seconds[i] = seconds[place] ?? Number.NaN;
    sorted.ended[i] = ended[place] ?? 0; // places lie inside all three
  }
  return { ...sorted, left };
}

export function curveOf({ seconds, ended }: Pick<Timed, 'seconds' | 'ended'>): Curve {
  return kaplanMeier({ durations: seconds, closed: ended });
}

/** A part of what was timed. */
export type Part = Pick<Timed, 'seconds' | 'ended'>;

/** Its parts by the codes of their rows, below `size`; what has none is in none. */
export function partsOf({ rows, seconds, ended }: Timed, codes: Int32Array | Uint8Array, size: number): Part[] {
  const counts = new Int32Array(size);
  for (let i = 0; i < rows.length; i += 1) {
    const code = codes[rows[i] ?? -1] ?? -1;
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  }
  // All parts lie in one array each, one behind the other.
  const starts = new Int32Array(size + 1);
  for (let code = 0; code < size; code += 1) starts[code + 1] = (starts[code] ?? 0) + (counts[code] ?? 0);
  const next = starts.slice();
  const sorted = { seconds: new Float64Array(starts[size] ?? 0), ended: new Uint8Array(starts[size] ?? 0) };
  for (let i = 0; i < rows.length; i += 1) {
    const code = codes[rows[i] ?? -1] ?? -1;
    if (code < 0) continue;
    const to = next[code] ?? 0;
    next[code] = to + 1;
    sorted.seconds[to] = seconds[i] ?? Number.NaN;
    sorted.ended[to] = ended[i] ?? 0; // i lies inside all three
  }
  return Array.from(counts, (_, code) => ({
    seconds: sorted.seconds.subarray(starts[code], starts[code + 1]),
    ended: sorted.ended.subarray(starts[code], starts[code + 1]),
  }));
}

/** The least n for which a distribution-free 95 % interval exists: 6 for the median; one-sided 29 for p90, so 30. */
export const leastForMedian = 6;
const leastForP90 = 30;

/** The median of a curve with its interval; "not reached" where more than half were still waiting when last seen. */
export function curveMedian(curve: Curve, who: Words): Outcome {
  if (curve.n === 0) return { status: 'no-denominator', reason: say('there are no {who}', { who }), n: 0 };
  if (curve.n < leastForMedian)
    return { status: 'too-few', reason: say('n = {n}, at least {least} are needed', { n: curve.n, least: leastForMedian }), n: curve.n };
  const median = curveQuantile(curve, 0.5);
  if (median.status !== 'reached') {
    const beyond = duration(curve.last);
    return {
      status: 'not-reached',
      reason: say('more than {beyond}: not half of the {n, plural, one {# finding} other {# findings}} got so far', { beyond, n: curve.n }),
      n: curve.n,
    };
  }
  return { ...known(median.value, curve.n), ...bounds(median) };
}

function bounds({ low, high }: { low: number | 'not-reached'; high: number | 'not-reached' }): { low?: number; high?: number } {
  return { ...(low === 'not-reached' ? {} : { low }), ...(high === 'not-reached' ? {} : { high }) };
}

/** "9 of 10 within 3 h (2 h 10 min–5 h, n=212)", or that they have not got so far. */
export function p90Note(curve: Curve): Words[] {
  if (curve.n < leastForP90) return [];
  return [p90Text(curveQuantile(curve, 0.9), curve.n)];
}

function p90Text(p90: CurveQuantile, n: number): Words {
  if (p90.status !== 'reached') return say('The time within which 9 of 10 get so far is not reached (n = {n}).', { n });
  const { low, high } = bounds(p90);
  const time = duration(p90.value);
  if (low === undefined || high === undefined) return say('9 of 10 within {time} (n = {n}).', { time, n });
  return say('9 of 10 within {time} ({low}–{high}, n = {n}).', { time, low: duration(low), high: duration(high), n });
}

/** Median and p90 of durations that are all complete: Hyndman–Fan type 7, order-statistic interval. */
export function completeMedian(seconds: ArrayLike<number>, who: Words): { outcome: Outcome; notes: Words[] } {
  const n = seconds.length;
  if (n === 0) return { outcome: { status: 'no-denominator', reason: say('there are no {who}', { who }), n }, notes: [] };
  const sorted = ascendingFor(seconds, [0.5, 0.9]);
  const outcome = known(quantile(sorted, 0.5), n, medianInterval(sorted));
  return { outcome, notes: n < leastForP90 ? [] : [say('9 of 10 within {time} (n = {n}).', { time: duration(quantile(sorted, 0.9)), n })] };
}

/** Means within the same time for both periods; undefined where one of them has seen nothing. */
export function restrictedMeans(now: Curve, before: Curve) {
  const tau = Math.min(now.last, before.last);
  const [later, earlier] = [restrictedMean(now, tau), restrictedMean(before, tau)];
  return tau > 0 && later.status === 'ok' && earlier.status === 'ok' ? { tau, later, earlier } : undefined;
}

/** The change between two periods, judged by their means within the same time, waiting ones counted as that time. */
export function movedMean(now: Curve, before: Curve): Movement | undefined {
  const means = restrictedMeans(now, before);
  return means && { by: 'difference', ...hybridDifference(means.earlier, means.later) };
}

/** "Left out: 3 closed before they were created; 2 …" */
export function leftNote(left: readonly { reason: Words; n: number }[]): Words[] {
  return left.length === 0
    ? []
    : [
        say('Left out: {reasons}.', {
          reasons: listed(
            left.map(({ reason, n }) => say('{n} {reason}', { n, reason })),
            'semicolon',
          ),
        }),
      ];
}
