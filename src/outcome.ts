import type { Words } from './words/index.ts';

/**
 * What is known about a figure. Unknown is a variant of the type: no code path can turn a missing
 * figure into 0, because a figure without `ok` or `partial` has no `value` to read.
 */

/** A figure over complete data. Units are the KPI's: counts, seconds, or a rate 0..1. */
export interface Known {
  status: 'ok';
  value: number;
  /** How many findings (or days) the figure is made of. */
  n: number;
  /** 95 % interval, in the unit of the value. */
  low?: number;
  high?: number;
}

/** A figure over incomplete data: a lower bound for counts, and marked wherever it is printed. */
export interface Partial extends Omit<Known, 'status'> {
  status: 'partial';
  reason: Words;
}

/**
 * Why there is no figure. Each is printed with its reason. `not-reached`: so many are still open that the middle of a
 * duration lies beyond what has been seen; the reason says how far that is.
 */
export interface NoFigure {
  status: 'no-data' | 'no-denominator' | 'too-few' | 'not-available-from-source' | 'not-reached';
  reason: Words;
  n?: number;
}

export type Outcome = Known | Partial | NoFigure;

export interface Interval {
  low: number;
  high: number;
}

export function known(value: number, n: number, interval?: Interval): Known {
  return { status: 'ok', value, n, ...interval };
}

export function hasValue(outcome: Outcome): outcome is Known | Partial {
  return outcome.status === 'ok' || outcome.status === 'partial';
}

/** Incompleteness is contagious: a figure over days that are not complete says so. */
export function markPartial(outcome: Outcome, reason: Words | undefined): Outcome {
  if (reason === undefined || outcome.status !== 'ok') return outcome;
  return { ...outcome, status: 'partial', reason };
}
