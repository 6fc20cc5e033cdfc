import { at, countBelow } from './at.ts';
import { ascendingPlaces } from './order.ts';

/**
 * How long things took, open ones included. In one unit throughout (seconds).
 * closed[i]: 1 where duration i ended, 0 where it was still running when last seen (censored).
 * entries[i]: the age at which i came under observation, where that was not at 0 (old backlog in a new month).
 */
interface Durations {
  durations: Float64Array;
  closed: ArrayLike<number>;
  entries?: Float64Array;
}

/** A Kaplan–Meier curve: `survival[i]` is the share still open just after `times[i]`. */
export interface Curve {
  n: number;
  /** How many ended. */
  closed: number;
  /** The longest time anything was under observation; nothing is known beyond. */
  last: number;
  /** Distinct times at which something ended, ascending. */
  times: Float64Array;
  survival: Float64Array;
  /** Greenwood's sum up to each time; the step to a survival of 0 adds nothing to it. */
  variance: Float64Array;
  /** How many were under observation at an age. */
  underObservation(age: number): number;
}

/**
 * S(t) = Π(1 - d/n). Something is at risk at every age from its entry up to and including its end.
 * @throws RangeError for a duration that is negative, not a number, or shorter than its entry: those are counted out before.
 */
export function kaplanMeier({ durations, closed, entries }: Durations): Curve {
  check(durations, closed, entries);
  const { seconds, ended } = inOrder(durations, closed);
  const entered = entries?.slice().sort();
  const n = durations.length;
  const underObservation = (age: number) => (entered === undefined ? n : countBelow(entered, age, true)) - countBelow(seconds, age);
  return { n, last: seconds.at(-1) ?? 0, ...steps(seconds, ended, entered), underObservation };
}

function check(durations: Float64Array, closed: ArrayLike<number>, entries: Float64Array | undefined): void {
  if (closed.length !== durations.length) throw new RangeError('durations and closed differ in length');
  if (entries !== undefined && entries.length !== durations.length) throw new RangeError('durations and entries differ in length');
  for (let i = 0; i < durations.length; i += 1) {
    const least = entries === undefined ? 0 : Math.max(0, at(entries, i));
    if (!((durations[i] ?? Number.NaN) >= least)) throw new RangeError(`duration ${at(durations, i)} is below its entry ${least}`);
  }
}

/** What was put in order once, or is a part of that, stays as it is. */
function inOrder(durations: Float64Array, closed: ArrayLike<number>): { seconds: Float64Array; ended: ArrayLike<number> } {
  let row = 1;
  while (row < durations.length && (durations[row - 1] ?? Number.NaN) <= (durations[row] ?? Number.NaN)) row += 1;
  if (row >= durations.length) return { seconds: durations, ended: closed };
  const places = ascendingPlaces(durations);
  return {
    seconds: Float64Array.from(places, (place) => at(durations, place)),
    ended: Uint8Array.from(places, (place) => (closed[place] ? 1 : 0)),
  };
}

/** One pass over ascending durations; the pointer into the entries, which ascend, too, only moves forward. */
function steps(seconds: Float64Array, ended: ArrayLike<number>, entered: Float64Array | undefined) {
  const n = seconds.length;
  let closed = 0;
  for (let row = 0; row < n; row += 1) if (ended[row]) closed += 1;
  const [times, survival, variance] = [new Float64Array(closed), new Float64Array(closed), new Float64Array(closed)];
  let count = 0;
  let share = 1;
  let greenwood = 0;
  let come = entered === undefined ? n : 0;
  for (let row = 0; row < n; ) {
    const time = seconds[row] ?? Number.NaN;
    let ends = 0;
    let next = row;
    for (; next < n && seconds[next] === time; next += 1) if (ended[next]) ends += 1;
    if (ends > 0) {
      if (entered !== undefined) while (come < n && at(entered, come) <= time) come += 1;
      const risk = come - row;
      share *= 1 - ends / risk;
      if (risk > ends) greenwood += ends / (risk * (risk - ends));
      times[count] = time;
      survival[count] = share;
      variance[count] = greenwood;
      count += 1;
    }
    row = next;
  }
  const cut = (values: Float64Array) => values.subarray(0, count);
  return { closed, times: cut(times), survival: cut(survival), variance: cut(variance) };
}
