import type { Interval } from '../../outcome.ts';
import { at, countBelow } from './at.ts';
import { z95 } from './distributions.ts';
import type { Curve } from './survival.ts';

/** A time of the curve, or that the curve does not get so far. */
type Reached = number | 'not-reached';

/** "Not reached" is printed as "> beyond (not yet reached)", never as a number. */
export type CurveQuantile =
  | { status: 'reached'; value: number; low: Reached; high: Reached }
  | { status: 'not-reached'; beyond: number; low: Reached }
  | { status: 'no-data' };

export type CurveShare = ({ status: 'ok'; share: number } & Interval) | { status: 'not-observed'; beyond: number } | { status: 'no-data' };

type RestrictedMean = ({ status: 'ok'; value: number } & Interval) | { status: 'not-observed'; beyond: number } | { status: 'no-data' };

// A product of a million factors is exact to about this; a share of exactly one half must not miss its median.
const rounding = 1e-9;

/**
 * The time within which the share `p` has ended: min{t: S(t) <= 1 - p}. The interval is the stretch of times around it
 * whose own interval contains 1 - p (Brookmeyer & Crowley), log-log Greenwood.
 */
export function curveQuantile(curve: Curve, p: number): CurveQuantile {
  if (curve.n === 0) return { status: 'no-data' };
  const open = 1 - p + rounding;
  const index = firstBelow(curve.survival, open);
  const low = lowerTime(curve, index, open);
  const value = curve.times[index];
  if (value === undefined) return { status: 'not-reached', beyond: curve.last, low };
  let upper = index;
  while (upper < curve.times.length && openInterval(curve, upper).high > open) upper += 1;
  return { status: 'reached', value, low, high: curve.times[upper] ?? 'not-reached' };
}

/** The first of the times just before `index` whose interval already reaches down to `open`. */
function lowerTime(curve: Curve, index: number, open: number): Reached {
  let first = Math.min(index, curve.times.length - 1);
  if (first < 0 || openInterval(curve, first).low > open) return 'not-reached';
  while (first > 0 && openInterval(curve, first - 1).low <= open) first -= 1;
  return at(curve.times, first);
}

/** Survival only falls: the first index at or below `limit`, or the length. */
function firstBelow(survival: Float64Array, limit: number): number {
  let low = 0;
  let high = survival.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(survival, middle) <= limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** 95 % interval of the share still open after step `index`. */
function openInterval(curve: Curve, index: number): Interval {
  const share = at(curve.survival, index);
  if (share > 0) {
    const power = Math.exp((z95 * Math.sqrt(at(curve.variance, index))) / -Math.log(share));
    return { low: share ** power, high: share ** (1 / power) };
  }
  // log-log has no value at 0: the exact bound of "none of n", n counted as if nothing had been censored,
  // which for complete data is the bound of the order statistics.
  const before = index === 0 ? 1 : at(curve.survival, index - 1);
  return { low: 0, high: noneOf(curve.underObservation(at(curve.times, index)) / before) };
}

/** Two-sided 95 %: what 0 of n leaves possible. */
function noneOf(n: number): number {
  return n > 0 ? 1 - 0.025 ** (1 / n) : 1;
}

/** The share that ended within `time`, such as within a target. */
export function shareWithin(curve: Curve, time: number): CurveShare {
  if (curve.n === 0) return { status: 'no-data' };
  const index = countBelow(curve.times, time, true) - 1;
  const finished = curve.survival.at(-1) === 0;
  if (time > curve.last && !finished) return { status: 'not-observed', beyond: curve.last };
  if (index < 0) return { status: 'ok', share: 0, low: 0, high: noneOf(curve.underObservation(time)) };
  const open = openInterval(curve, index);
  return { status: 'ok', share: 1 - at(curve.survival, index), low: 1 - open.high, high: 1 - open.low };
}

/**
 * Mean time within the first `tau`, everything longer counted as tau: the area under the curve. Two months are
 * compared with the same tau. Normal interval with Greenwood's variance.
 */
export function restrictedMean(curve: Curve, tau: number): RestrictedMean {
  if (curve.n === 0) return { status: 'no-data' };
  if (tau > curve.last && curve.survival.at(-1) !== 0) return { status: 'not-observed', beyond: curve.last };
  let area = 0;
  let variance = 0;
  let end = tau;
  for (let i = countBelow(curve.times, tau) - 1; i >= 0; i -= 1) {
    area += at(curve.survival, i) * (end - at(curve.times, i));
    variance += area ** 2 * (at(curve.variance, i) - (i === 0 ? 0 : at(curve.variance, i - 1)));
    end = at(curve.times, i);
  }
  const value = area + end;
  const half = z95 * Math.sqrt(variance);
  return { status: 'ok', value, low: Math.max(0, value - half), high: Math.min(tau, value + half) };
}
