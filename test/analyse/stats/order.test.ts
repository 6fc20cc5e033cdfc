import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ascendingPlaces } from '../../../src/analyse/stats/order.ts';

// From 4096 values on they are sorted by their digits.
const enough = 4100;

function compared(values: Float64Array): number[] {
  return [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

test('many values are put in the order in which comparing puts them, equal ones as they came', () => {
  const kinds = [
    fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((ms) => ms / 1000),
    fc.integer({ min: 0, max: 3 }).map((n) => n * 60),
    fc.double({ noNaN: true, min: 0 }),
    fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value)),
  ];
  for (const kind of kinds) {
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (few, stride) => {
        const values = Float64Array.from({ length: enough }, (_, i) => few[(i * stride) % few.length] ?? 0);
        assert.deepEqual([...ascendingPlaces(values)], compared(values));
      }),
      { numRuns: 15 },
    );
  }
});

test('few values too, and none', () => {
  assert.deepEqual([...ascendingPlaces(Float64Array.of(3, 1, 2, 1))], [1, 3, 2, 0]);
  assert.deepEqual([...ascendingPlaces(new Float64Array())], []);
});
