import { at } from './at.ts';

/** Why a point is more than chance: outside a limit; 7 on one side of the mean; 7 rising or falling; 2 of 3 near a limit. */
export type Signal = 'outside-limit' | 'one-side' | 'trend' | 'near-limit';

interface XmrPoint {
  value: number;
  /** Above (1), below (-1) or at the mean (0). */
  side: -1 | 0 | 1;
  signals: Signal[];
}

export interface Xmr {
  mean: number;
  low: number;
  high: number;
  /** Mean moving range, without the screened outliers. */
  range: number;
  /** How many moving ranges above 3.267 means were left out of the limits. */
  screened: number;
  /** Fewer than 12 points: the limits are a first guess and are drawn as such. */
  trial: boolean;
  points: XmrPoint[];
}

type Direction = 'up' | 'down' | 'neutral' | 'target';

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * An XmR chart of a series without gaps, by the rules of NHS "Making Data Count"
 * (https://github.com/nhs-r-community/NHSRplotthedots): limits mean ± 2.66 mean moving ranges.
 * `undefined` below two points: there is no range.
 */
export function xmr(values: readonly number[]): Xmr | undefined {
  if (values.length < 2) return undefined;
  const mean = average(values);
  const ranges = values.slice(1).map((value, i) => Math.abs(value - at(values, i)));
  const widest = 3.267 * average(ranges);
  const usual = ranges.filter((range) => range <= widest);
  const range = average(usual);
  const low = mean - 2.66 * range;
  const high = mean + 2.66 * range;
  const points = values.map((value): XmrPoint => ({ value, side: sideOf(value - mean), signals: [] }));
  markSignals(points, { low, high, near: (2 / 3) * 2.66 * range, mean });
  return { mean, low, high, range, screened: ranges.length - usual.length, trial: values.length < 12, points };
}

function sideOf(distance: number): -1 | 0 | 1 {
  if (distance === 0) return 0;
  return distance > 0 ? 1 : -1;
}

function markSignals(points: XmrPoint[], limits: { low: number; high: number; near: number; mean: number }): void {
  const near = (point: XmrPoint) => !outside(point) && Math.abs(point.value - limits.mean) > limits.near;
  const outside = (point: XmrPoint) => point.value > limits.high || point.value < limits.low;
  const oneSide = inRuns(points, 7, sameSide);
  const trend = inRuns(points, 7, rising);
  const twoNear = inRuns(points, 3, (run) => sameSide(run) && run.filter(near).length >= 2);
  points.forEach((point, i) => {
    if (outside(point)) point.signals.push('outside-limit');
    if (oneSide[i]) point.signals.push('one-side');
    if (trend[i]) point.signals.push('trend');
    if (twoNear[i] && near(point)) point.signals.push('near-limit');
  });
}

function sameSide(run: readonly XmrPoint[]): boolean {
  return run[0]?.side !== 0 && run.every(({ side }) => side === run[0]?.side);
}

/** Strictly rising, or strictly falling. */
function rising(run: readonly XmrPoint[]): boolean {
  const steps = run.slice(1).map(({ value }, i) => Math.sign(value - (run[i]?.value ?? value)));
  return steps[0] !== 0 && steps.every((step) => step === steps[0]);
}

/** Which points belong to a stretch of `length` that satisfies `test`. */
function inRuns(points: readonly XmrPoint[], length: number, test: (run: readonly XmrPoint[]) => boolean): boolean[] {
  const inside = new Array<boolean>(points.length).fill(false);
  for (let start = 0; start + length <= points.length; start += 1) {
    if (test(points.slice(start, start + length))) inside.fill(true, start, start + length);
  }
  return inside;
}

export type Variation = 'common' | 'improving' | 'concerning' | 'neither';
export type Assurance = 'pass' | 'fail' | 'inconsistent' | 'none';

/** Is it changing? What the last point says, given which way is better. */
export function variation(chart: Xmr, direction: Direction): Variation {
  const last = chart.points.at(-1);
  if (last === undefined || last.signals.length === 0) return 'common';
  if (direction !== 'up' && direction !== 'down') return 'neither';
  return last.side > 0 === (direction === 'up') ? 'improving' : 'concerning';
}

/** Will it meet its target, as it runs now? A target between the limits is met or missed by chance. */
export function assurance(chart: Xmr, target: number | undefined, direction: Direction): Assurance {
  if (target === undefined || (direction !== 'up' && direction !== 'down')) return 'none';
  if (target > chart.high) return direction === 'up' ? 'fail' : 'pass';
  if (target < chart.low) return direction === 'up' ? 'pass' : 'fail';
  return 'inconsistent';
}
