import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hybridDifference, newcombe, wilson, zeroUpperBound } from '../../../src/analyse/stats/index.ts';

const rounded = (values: readonly (number | undefined)[], digits = 4) => values.map((value) => value?.toFixed(digits));

test('oracle: Wilson 95 %', () => {
  const limits = (k: number, n: number) => rounded([wilson(k, n)?.low, wilson(k, n)?.high]);
  assert.deepEqual(limits(0, 5), ['0.0000', '0.4345']);
  assert.deepEqual(limits(57, 60), ['0.8630', '0.9829']);
  assert.deepEqual(limits(28, 30), ['0.7868', '0.9815']);
  assert.deepEqual(limits(3, 12), ['0.0889', '0.5323']);
});

test('5 of 5 is never a bare 100 %', () => {
  assert.deepEqual(rounded([wilson(5, 5)?.low, wilson(5, 5)?.high], 2), ['0.57', '1.00']);
});

test('oracle: Newcombe', () => {
  const of = (...counts: [number, number, number, number]) => {
    const d = newcombe(...counts);
    return rounded([d?.difference, d?.low, d?.high]);
  };
  assert.deepEqual(of(57, 60, 50, 60), ['-0.1167', '-0.2350', '-0.0027']);
  assert.deepEqual(of(190, 200, 180, 200), ['-0.0500', '-0.1043', '0.0024']);
});

test('without a denominator there is no interval', () => {
  assert.equal(wilson(0, 0), undefined);
  assert.equal(newcombe(1, 2, 0, 0), undefined);
});

test('oracle: rule of three, exact', () => {
  assert.deepEqual(rounded([30, 100, 300].map(zeroUpperBound)), ['0.0950', '0.0295', '0.0099']);
  assert.equal(zeroUpperBound(0), 1);
});

/** Independent: Wilson's limits are where |k/n - π| = z·√(π(1-π)/n); found by bisection of that equation. */
function wilsonByBisection(k: number, n: number, side: 'low' | 'high'): number {
  const z = 1.959963984540054;
  const tooFar = (pi: number) => (k / n - pi) ** 2 > (z * z * pi * (1 - pi)) / n;
  let inside = k / n;
  let outside = side === 'low' ? 0 : 1;
  for (let i = 0; i < 100; i += 1) {
    const middle = (inside + outside) / 2;
    if (tooFar(middle)) outside = middle;
    else inside = middle;
  }
  return (inside + outside) / 2;
}

test('Wilson agrees with its own equation, solved by bisection', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (n, seed) => {
      const k = seed % (n + 1);
      const interval = wilson(k, n);
      assert.ok(interval !== undefined);
      assert.ok(Math.abs(interval.low - wilsonByBisection(k, n, 'low')) < 1e-9, `low of ${k}/${n}`);
      assert.ok(Math.abs(interval.high - wilsonByBisection(k, n, 'high')) < 1e-9, `high of ${k}/${n}`);
    }),
  );
});

test('Newcombe turns round when the two groups change places', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (n1, n2, s1, s2) => {
      const there = newcombe(s1 % (n1 + 1), n1, s2 % (n2 + 1), n2);
      const back = newcombe(s2 % (n2 + 1), n2, s1 % (n1 + 1), n1);
      assert.ok(there !== undefined && back !== undefined);
      assert.ok(Math.abs(there.low + back.high) < 1e-12 && Math.abs(there.high + back.low) < 1e-12);
      assert.ok(there.low <= there.difference && there.difference <= there.high);
    }),
  );
});

test('the hybrid difference of symmetrical intervals adds their squares', () => {
  const d = hybridDifference({ value: 10, low: 7, high: 13 }, { value: 20, low: 16, high: 24 });
  assert.deepEqual(d, { difference: 10, low: 5, high: 15 });
});
