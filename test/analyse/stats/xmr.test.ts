import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assurance, type Signal, variation, xmr } from '../../../src/analyse/stats/index.ts';

const published = [100, 104, 98, 101, 97, 103, 99, 102, 100, 96, 101, 99];

/** @throws where a chart is expected and there is none */
function chartOf(values: readonly number[]) {
  const chart = xmr(values);
  assert.ok(chart !== undefined);
  return chart;
}

const having = (values: readonly number[], signal: Signal) =>
  chartOf(values).points.flatMap(({ signals }, i) => (signals.includes(signal) ? [i] : []));

test('oracle: XmR of twelve points has mean 100 and limits 89.6018 to 110.3982', () => {
  const chart = chartOf(published);
  assert.deepEqual(
    [chart.mean, chart.low, chart.high].map((value) => value.toFixed(4)),
    ['100.0000', '89.6018', '110.3982'],
  );
  assert.equal(chart.trial, false);
  assert.ok(chart.points.every(({ signals }) => signals.length === 0));
});

test('below twelve points the limits are a trial, below two there are none', () => {
  assert.equal(chartOf(published.slice(1)).trial, true);
  assert.equal(xmr([5]), undefined);
});

test('a point outside the limits, and its moving ranges kept out of them', () => {
  const values = [...published, 200, ...published];
  assert.deepEqual(having(values, 'outside-limit'), [12]);
  assert.equal(chartOf(values).screened, 2);
});

test('seven on one side: six do nothing, a point at the mean breaks the run', () => {
  const run = (length: number) => [...Array.from({ length }, (_, i) => 11 + (i % 2)), ...Array.from({ length }, (_, i) => 9 - (i % 2))];
  assert.deepEqual(having(run(6), 'one-side'), []);
  assert.deepEqual(
    having(run(7), 'one-side'),
    Array.from({ length: 14 }, (_, i) => i),
  );
  assert.deepEqual(having([11, 11, 11, 10, 11, 11, 11, 7, 8], 'one-side'), []);
});

test('seven rising or falling in a row; equal neighbours are no trend', () => {
  assert.deepEqual(having([5, 1, 2, 3, 4, 5, 6, 7, 1], 'trend'), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(having([0, 7, 6, 5, 4, 3, 2, 1, 9], 'trend'), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(having([5, 1, 2, 3, 3, 4, 5, 6, 1], 'trend'), []);
});

test('two of three near a limit, all three on that side', () => {
  const base = [100, 101, 100, 99, 100, 101, 100, 99, 100, 101, 100, 99, 100, 101, 100, 99];
  const marked = having([...base, 102.9, 100.9, 102.9, 100, 99], 'near-limit');
  assert.deepEqual(marked, [16, 18]);
  assert.deepEqual(having([...base, 102.9, 99, 102.9, 100, 99], 'near-limit'), []);
});

test('variation: what the last point says, by which way is better', () => {
  const rise = chartOf([...published, 130]);
  assert.equal(variation(rise, 'up'), 'improving');
  assert.equal(variation(rise, 'down'), 'concerning');
  assert.equal(variation(rise, 'neutral'), 'neither');
  assert.equal(variation(chartOf(published), 'up'), 'common');
  assert.equal(variation(chartOf([...published, 60]), 'down'), 'improving');
});

test('assurance: a target beyond the limits is met or missed for certain, one between them by chance', () => {
  const chart = chartOf(published);
  assert.deepEqual(
    [120, 100, 80].map((target) => [assurance(chart, target, 'up'), assurance(chart, target, 'down')]),
    [
      ['fail', 'pass'],
      ['inconsistent', 'inconsistent'],
      ['pass', 'fail'],
    ],
  );
  assert.equal(assurance(chart, undefined, 'up'), 'none');
  assert.equal(assurance(chart, 80, 'neutral'), 'none');
});

/** Independent: every rule said again from each point's own neighbourhood. */
function slowSignals(values: readonly number[], i: number): Signal[] {
  const chart = chartOf(values);
  const { mean, low, high } = chart;
  const starts = (length: number) => Array.from({ length }, (_, back) => i - back).filter((s) => s >= 0 && s + length <= values.length);
  const windows = (length: number) => starts(length).map((s) => values.slice(s, s + length));
  const out = (v: number) => v > high || v < low;
  const near = (v: number) => !out(v) && (v > mean + (2 * (high - mean)) / 3 + 1e-9 || v < mean - (2 * (mean - low)) / 3 - 1e-9);
  const sided = (w: number[]) => w.every((v) => v > mean) || w.every((v) => v < mean);
  const ordered = (w: number[], sign: number) => w.every((v, k) => k === 0 || (v - (w[k - 1] ?? v)) * sign > 0);
  const value = values[i] ?? Number.NaN;
  const found: Signal[] = [];
  if (out(value)) found.push('outside-limit');
  if (windows(7).some(sided)) found.push('one-side');
  if (windows(7).some((w) => ordered(w, 1) || ordered(w, -1))) found.push('trend');
  if (near(value) && windows(3).some((w) => sided(w) && w.filter(near).length >= 2)) found.push('near-limit');
  return found;
}

test('signals agree with each rule said point by point', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 40 }), (drawn) => {
      // Slow drifts and plateaus, so that long runs really occur.
      let level = 0;
      const values = drawn.map((step) => (level += (step - 4.3) / 7));
      assert.deepEqual(
        chartOf(values).points.map(({ signals }) => signals),
        values.map((_, i) => slowSignals(values, i)),
      );
    }),
  );
});
