import type { Facts } from './facts.ts';
import { oncePerObject } from '../once.ts';
import { ewma } from './stats/index.ts';
import { weekdaysBefore } from './weekdays.ts';

/** A day whose smoothed count is known, with the band it usually stays in. */
interface DriftDay {
  value: number;
  low: number;
  high: number;
  outside: boolean;
}

export interface Drift {
  /** One per day of the period; undefined where the day's data is not complete, so that it is in no average. */
  days: (DriftDay | undefined)[];
  /** Findings a day over the days before. */
  usual: number;
  /** How many days it was learned from. */
  learned: number;
}

/** Only the last eight weeks say what is usual, and fewer than four weeks of known days say nothing. */
const weeksBack = 8;
const leastDays = 28;
/** One in five parts today, the rest from before: sees a shift of one standard deviation within about ten days. */
const lambda = 0.2;
/** Half the width of the band, in standard deviations of the average. */
const halfWidth = 3;

/** Slow changes of the daily count, which no single day's limit sees; undefined where too little is known of before. */
export const driftOf = oncePerObject(({ history, period }: Facts): Drift | undefined => {
  const first = history.period.days.length - period.days.length;
  const from = Math.max(0, first - weeksBack * 7);
  const counts = Array.from(history.createdPerDay.subarray(from), (n, i) =>
    history.coverage.states[from + i]?.status === 'complete' ? n : undefined,
  );
  const before = counts.slice(0, first - from).filter((n) => n !== undefined);
  if (before.length < leastDays) return undefined;
  const usual = before.reduce((sum, n) => sum + n, 0) / before.length;
  const { means, phi } = weekdaysBefore(counts, first - from);
  const adjusted = counts.slice(first - from).map((n, i) => {
    const weekday = means[(first - from + i) % 7] ?? Number.NaN;
    return n === undefined || Number.isNaN(weekday) ? undefined : n - weekday + usual;
  });
  // A mean of 0 still leaves a finding every other day possible.
  const baseline = { mean: usual, deviation: Math.sqrt(phi * Math.max(usual, 0.5)) };
  const known = adjusted.filter((n) => n !== undefined);
  const points = ewma(known, { lambda, L: halfWidth, baseline }).values();
  return { days: adjusted.map((n) => (n === undefined ? undefined : points.next().value)), usual, learned: before.length };
});
