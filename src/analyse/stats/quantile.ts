import type { Interval } from '../../outcome.ts';
import { at } from './at.ts';
import { logBinomial } from './distributions.ts';
import { ascendingPlaces } from './order.ts';
import { ascendingAt } from './select.ts';

/** An ascending copy. */
export function ascending(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(values);
  const places = ascendingPlaces(copy);
  const sorted = new Float64Array(copy.length);
  for (let i = 0; i < sorted.length; i += 1) sorted[i] = copy[places[i] ?? -1] ?? Number.NaN;
  return sorted;
}

/**
 * Quantile `p` (0..1) of an ascending array, Hyndman–Fan type 7: Excel's PERCENTILE.INC, numpy's default.
 * @throws RangeError for an empty array: nothing has no quantile.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const value = at(sorted, below);
  const fraction = position - below;
  return fraction === 0 ? value : value + fraction * (at(sorted, below + 1) - value);
}

/**
 * The 1-based ranks whose values enclose quantile `p` with at least 95 %, whatever the distribution
 * (each tail of Binomial(n, p) at most 2.5 %). `undefined` where n is too small for that.
 */
export function quantileRanks(n: number, p: number): [number, number] | undefined {
  const low = largestTailCount(n, p);
  // The upper rank is the lower one of the mirrored order: rank r from above is n + 1 - r from below.
  const high = n + 1 - largestTailCount(n, 1 - p);
  return low < 1 || high > n ? undefined : [low, high];
}

/** The largest j with P(Binomial(n, p) <= j - 1) <= 2.5 %; 0 where there is none. */
function largestTailCount(n: number, p: number): number {
  if (n === 0) return 0;
  // Ten deviations below the mean there is nothing left to add: this keeps a million findings cheap.
  let k = Math.max(0, Math.floor(n * p - 10 * Math.sqrt(n * p * (1 - p))));
  let term = Math.exp(logBinomial(k, n, p));
  let sum = term;
  while (sum <= 0.025 && k < n) {
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
    k += 1;
    sum += term;
  }
  return k;
}

/** As `ascending`, but only where the quantiles `shares`, and the interval of the median, read it. */
export function ascendingFor(values: ArrayLike<number>, shares: readonly number[]): Float64Array {
  const positions = shares.map((share) => Math.floor((values.length - 1) * share));
  const ranks = quantileRanks(values.length, 0.5) ?? [];
  return ascendingAt(values, [...positions.flatMap((position) => [position, position + 1]), ...ranks.map((rank) => rank - 1)]);
}

/** 95 % interval of quantile `p` by order statistics; `undefined` below n = 6 for the median, 36 for p90, 72 for p95. */
export function quantileInterval(sorted: ArrayLike<number>, p: number): Interval | undefined {
  const ranks = quantileRanks(sorted.length, p);
  return ranks && { low: at(sorted, ranks[0] - 1), high: at(sorted, ranks[1] - 1) };
}

export function medianInterval(sorted: ArrayLike<number>): Interval | undefined {
  return quantileInterval(sorted, 0.5);
}
