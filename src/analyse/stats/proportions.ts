import type { Interval } from '../../outcome.ts';
import { z95 } from './distributions.ts';

export interface Difference extends Interval {
  difference: number;
}

/** Wilson's 95 % interval of k of n; `undefined` without a denominator. Newcombe 1998, method 3. */
export function wilson(k: number, n: number): Interval | undefined {
  if (!(n > 0)) return undefined;
  const share = k / n;
  const squared = (z95 * z95) / n;
  const centre = (share + squared / 2) / (1 + squared);
  const half = (z95 * Math.sqrt((share * (1 - share)) / n + squared / (4 * n))) / (1 + squared);
  // At 0 and n the formula gives exactly 0 and 1, but for the last bits.
  return { low: k === 0 ? 0 : Math.max(0, centre - half), high: k === n ? 1 : Math.min(1, centre + half) };
}

/** How far the second share lies above the first, with Newcombe's hybrid 95 % interval; `undefined` where one has no denominator. */
export function newcombe(k1: number, n1: number, k2: number, n2: number): Difference | undefined {
  const first = wilson(k1, n1);
  const second = wilson(k2, n2);
  return first && second && hybridDifference({ value: k1 / n1, ...first }, { value: k2 / n2, ...second });
}

/**
 * `second - first` with the interval that follows from the two figures' own intervals (MOVER, Zou & Donner 2008):
 * for medians, restricted means and whatever has an interval that need not be symmetrical.
 */
export function hybridDifference(first: Interval & { value: number }, second: Interval & { value: number }): Difference {
  const difference = second.value - first.value;
  return {
    difference,
    low: difference - Math.hypot(second.value - second.low, first.high - first.value),
    high: difference + Math.hypot(second.high - second.value, first.value - first.low),
  };
}

/** The largest rate that 0 of n leaves possible, one-sided 95 %, exact; the "rule of three" 3/n is its rough form. */
export function zeroUpperBound(n: number): number {
  return n > 0 ? 1 - 0.05 ** (1 / n) : 1;
}
