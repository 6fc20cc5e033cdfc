import { type ColumnTable, op, table, toArrowIPC } from 'arquero';
import { listSeparator } from '../store/columns.ts';

/** A text column as codes into distinct values; -1 is unknown. */
export interface Coded {
  codes: Int32Array;
  values: readonly string[];
}

/** How many rows carry a value; `name` is undefined for the rows that carry none. */
export interface Count {
  name: string | undefined;
  n: number;
}

export interface PairCount {
  left: string | undefined;
  right: string | undefined;
  n: number;
}

/** Rows per code: place 0 for the unknown, place `code + 1` for the others. One pass, as fast as memory. */
function tally(codes: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size + 1);
  for (let row = 0; row < codes.length; row += 1) {
    const place = (codes[row] ?? -1) + 1;
    counts[place] = (counts[place] ?? 0) + 1; // `size` is the number of values, so every place exists
  }
  return counts;
}

/** Rows per value, most frequent first; ties by name, so that a top-n never depends on the order of rows. The unknown is last among equals. */
export function countBy({ codes, values }: Coded): Count[] {
  const counts = tally(codes, values.length);
  const names: (string | undefined)[] = [];
  const n: number[] = [];
  counts.forEach((count, place) => {
    if (count === 0) return;
    names.push(values[place - 1]);
    n.push(count);
  });
  return ranked(table({ name: names, n }), 'name');
}

/** Rows per value of a list column, a row counting once for each of its values. The rows are counted by their texts, then arquero rolls the texts up. */
export function countLists(codes: Int32Array, lists: Lists): Count[] {
  const counts = tally(codes, lists.offsets.length - 1);
  const items: number[] = [];
  const n: number[] = [];
  for (let text = 0; text < lists.offsets.length - 1; text += 1) {
    const count = counts[text + 1];
    if (count === undefined || count === 0) continue;
    for (let place = lists.offsets[text] ?? 0; place < (lists.offsets[text + 1] ?? 0); place += 1) {
      items.push(lists.items[place] ?? -1); // offsets end where items end
      n.push(count);
    }
  }
  const summed = sumBy(items, n);
  return ranked(table({ name: summed.keys.map((item) => lists.values[item]), n: summed.n }), 'name');
}

/** The sum of `n` for each distinct key. Whole numbers as keys: arquero groups texts ten times slower. */
function sumBy(keys: readonly number[], n: readonly number[]): { keys: number[]; n: number[] } {
  const summed = table({ key: keys, n })
    .groupby('key')
    .rollup({ n: op.sum('n') });
  return { keys: Array.from(summed.array('key') as ArrayLike<number>), n: Array.from(summed.array('n') as ArrayLike<number>) }; // arquero's columns are untyped
}

/** Rows per pair of values of two columns of equal length, most frequent first, ties by name. */
export function countPairs(left: Coded, right: Coded): PairCount[] {
  const pairs = pairUp(left, right);
  const name = (column: Coded, codes: readonly number[]) => codes.map((code) => column.values[code]);
  return ranked(table({ left: name(left, pairs.left), right: name(right, pairs.right), n: pairs.n }), 'left', 'right');
}

/** Rows per pair of a wanted value of one list column and a value of another; rows are counted by their two texts first. */
export function countListPairs(left: Int32Array, right: Int32Array, lefts: Lists, rights: Lists, wanted: ReadonlySet<string>): PairCount[] {
  const chosen = wantedRows(left, lefts, wanted);
  const pairs = pairUp(gather({ codes: left, values: lefts.texts }, chosen), gather({ codes: right, values: rights.texts }, chosen));
  const isWanted = Uint8Array.from(lefts.values, (value) => (wanted.has(value) ? 1 : 0));
  const width = rights.values.length;
  const cells: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < pairs.n.length; i += 1) {
    const n = pairs.n[i] ?? 0; // as long as pairs.left and pairs.right
    for (const a of itemsOf(lefts, pairs.left[i] ?? -1)) {
      if (isWanted[a] !== 1) continue;
      for (const b of itemsOf(rights, pairs.right[i] ?? -1)) {
        cells.push(a * width + b);
        counts.push(n);
      }
    }
  }
  const summed = sumBy(cells, counts);
  const leftNames = summed.keys.map((cell) => lefts.values[Math.floor(cell / width)]);
  return ranked(table({ left: leftNames, right: summed.keys.map((cell) => rights.values[cell % width]), n: summed.n }), 'left', 'right');
}

/** Most first; ties by the named columns, the unknown last. Not by arquero: it has no order for undefined. */
function ranked<Row extends { n: number }>(counts: ColumnTable, ...ties: (keyof Row)[]): Row[] {
  const rows = counts.objects() as Row[]; // arquero's rows are untyped
  return rows.sort((a, b) => b.n - a.n || ties.reduce((order, tie) => order || compare(a[tie], b[tie]), 0));
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a !== 'string') return 1;
  return typeof b !== 'string' || a < b ? -1 : 1;
}

