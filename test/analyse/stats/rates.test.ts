import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dispersion, silenceProbability, rateRatio } from '../../../src/analyse/stats/index.ts';

const month = { exposureA: 30, exposureB: 30, dispersion: 1 };
const percent = (value: number) => Math.round((value - 1) * 100);

test('oracle: 40 in 30 days to 52 in 30 days is +30 % [-14 %, +96 %], p = 0.251', () => {
  const change = rateRatio({ ...month, a: 40, b: 52 });
  assert.ok(change.status === 'ok');
  assert.deepEqual([change.ratio, change.low, change.high].map(percent), [30, -14, 96]);
  assert.equal(change.p.toFixed(3), '0.251');
});

test('oracle: 1000 in 31 days to 1060 in 28 days is +17 % [+8 %, +28 %]', () => {
  const change = rateRatio({ a: 1000, exposureA: 31, b: 1060, exposureB: 28, dispersion: 1 });
  assert.ok(change.status === 'ok');
  assert.deepEqual([change.ratio, change.low, change.high].map(percent), [17, 8, 28]);
});

test('oracle: with dispersion 4 even 400 to 520 reaches down to 0 %', () => {
  const change = rateRatio({ ...month, a: 400, b: 520, dispersion: 4 });
  assert.ok(change.status === 'ok');
  assert.deepEqual([change.low, change.high].map(percent), [0, 69]);
  assert.ok(change.p > 0.04 && change.p < 0.05);
});

test('oracle: a rule at 0.5 a day that is silent for 7, 10, 14 days', () => {
  const odds = [7, 10, 14].map((gap) => `${(100 * silenceProbability(0.5 * gap, 1)).toPrecision(2)} %`);
  assert.deepEqual(odds, ['3.0 %', '0.67 %', '0.091 %']);
});

test('from none there is no ratio; to none it is 0 with an upper bound; none at all is no change to speak of', () => {
  const up = rateRatio({ ...month, a: 0, b: 12 });
  assert.ok(up.status === 'from-none');
  assert.ok(up.low > 1 && up.p < 0.001);
  const down = rateRatio({ ...month, a: 12, b: 0 });
  assert.ok(down.status === 'ok');
  assert.equal(down.ratio, 0);
  assert.ok(Math.abs(down.high - 1 / up.low) < 1e-9, 'the two directions mirror each other');
  assert.deepEqual(rateRatio({ ...month, a: 0, b: 0 }), { status: 'no-events' });
});

test('few events over-dispersed: one event after none proves nothing', () => {
  const change = rateRatio({ ...month, a: 0, b: 1, dispersion: 3 });
  assert.ok(change.status === 'from-none');
  assert.ok(change.low < 1);
});

test('a period without length has no rate', () => {
  assert.throws(() => rateRatio({ a: 1, exposureA: 0, b: 1, exposureB: 1, dispersion: 1 }), RangeError);
});

test('dispersion: variance over mean, never below 1', () => {
  assert.equal(dispersion([0, 10]), 10);
  assert.equal(dispersion([5, 5, 5]), 1);
  assert.equal(dispersion([0, 0, 0]), 1);
  assert.equal(dispersion([7]), 1);
});

/** Independent: the whole conditional distribution by Pascal's rule, summed over outcomes no likelier than b. */
function slowP(a: number, b: number, share: number): number {
  let row = [1];
  for (let i = 0; i < a + b; i += 1) row = Array.from({ length: i + 2 }, (_, k) => (row[k] ?? 0) * (1 - share) + (row[k - 1] ?? 0) * share);
  const observed = row[b] ?? Number.NaN;
  return row.filter((term) => term <= observed * (1 + 1e-7)).reduce((sum, term) => sum + term, 0);
}

test('of two likeliest outcomes neither is unlikely', () => {
  for (const [a, b, exposureA, exposureB] of [
    [12, 39, 6, 20],
    [29, 30, 29, 31],
  ] as const) {
    const change = rateRatio({ a, b, exposureA, exposureB, dispersion: 1 });
    assert.ok(change.status === 'ok' && Math.abs(change.p - 1) < 1e-12, JSON.stringify(change));
  }
});

test('p agrees with summing the whole conditional distribution', () => {
  fc.assert(
    fc.property(fc.nat(80), fc.nat(80), fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 31 }), (a, b, exposureA, exposureB) => {
      const change = rateRatio({ a, b, exposureA, exposureB, dispersion: 1 });
      if (a + b === 0) return;
      assert.ok(change.status !== 'no-events');
      assert.ok(Math.abs(change.p - slowP(a, b, exposureB / (exposureA + exposureB))) < 1e-8, `${change.p}`);
    }),
  );
});
