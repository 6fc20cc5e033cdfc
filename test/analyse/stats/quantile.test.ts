import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ascending, medianInterval, quantile, quantileInterval, quantileRanks } from '../../../src/analyse/stats/index.ts';

const close = (actual: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('oracle: type-7 p90 of 1, 2, 3, 4, 10 is 7.6', () => {
  close(quantile(ascending([10, 1, 4, 2, 3]), 0.9), 7.6);
});

test('oracle: the ranks of a 95 % interval of the median', () => {
  const ranks = [6, 10, 20, 30, 50, 100].map((n) => quantileRanks(n, 0.5));
  assert.deepEqual(ranks, [
    [1, 6],
    [2, 9],
    [6, 15],
    [10, 21],
    [18, 33],
    [40, 61],
  ]);
});

test('oracle: the least n for an interval is 6 for the median, 36 for p90, 72 for p95', () => {
  const least = [0.5, 0.9, 0.95].map((p) => Array.from({ length: 100 }, (_, n) => n).find((n) => quantileRanks(n, p) !== undefined));
  assert.deepEqual(least, [6, 36, 72]);
});

test('one value is every quantile; the ends are least and greatest; nothing has none', () => {
  assert.equal(quantile([7], 0.9), 7);
  assert.equal(quantile([1, 2, 9], 0), 1);
  assert.equal(quantile([1, 2, 9], 1), 9);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('the interval names values of the sample', () => {
  const sample = ascending(Array.from({ length: 20 }, (_, i) => (i + 1) * 10));
  assert.deepEqual(medianInterval(sample), { low: 60, high: 150 });
  assert.equal(medianInterval(sample.subarray(0, 5)), undefined);
  assert.equal(quantileInterval(sample, 0.9), undefined);
});

/** Independent: the definition of type 7 as a weighted pair, found by counting instead of indexing. */
function slowQuantile(values: readonly number[], p: number): number {
  const h = (values.length - 1) * p;
  const ranked = (rank: number) =>
    values.find((v) => values.filter((w) => w < v).length <= rank && values.filter((w) => w <= v).length > rank) ?? Number.NaN;
  return (Math.floor(h) + 1 - h) * ranked(Math.floor(h)) + (h - Math.floor(h)) * ranked(Math.min(values.length - 1, Math.floor(h) + 1));
}

test('quantiles agree with counting ranks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 100 }),
      (values, p) => {
        close(quantile(ascending(values), p / 100), slowQuantile(values, p / 100));
      },
    ),
  );
});

/** Binomial probabilities by Pascal's rule, no logarithms. */
function binomialRow(n: number, p: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i += 1) row = Array.from({ length: i + 2 }, (_, k) => (row[k] ?? 0) * (1 - p) + (row[k - 1] ?? 0) * p);
  return row;
}

test('the ranks enclose the quantile with at least 95 %, and no narrower pair does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 200 }), fc.constantFrom(0.5, 0.9, 0.95), (n, p) => {
      const ranks = quantileRanks(n, p);
      const row = binomialRow(n, p);
      const below = (k: number) => row.slice(0, Math.max(0, k)).reduce((sum, term) => sum + term, 0);
      if (ranks === undefined) {
        assert.ok(row.at(0) !== undefined && (below(1) > 0.025 || 1 - below(n) > 0.025));
        return;
      }
      const [low, high] = ranks;
      assert.ok(below(low) <= 0.025 && below(low + 1) > 0.025, 'lower rank');
      assert.ok(1 - below(high) <= 0.025 + 1e-12 && 1 - below(high - 1) > 0.025, 'upper rank');
    }),
    { numRuns: 60 },
  );
});

test('a million values: the ranks are those of the normal approximation', () => {
  const [low, high] = quantileRanks(1_000_000, 0.5) ?? [0, 0];
  close(low, 500_000 - 980, 1);
  close(high, 500_000 + 981, 1);
});
