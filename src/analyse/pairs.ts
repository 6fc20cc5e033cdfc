import { type Coded, mapCodes } from './coded.ts';
import type { Lists } from './lists.ts';

/** How many rows carry two values; undefined names the rows that carry none. */
export interface PairCount {
  left: string | undefined;
  right: string | undefined;
  n: number;
}

/** Rows per pair of values of two columns of equal length, most frequent first, ties by name. */
export function countPairs(left: Coded, right: Coded): PairCount[] {
  const cells = cellsOf(left.codes, right.codes, left.values.length, right.values.length);
  return rankedPairs(cells, left.values, right.values);
}

/** Rows per pair of a wanted value of one list column and a value of another; rows are counted by their two texts first. */
export function countListPairs(left: Int32Array, right: Int32Array, lefts: Lists, rights: Lists, wanted: ReadonlySet<string>): PairCount[] {
  const items = [...lefts.values.keys()].filter((item) => wanted.has(lefts.values[item] ?? ''));
  const places = new Int32Array(lefts.values.length).fill(-1);
  for (const [place, item] of items.entries()) places[item] = place;
  const { classes, members } = classesOf(lefts, places);
  const width = rights.values.length;
  const sums = new Int32Array(items.length * width);
  const cells = cellsOf(mapCodes(left, classes), right, members.length, rights.texts.length);
  for (let i = 0; i < cells.n.length; i += 1) {
    const text = cells.right[i] ?? -1;
    if (text < 0) continue;
    for (const place of members[cells.left[i] ?? -1] ?? []) {
      for (let at = rights.offsets[text] ?? 0; at < (rights.offsets[text + 1] ?? 0); at += 1) {
        const sum = place * width + (rights.items[at] ?? -1); // offsets end where items end
        sums[sum] = (sums[sum] ?? 0) + (cells.n[i] ?? 0); // all three of cells have one length
      }
    }
  }
  return rankedPairs(
    nonZero(sums, width),
    items.map((item) => lefts.values[item] ?? ''),
    rights.values,
  );
}

/** The distinct texts that hold wanted items, by which of them: rows of the same class are counted together. */
function classesOf(lists: Lists, places: Int32Array): { classes: Int32Array; members: number[][] } {
  const classes = new Int32Array(lists.texts.length).fill(-1);
  const members: number[][] = [];
  for (let text = 0; text < classes.length; text += 1) {
    const own: number[] = [];
    for (let at = lists.offsets[text] ?? 0; at < (lists.offsets[text + 1] ?? 0); at += 1) {
      const place = places[lists.items[at] ?? -1] ?? -1;
      if (place >= 0) own.push(place);
    }
    if (own.length > 0) classes[text] = members.push(own) - 1;
  }
  return { classes, members };
}

/** Pairs of codes that occur, and how often. */
interface Cells {
  left: Int32Array;
  right: Int32Array;
  n: Int32Array;
}

/** Up to this many possible pairs a matrix is quicker than a map. */
const denseLimit = 1 << 22;

/** Every pair of codes that occurs, the unknown ones included. */
function cellsOf(left: Int32Array, right: Int32Array, lefts: number, rights: number): Cells {
  const width = rights + 1;
  const size = (lefts + 1) * width;
  if (size > denseLimit) return sparseCells(left, right, width);
  const counts = new Int32Array(size);
  for (let row = 0; row < left.length; row += 1) {
    const cell = ((left[row] ?? -1) + 1) * width + (right[row] ?? -1) + 1;
    counts[cell] = (counts[cell] ?? 0) + 1; // every cell exists
  }
  const { left: above, right: beside, n } = nonZero(counts, width);
  return { left: above.map((code) => code - 1), right: beside.map((code) => code - 1), n };
}

function sparseCells(left: Int32Array, right: Int32Array, width: number): Cells {
  const counts = new Map<number, number>();
  for (let row = 0; row < left.length; row += 1) {
    const cell = ((left[row] ?? -1) + 1) * width + (right[row] ?? -1) + 1;
    counts.set(cell, (counts.get(cell) ?? 0) + 1); // the first of a cell
  }
  const cells = [...counts.keys()];
  return {
    left: Int32Array.from(cells, (cell) => Math.floor(cell / width) - 1),
    right: Int32Array.from(cells, (cell) => (cell % width) - 1),
    n: Int32Array.from(counts.values()),
  };
}

/** What a matrix of rows of `width` holds besides zeros. */
function nonZero(matrix: Int32Array, width: number): Cells {
  let size = 0;
  for (let cell = 0; cell < matrix.length; cell += 1) if (matrix[cell] !== 0) size += 1;
  const cells = { left: new Int32Array(size), right: new Int32Array(size), n: new Int32Array(size) };
  let at = 0;
  for (let cell = 0; cell < matrix.length; cell += 1) {
    const n = matrix[cell] ?? 0; // cell < matrix.length
    if (n === 0) continue;
    cells.left[at] = Math.floor(cell / width);
    cells.right[at] = cell % width;
    cells.n[at++] = n;
  }
  return cells;
}

/** Most first, ties by the left name and then the right one, the unknown last. The names are put in order once. */
function rankedPairs({ left, right, n }: Cells, lefts: readonly string[], rights: readonly string[]): PairCount[] {
  const [above, beside] = [ranksOf(lefts), ranksOf(rights)];
  const rank = (ranks: Int32Array, code = -1) => ranks[code] ?? ranks.length;
  const order = new Int32Array(n.length).map((_, i) => i);
  order.sort(
    (a, b) => (n[b] ?? 0) - (n[a] ?? 0) || rank(above, left[a]) - rank(above, left[b]) || rank(beside, right[a]) - rank(beside, right[b]),
  );
  return Array.from(order, (i) => ({ left: lefts[left[i] ?? -1], right: rights[right[i] ?? -1], n: n[i] ?? 0 }));
}

function ranksOf(names: readonly string[]): Int32Array {
  const order = [...names.keys()].sort((a, b) => compare(names[a], names[b]));
  const ranks = new Int32Array(names.length);
  for (const [rank, code] of order.entries()) ranks[code] = rank;
  return ranks;
}

/** Names in the order of their letters, the unknown last. */
export function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined || a < b ? -1 : 1;
}
