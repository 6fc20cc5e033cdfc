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

/** Up to this many possible pairs for each row a matrix is quicker than a map, and never one of more than 16 MB. */
const densePerRow = 8;
const denseLimit = 1 << 22;

/** Every pair of codes that occurs, the unknown ones included. */
function cellsOf(left: Int32Array, right: Int32Array, lefts: number, rights: number): Cells {
  const width = rights + 1;
  const size = (lefts + 1) * width;
  if (size > Math.min(denseLimit, densePerRow * left.length)) return sparseCells(left, right, width);
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

/**
 * Most first, ties by the left name and then the right one, the unknown last. The three become one number per pair, which is sorted
 * without asking back: there are few different counts, so that it stays a whole one.
 */
function rankedPairs({ left, right, n }: Cells, lefts: readonly string[], rights: readonly string[]): PairCount[] {
  const [above, beside] = [sorted(lefts), sorted(rights)];
  const counts = [...new Set(n)].sort((a, b) => b - a);
  const placeOf = new Map(counts.map((count, place) => [count, place]));
  const [height, width] = [lefts.length + 1, rights.length + 1];
  const keys = new Float64Array(n.length);
  for (let i = 0; i < keys.length; i += 1) {
    const rank = ((placeOf.get(n[i] ?? 0) ?? 0) * height + rankOf(above, left[i] ?? -1)) * width + rankOf(beside, right[i] ?? -1);
    keys[i] = rank;
  }
  keys.sort();
  return Array.from(keys, (key) => {
    const rest = Math.floor(key / width);
    const [from, to] = [above.order[rest % height] ?? -1, beside.order[key % width] ?? -1]; // the unknown ranks behind all
    return { left: lefts[from], right: rights[to], n: counts[Math.floor(rest / height)] ?? 0 };
  });
}

/** The codes of names in the order of their letters, and where each stands in it. */
interface Sorted {
  order: Int32Array;
  ranks: Int32Array;
}

function sorted(names: readonly string[]): Sorted {
  const order = Int32Array.from([...names.keys()].sort((a, b) => compare(names[a], names[b])));
  const ranks = new Int32Array(names.length);
  for (const [rank, code] of order.entries()) ranks[code] = rank;
  return { order, ranks };
}

function rankOf({ ranks }: Sorted, code: number): number {
  return code < 0 ? ranks.length : (ranks[code] ?? ranks.length);
}

/** Names in the order of their letters, the unknown last. */
export function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined || a < b ? -1 : 1;
}
