import type { Facts } from './facts.ts';
import { perDayOf } from './matrix.ts';
import { oncePerObject } from '../once.ts';
import { weekdaysBefore } from './weekdays.ts';
import { at } from './stats/at.ts';
import {
  benjaminiHochberg,
  earlierSeasons,
  medianRatioBaseline,
  negativeBinomialLimit,
  negativeBinomialTail,
  robustZ,
} from './stats/index.ts';

/** A day on which one category, rule or product had far more findings than is usual for it. */
export interface Spike {
  day: string;
  kind: string;
  name: string;
  n: number;
  /** Median of the same weekday in the eight weeks before. */
  expected: number;
  /** What a usual day stays at or below with 99.9 %. */
  limit: number;
  /** How far from the median of those days in robust standard deviations; null where most of them are equal, so that there is no spread. */
  z: number | null;
}

export interface Spikes {
  spikes: Spike[];
  /** How many days of how many series could be judged. */
  tested: number;
}

/** Fewer earlier days of the same weekday say nothing about what is usual. */
const leastWeeks = 4;
/** A jump from 1 to 4 is no news, however unlikely. */
const leastExcess = 10;
const leastRatio = 3;
const falseShare = 0.05;
/** Where the same weekday itself varies much, its own spread says more than that of all days (Iglewicz and Hoaglin: 3.5). */
const leastZ = 3.5;

const kinds = [
  ['category', 'Category'],
  ['rule', 'Rule'],
  ['product', 'Product'],
] as const;

/** Spikes of the period's days, the largest excess first. */
export const spikesOf = oncePerObject((facts: Facts): Spikes => {
  const tests = kinds.flatMap(([column, kind]) =>
    [...perDayOf(facts.history, column, leastExcess)].flatMap(([name, counts]) => testsOf(facts, kind, name, counts)),
  );
  const stands = benjaminiHochberg(
    tests.map(({ p }) => p),
    falseShare,
  );
  const spikes = tests.flatMap(({ spike }, i) => (spike !== undefined && stands[i] === true ? [spike] : []));
  spikes.sort((a, b) => b.n - b.expected - (a.n - a.expected) || (a.day + a.name < b.day + b.name ? -1 : 1));
  return { spikes, tested: tests.length };
});

interface Test {
  p: number;
  spike?: Spike;
}

/** One test per day of the period that has enough history. What cannot be a spike is a test too, with nothing found. */
function testsOf({ history, period }: Facts, kind: string, name: string, counts: Float64Array): Test[] {
  const first = history.period.days.length - period.days.length;
  const usable = Array.from(counts, (n, day) => (history.coverage.states[day]?.status === 'complete' ? n : undefined));
  const { phi } = weekdaysBefore(usable, first);
  return period.days.flatMap(({ date }, i): Test[] => {
    const baseline = medianRatioBaseline(usable, first + i);
    if (baseline === undefined || baseline.n < leastWeeks) return [];
    const n = at(counts, first + i);
    const { expected } = baseline;
    if (n - expected < leastExcess || n < leastRatio * expected) return [{ p: 1 }];
    // A median of 0 still leaves a finding every other day possible.
    const mean = Math.max(expected, 0.5);
    const limit = negativeBinomialLimit(mean, phi);
    const z = robustZ(n, earlierSeasons(usable, first + i)) ?? null;
    if (n <= limit || (z !== null && z < leastZ)) return [{ p: 1 }];
    return [{ p: negativeBinomialTail(n, mean, phi), spike: { day: date, kind, name, n, expected, limit, z } }];
  });
}
