import { at, countBelow } from './at.ts';

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
  const { ended, running } = split(durations, closed);
  const entered = entries?.slice().sort();
  const n = durations.length;
  const underObservation = (age: number) =>
    (entered === undefined ? n : countBelow(entered, age, true)) - countBelow(ended, age) - countBelow(running, age);
  const last = Math.max(0, ended.at(-1) ?? 0, running.at(-1) ?? 0);
  return { n, closed: ended.length, last, ...steps(n, ended, running, entered), underObservation };
}

function check(durations: Float64Array, closed: ArrayLike<number>, entries: Float64Array | undefined): void {
  if (closed.length !== durations.length) throw new RangeError('durations and closed differ in length');
  if (entries !== undefined && entries.length !== durations.length) throw new RangeError('durations and entries differ in length');
  for (let i = 0; i < durations.length; i += 1) {
    const least = entries === undefined ? 0 : Math.max(0, at(entries, i));
    if (!((durations[i] ?? Number.NaN) >= least)) throw new RangeError(`duration ${at(durations, i)} is below its entry ${least}`);
  }
}

function split(durations: Float64Array, closed: ArrayLike<number>): { ended: Float64Array; running: Float64Array } {
  let n = 0;
  for (let i = 0; i < durations.length; i += 1) if (closed[i]) n += 1;
  const ended = new Float64Array(n);
  const running = new Float64Array(durations.length - n);
  let endedCount = 0;
  let runningCount = 0;
  for (let i = 0; i < durations.length; i += 1) {
    const duration = durations[i] ?? Number.NaN;
    if (closed[i]) ended[endedCount++] = duration;
    else running[runningCount++] = duration;
  }
  return { ended: inOrder(ended), running: inOrder(running) };
}

/** Parts of what was put in order once are in order. */
function inOrder(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i += 1) if ((values[i] ?? Number.NaN) < (values[i - 1] ?? Number.NaN)) return values.sort();
  return values;
}

/** One pass over the sorted ends; the pointers into the other two arrays only move forward. */
function steps(n: number, ended: Float64Array, running: Float64Array, entered: Float64Array | undefined) {
  const [times, survival, variance] = [new Float64Array(ended.length), new Float64Array(ended.length), new Float64Array(ended.length)];
  let count = 0;
  let share = 1;
  let greenwood = 0;
  let left = 0;
  let come = entered === undefined ? n : 0;
  for (let i = 0; i < ended.length; ) {
    const time = ended[i] ?? Number.NaN;
    let next = i + 1;
    while (next < ended.length && ended[next] === time) next += 1;
    while (left < running.length && (running[left] ?? Number.NaN) < time) left += 1;
    if (entered !== undefined) while (come < n && at(entered, come) <= time) come += 1;
    const risk = come - i - left;
    const ends = next - i;
    share *= 1 - ends / risk;
    if (risk > ends) greenwood += ends / (risk * (risk - ends));
    times[count] = time;
    survival[count] = share;
    variance[count] = greenwood;
    count += 1;
    i = next;
  }
  return {
    times: times.subarray(0, count),
    survival: survival.subarray(0, count),
    variance: variance.subarray(0, count),
  };
}
