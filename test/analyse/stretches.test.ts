import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rowsIn, stretchesWithin } from '../../src/analyse/stretches.ts';

test('no row whose instant lies inside is left out, and blocks far from it are', () => {
  const jitter = fc.array(fc.oneof(fc.integer({ min: -30_000, max: 30_000 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(jitter, fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }), (moves, from, length) => {
      const instants = Float64Array.from({ length: 20_000 }, (_, row) => row * 5 + (moves[row % moves.length] ?? 0));
      const stretches = stretchesWithin(instants, from, from + length);
      const read = new Uint8Array(instants.length);
      for (const { first, end } of stretches) read.fill(1, first, end);
      const missed = [...instants.keys()].filter(
        (row) => read[row] === 0 && (instants[row] ?? 0) >= from && (instants[row] ?? 0) < from + length,
      );
      assert.deepEqual(missed, []);
      assert.equal(
        rowsIn(stretches),
        read.reduce((sum, one) => sum + one, 0),
      );
    }),
    { numRuns: 40 },
  );
  const ordered = Float64Array.from({ length: 20_000 }, (_, row) => row);
  assert.deepEqual(stretchesWithin(ordered, 5000, 5001), [{ first: 4096, end: 8192 }]);
  assert.deepEqual(stretchesWithin(ordered, 0, 20_000), [{ first: 0, end: 20_000 }]);
  assert.deepEqual(stretchesWithin(ordered, -5, 0), []);
});
