import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { benjaminiHochberg, ewma, mad, medianRatioBaseline, negativeBinomialLimit, robustZ } from '../../../src/analyse/stats/index.ts';

test('oracle: mean 12 has the 99.9 % limit 24 as Poisson, 38 at phi 3, 54 at phi 6', () => {
  assert.deepEqual(
    [1, 3, 6].map((phi) => negativeBinomialLimit(12, phi)),
    [24, 38, 54],
  );
});

/** Independent: probabilities summed upwards from 0 by their recurrence, until p is reached. */
function slowLimit(mean: number, phi: number, p: number): number {
  const size = mean / (phi - 1);
  let term = phi === 1 ? Math.exp(-mean) : (1 / phi) ** size;
  let sum = term;
  let k = 0;
  while (sum < p) {
    k += 1;
    term *= phi === 1 ? mean / k : (((k - 1 + size) / k) * (phi - 1)) / phi;
    sum += term;
  }
  return k;
}

test('limits agree with summing probabilities from 0', () => {
  const mean = fc.double({ min: 0.01, max: 200, noNaN: true });
  const phi = fc.oneof(fc.constant(1), fc.double({ min: 1.05, max: 60, noNaN: true }));
  fc.assert(
    fc.property(mean, phi, fc.constantFrom(0.95, 0.99, 0.999), (m, f, p) =>
      assert.equal(negativeBinomialLimit(m, f, p), slowLimit(m, f, p)),
    ),
  );
});

test('a silent series has the limit 0; a huge one is near the normal limit', () => {
  assert.equal(negativeBinomialLimit(0, 1), 0);
  assert.ok(Math.abs(negativeBinomialLimit(1_000_000, 1) - (1_000_000 + 3.09 * 1000)) < 10);
});

test('EWMA: one drifting series leaves its limits, a steady one does not', () => {
  const settings = { lambda: 0.2, L: 3, baseline: { mean: 10, deviation: 2 } };
  const drift = ewma([10, 11, 12, 13, 14, 14, 14], settings);
  assert.equal(
    drift.findIndex(({ outside }) => outside),
    5,
  );
  assert.ok(ewma([9, 11, 9, 11, 9, 11], settings).every(({ outside }) => !outside));
  const first = ewma([15], settings)[0];
  assert.ok(first && Math.abs(first.value - 11) < 1e-12 && Math.abs(first.high - 11.2) < 1e-12, 'first limit is L·λ·σ');
});

test('Benjamini–Hochberg: the published example of 15 tests finds four at 5 %', () => {
  // Benjamini & Hochberg 1995, section 4.
  const ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  assert.equal(benjaminiHochberg(ps, 0.05).filter(Boolean).length, 4);
  assert.deepEqual(benjaminiHochberg([0.9, 0.001, 0.04], 0.05), [false, true, false]);
  assert.deepEqual(benjaminiHochberg([], 0.05), []);
});

test('Benjamini–Hochberg agrees with comparing each p with every threshold', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
      const cut = Math.max(-1, ...ps.filter((p) => p <= (0.1 * ps.filter((other) => other <= p).length) / ps.length));
      assert.deepEqual(
        benjaminiHochberg(ps, 0.1),
        ps.map((p) => p <= cut),
      );
    }),
  );
});

test('MAD and robust z: one outlier moves neither', () => {
  assert.equal(mad([1, 2, 3, 4, 100]), 1);
  assert.ok(Math.abs((robustZ(100, [1, 2, 3, 4, 100]) ?? 0) - 0.6745 * 97) < 1e-9);
  assert.equal(robustZ(9, [5, 5, 5, 5, 8]), undefined);
});

test('the expected count is the median of the same weekday; days without data are left out, not 0', () => {
  const weeks = [10, 12, undefined, 14, 100].flatMap((monday) => [monday, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(medianRatioBaseline([...weeks, 50], 35), { expected: 13, n: 4 });
  assert.deepEqual(medianRatioBaseline([...weeks, 50], 35, { seasons: 2 }), { expected: 57, n: 2 });
  assert.equal(medianRatioBaseline([1, 2, 3], 2), undefined);
});
