import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrow } from 'arquero';
import { arrowOf, countBy, countListPairs, countLists, countPairs, keepValues, rename, splitLists } from '../../src/analyse/table.ts';

const separator = '\u001f';
const coded = (values: readonly string[], ...codes: number[]) => ({ values, codes: Int32Array.from(codes) });

test('most frequent first, ties by name, the unknown last among equals', () => {
  const counts = countBy(coded(['b', 'a', 'never', 'c'], 1, 0, -1, 3, 3));
  assert.deepEqual(counts, [
    { name: 'c', n: 2 },
    { name: 'a', n: 1 },
    { name: 'b', n: 1 },
    { name: undefined, n: 1 },
  ]);
  assert.deepEqual(countBy(coded([])), []);
});

test('a list counts each of its values once per row', () => {
  const lists = splitLists([`x${separator}y${separator}x`, 'y', separator]);
  assert.deepEqual(countLists(Int32Array.of(0, 1, 1, 2, -1), lists), [
    { name: 'y', n: 3 },
    { name: 'x', n: 1 },
  ]);
  const kept = keepValues(
    lists,
    Uint8Array.from(lists.values, (value) => Number(value === 'x')),
  );
  assert.deepEqual(countLists(Int32Array.of(0, 1), kept), [{ name: 'x', n: 1 }]);
});

test('pairs of columns, the unknown among them, and pairs of lists for wanted values only', () => {
  assert.deepEqual(countPairs(coded(['a'], 0, 0, -1), coded(['x'], 0, -1, 0)), [
    { left: 'a', right: 'x', n: 1 },
    { left: 'a', right: undefined, n: 1 },
    { left: undefined, right: 'x', n: 1 },
  ]);
  const [rules, hosts] = [splitLists([`r${separator}s`, 's']), splitLists([`h${separator}i`, 'h'])];
  const pairs = countListPairs(Int32Array.of(0, 0, 1, 0), Int32Array.of(0, 1, 0, -1), rules, hosts, new Set(['r']));
  assert.deepEqual(pairs, [
    { left: 'r', right: 'h', n: 2 },
    { left: 'r', right: 'i', n: 1 },
  ]);
});

test('renaming merges what becomes the same and forgets what gets no name', () => {
  const renamed = rename(coded(['A ', 'A', ' '], 0, 1, 2, -1), (value) => value.trim() || undefined);
  assert.deepEqual(renamed, { codes: Int32Array.of(0, 0, -1, -1), values: ['A'] });
});

test('rows leave as Arrow and come back, the unknown as null', () => {
  const columns = [
    { name: 'title', value: (row: { t?: string; n: number }) => row.t },
    { name: 'n', value: (row: { n: number }) => row.n },
  ];
  const back = fromArrow(arrowOf(columns, [{ t: 'a', n: 1 }, { n: Number.NaN }])).objects();
  assert.deepEqual(back, [
    { title: 'a', n: 1 },
    { title: null, n: null },
  ]);
});
