import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { block, type Placed, stretchesOf, visitPlaces } from '../../src/store/placed.ts';
import type { SegmentReader } from '../../src/store/reader.ts';

/** What stretches say, row by row. */
function placesIn(stretches: readonly Int32Array[], rows: number): number[] {
  const places = new Array<number>(rows).fill(-1);
  for (const [at, found] of stretches.entries()) {
    for (let i = 0; i < found.length; i += 3) {
      const [row = 0, end = 0, away = 0] = found.subarray(i, i + 3);
      assert.ok(row < end && end <= block, 'a stretch holds a row and stays within its block');
      for (let own = row; own < end; own++) places[at * block + own] = own + away;
    }
  }
  return places;
}

/** Pieces of neighbouring rows: how many stand next to each other, and how far from the piece before; no place: they stand nowhere. */
const pieces = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 9000 }), gap: fc.option(fc.integer({ min: 0, max: 3 })) }), {
  maxLength: 6,
});

test('stretches say where each row stands, across blocks and around rows that stand nowhere', () => {
  fc.assert(
    fc.property(pieces, fc.boolean(), (some, back) => {
      let next = 0;
      let places = some.flatMap(({ rows, gap }) => {
        if (gap === null) return new Array<number>(rows).fill(-1);
        const first = next + gap;
        next = first + rows;
        return Array.from({ length: rows }, (_, row) => first + row);
      });
      if (back) places = places.toReversed();
      const stretches = stretchesOf(Int32Array.from(places));
      assert.equal(stretches.length, Math.ceil(places.length / block));
      assert.deepEqual(placesIn(stretches, places.length), places);
    }),
    { numRuns: 40 },
  );
});

test('stretches are as long as they can be', () => {
  assert.deepEqual(stretchesOf(Int32Array.of(4, 5, -1, -1, 6, 9, 10, 2)), [Int32Array.of(0, 2, 4, 4, 5, 2, 5, 7, 4, 7, 8, -5)]);
  assert.deepEqual(stretchesOf(Int32Array.of(-1, -1, 0)), [Int32Array.of(2, 3, -2)]);
  assert.deepEqual(stretchesOf(Int32Array.of(-1)), [new Int32Array()]);
});

test('wanted places are found in their segments, each time they are asked for, and those nobody has are not', () => {
  const long = Int32Array.from({ length: 2 * block + 10 }, (_, row) => (row % 5 === 0 ? -1 : 2 * row));
  const short = Int32Array.of(1, 3, 2 * block + 1);
  // Only told apart.
  const readers = ['long', 'short'] as unknown as SegmentReader[];
  const placed = [long, short].flatMap((places, at): Placed[] =>
    readers.slice(at, at + 1).map((reader) => ({ reader, stretches: stretchesOf(places) })),
  );
  const told: unknown[] = [];
  visitPlaces(placed, [2 * block + 1, 4 * block + 4, 2, 0, 3, 2, -1, 9_999_999], (...found) => told.push(found));
  assert.deepEqual(told, [
    [2, 'long', 1],
    [2, 'long', 1],
    [4 * block + 4, 'long', 2 * block + 2],
    [3, 'short', 1],
    [2 * block + 1, 'short', 2],
  ]);
});
