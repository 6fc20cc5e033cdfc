import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ascendingAt } from '../../../src/analyse/stats/select.ts';

test('at the asked places stands what sorting puts there, with nothing greater before and nothing less after', () => {
  const kinds = [fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }), fc.integer({ min: 0, max: 1_000_000 })];
  for (const kind of kinds) {
    fc.assert(
      fc.property(
        fc.array(kind, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 2500 }),
        fc.array(fc.nat(3000), { maxLength: 6 }),
        fc.constantFrom('as they come', 'ascending', 'descending'),
        (few, n, places, order) => {
          const values = Array.from({ length: n }, (_, i) => (few[(i * i) % few.length] ?? 0) + (i % 7 === 0 ? i : 0));
          if (order !== 'as they come') values.sort((a, b) => (order === 'ascending' ? a - b : b - a));
          const sorted = values.toSorted((a, b) => a - b);
          const found = ascendingAt(values, places);
          assert.deepEqual(
            [...found].sort((a, b) => a - b),
            sorted,
            'the same values',
          );
          for (const place of places.filter((one) => one < n)) {
            const value = sorted[place] ?? Number.NaN;
            assert.equal(found[place], value);
            assert.ok(found.subarray(0, place).every((other) => other <= value) && found.subarray(place).every((other) => other >= value));
          }
        },
      ),
      { numRuns: 60 },
    );
  }
});
