import { ascending, quantile } from './quantile.ts';

/** Median absolute deviation from the median, unscaled. @throws RangeError for no values. */
export function mad(values: ArrayLike<number>): number {
  const middle = quantile(ascending(values), 0.5);
  return quantile(ascending(Float64Array.from(values, (value) => Math.abs(value - middle))), 0.5);
}

/**
 * 0.6745·(x - median) / MAD: how many standard deviations away, had the rest been normal.
 * `undefined` where MAD is 0 (more than half of the values are equal): use a count limit there.
 */
export function robustZ(x: number, values: ArrayLike<number>): number | undefined {
  const spread = mad(values);
  return spread === 0 ? undefined : (0.6745 * (x - quantile(ascending(values), 0.5))) / spread;
}

interface Expected {
  expected: number;
  /** How many earlier days (or hours) it is the median of. */
  n: number;
}

interface Seasonal {
  season?: number;
  seasons?: number;
}

/** What the same place of the last seasons had, the latest first, where it is known. */
export function earlierSeasons(
  values: readonly (number | undefined)[],
  index: number,
  { season = 7, seasons = 8 }: Seasonal = {},
): number[] {
  const earlier: number[] = [];
  for (let back = 1; back <= seasons; back += 1) {
    const value = values[index - back * season];
    if (value !== undefined) earlier.push(value);
  }
  return earlier;
}

/**
 * What is usual at `index`: the median of the same place in the last `seasons` seasons (same weekday of the last
 * 8 weeks; for hours of the week, season = 168). `undefined` cells are days without data, and are left out.
 */
export function medianRatioBaseline(values: readonly (number | undefined)[], index: number, seasonal: Seasonal = {}): Expected | undefined {
  const earlier = earlierSeasons(values, index, seasonal);
  return earlier.length === 0 ? undefined : { expected: quantile(ascending(earlier), 0.5), n: earlier.length };
}