function wantedRows(codes: Int32Array, lists: Lists, wanted: ReadonlySet<string>): Int32Array {
  const keep = Uint8Array.from(lists.texts, (_, text) =>
    itemsOf(lists, text).some((item) => wanted.has(lists.values[item] ?? '')) ? 1 : 0,
  );
  const rows = new Int32Array(codes.length);
  let size = 0;
  for (let row = 0; row < codes.length; row += 1) if (keep[codes[row] ?? -1] === 1) rows[size++] = row;
  return rows.subarray(0, size);
}

/** Above this many possible pairs a map is smaller than the full matrix. */
const denseLimit = 1 << 24;

/** Every pair of codes that occurs, with how often. */
function pairUp(left: Coded, right: Coded): { left: number[]; right: number[]; n: number[] } {
  const width = right.values.length + 1;
  const size = (left.values.length + 1) * width;
  const seen = size <= denseLimit ? new Int32Array(size) : new Map<number, number>();
  const pairs: { left: number[]; right: number[]; n: number[] } = { left: [], right: [], n: [] };
  for (let row = 0; row < left.codes.length; row += 1) {
    const a = left.codes[row] ?? -1;
    const b = right.codes[row] ?? -1;
    const cell = (a + 1) * width + b + 1;
    const place = seen instanceof Map ? seen.get(cell) : seen[cell];
    if (place === undefined || place === 0) {
      const next = pairs.n.push(1);
      pairs.left.push(a);
      pairs.right.push(b);
      if (seen instanceof Map) seen.set(cell, next);
      else seen[cell] = next;
    } else pairs.n[place - 1] = (pairs.n[place - 1] ?? 0) + 1; // places count from 1
  }
  return pairs;
}

/** The codes of some rows, in the order of `rows`. */
export function gather(column: Coded, rows: Int32Array): Coded {
  if (rows.length === column.codes.length) return column; // ascending and distinct, so these are all of them
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) codes[i] = column.codes[rows[i] ?? -1] ?? -1;
  return { codes, values: column.values };
}

export function gatherNumbers(numbers: ArrayLike<number>, rows: Int32Array): Float64Array {
  const gathered = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) gathered[i] = numbers[rows[i] ?? -1] ?? Number.NaN;
  return gathered;
}

/** Renames values; those that get the same name become one, those that get none become unknown. Runs over distinct values only. */
export function rename(column: Coded, name: (value: string) => string | undefined): Coded {
  const index = new Map<string, number>();
  const mapped = Int32Array.from(column.values, (value) => {
    const renamed = name(value);
    if (renamed === undefined) return -1;
    const known = index.get(renamed) ?? index.size;
    index.set(renamed, known);
    return known;
  });
  return { codes: column.codes.map((code) => mapped[code] ?? -1), values: [...index.keys()] };
}

/** What each distinct text of a list column consists of: the items of text `i` are `items[offsets[i]] … items[offsets[i + 1] - 1]`. */
export interface Lists {
  texts: readonly string[];
  offsets: Int32Array;
  items: Int32Array;
  values: readonly string[];
}

/** Splits the distinct texts of a list column; a value that a list holds twice counts once. */
export function splitLists(texts: readonly string[]): Lists {
  const index = new Map<string, number>();
  const items: number[] = [];
  const offsets = new Int32Array(texts.length + 1);
  let start = 0;
  const add = (name: string): void => {
    if (name === '') return;
    let code = index.get(name);
    if (code === undefined) {
      code = index.size;
      index.set(name, code);
    }
    if (items.indexOf(code, start) === -1) items.push(code);
  };
  for (let i = 0; i < texts.length; i += 1) {
    const text = texts[i] ?? '';
    start = items.length;
    let from = 0;
    for (let cut = text.indexOf(listSeparator); cut !== -1; cut = text.indexOf(listSeparator, from)) {
      add(text.slice(from, cut));
      from = cut + 1;
    }
    add(from === 0 ? text : text.slice(from));
    offsets[i + 1] = items.length;
  }
  return { texts, offsets, items: Int32Array.from(items), values: [...index.keys()] };
}

/** The same lists with only the values for which `kept` is 1. */
export function keepValues(lists: Lists, kept: Uint8Array): Lists {
  const items: number[] = [];
  const offsets = lists.offsets.map((_, i) => {
    if (i > 0) items.push(...itemsOf(lists, i - 1).filter((item) => kept[item] === 1));
    return items.length;
  });
  return { ...lists, offsets, items: Int32Array.from(items) };
}

/** A column with one value per row, in the form of lists. */
export function singleLists(texts: readonly string[]): Lists {
  return {
    texts,
    offsets: new Int32Array(texts.length + 1).map((_, i) => i),
    items: new Int32Array(texts.length).map((_, i) => i),
    values: texts,
  };
}

/** The items of one text; none for the unknown text. */
export function itemsOf({ offsets, items }: Lists, text: number): Int32Array {
  return text < 0 ? items.subarray(0, 0) : items.subarray(offsets[text], offsets[text + 1]);
}

/** Rows as an Arrow IPC stream, for notebooks. Unknown values are null. */
export function arrowOf<Row>(
  columns: readonly { name: string; value(row: Row): string | number | null | undefined }[],
  rows: readonly Row[],
): Uint8Array {
  const known = (value: string | number | null | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  return toArrowIPC(table(Object.fromEntries(columns.map(({ name, value }) => [name, rows.map((row) => known(value(row)))]))));
}
