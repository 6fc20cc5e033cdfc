import { desc, table, toArrowIPC } from 'arquero';
import { listSeparator } from '../store/columns.ts';

/** A text column as codes into distinct values; -1 is unknown. */
export interface Coded {
  codes: Int32Array;
  values: readonly string[];
}

/** A list column, one entry per (row, distinct value); `owners` says which row each entry belongs to. */
export interface Exploded extends Coded {
  owners: Int32Array;
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

/**
 * A dictionary column as arquero reads one, without a copy. It tells arquero its groups (the hook Arrow's
 * dictionary columns use), because building a text key per row costs ten times as much as the counting.
 */
class DictionaryColumn<T> {
  readonly codes: Int32Array;
  readonly values: ArrayLike<T>;
  constructor(codes: Int32Array, values: ArrayLike<T>) {
    this.codes = codes;
    this.values = values;
  }
  get length(): number {
    return this.codes.length;
  }
  at(row: number): T | undefined {
    return this.values[this.codes[row] ?? -1];
  }
  *[Symbol.iterator](): Iterator<T | undefined> {
    for (const code of this.codes) yield this.values[code];
  }
  groups(names: string[]) {
    const slots = new Int32Array(this.values.length + 1).fill(-1);
    const keys = new Uint32Array(this.codes.length);
    const rows: number[] = [];
    this.codes.forEach((code, row) => {
      let slot = slots[code + 1] ?? -1;
      if (slot < 0) {
        slot = rows.push(row) - 1;
        slots[code + 1] = slot;
      }
      keys[row] = slot;
    });
    return { keys, get: [(row: number) => this.at(row)], names, rows, size: rows.length };
  }
}

/** Rows per value, most frequent first; ties by name, so that a top-n never depends on the order of rows. */
export function countBy(column: Coded): Count[] {
  if (column.codes.length === 0) return [];
  const counted = table({ name: new DictionaryColumn(column.codes, column.values) })
    .groupby('name')
    .count({ as: 'n' });
  return counted.orderby(desc('n'), 'name').objects() as Count[]; // arquero's rows are untyped
}

/** Rows per pair of values of two columns of equal length, most frequent first, ties by name. */
export function countPairs(left: Coded, right: Coded): PairCount[] {
  if (left.codes.length === 0) return [];
  const pairs = pairUp(left, right);
  const rows = table({ pair: new DictionaryColumn(pairs.codes, pairs.ids) })
    .groupby('pair')
    .count({ as: 'n' })
    .objects() as { pair: number; n: number }[]; // arquero's rows are untyped
  const named = rows.map(({ pair, n }) => ({
    left: left.values[pairs.left[pair] ?? -1],
    right: right.values[pairs.right[pair] ?? -1],
    n,
  }));
  return named.sort((a, b) => b.n - a.n || compare(a.left, b.left) || compare(a.right, b.right));
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined || a < b ? -1 : 1;
}

/** Above this many possible pairs a map is smaller than the full matrix. */
const denseLimit = 1 << 22;

/** Gives every pair of codes that occurs a code of its own. */
function pairUp(left: Coded, right: Coded) {
  const width = right.values.length + 1;
  const size = (left.values.length + 1) * width;
  const seen = size <= denseLimit ? new Int32Array(size).fill(-1) : new Map<number, number>();
  const lefts: number[] = [];
  const rights: number[] = [];
  const codes = new Int32Array(left.codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const a = left.codes[row] ?? -1;
    const b = right.codes[row] ?? -1;
    const cell = (a + 1) * width + b + 1;
    let pair = (seen instanceof Map ? seen.get(cell) : seen[cell]) ?? -1;
    if (pair < 0) {
      pair = lefts.push(a) - 1;
      rights.push(b);
      if (seen instanceof Map) seen.set(cell, pair);
      else seen[cell] = pair;
    }
    codes[row] = pair;
  }
  return { codes, left: lefts, right: rights, ids: Int32Array.from(lefts.keys()) };
}

/** The codes of some rows, in the order of `rows`. */
export function gather(column: Coded, rows: Int32Array): Coded {
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

/** One entry per (row, distinct list value); splits the distinct joined texts, not the rows. A row without values has no entry. */
export function explode(column: Coded): Exploded {
  const index = new Map<string, number>();
  const lists = column.values.map((joined) => [...new Set(joined.split(listSeparator))].filter((v) => v !== '').map(codeIn(index)));
  let size = 0;
  for (const code of column.codes) size += lists[code]?.length ?? 0; // a row without a list adds no entry
  const codes = new Int32Array(size);
  const owners = new Int32Array(size);
  let at = 0;
  column.codes.forEach((code, row) => {
    for (const item of lists[code] ?? []) {
      codes[at] = item;
      owners[at] = row;
      at += 1;
    }
  });
  return { codes, owners, values: [...index.keys()] };
}

function codeIn(index: Map<string, number>): (value: string) => number {
  return (value) => {
    const code = index.get(value) ?? index.size;
    index.set(value, code);
    return code;
  };
}

/** Every combination of an entry of `left` and an entry of `right` in the same row, restricted to some left values. */
export function cross(left: Exploded, right: Exploded, wanted: ReadonlySet<string>): { left: Coded; right: Coded } {
  const keep = Uint8Array.from(left.values, (value) => (wanted.has(value) ? 1 : 0));
  const lefts: number[] = [];
  const rights: number[] = [];
  let start = 0;
  for (let i = 0; i < left.codes.length; i += 1) {
    const owner = left.owners[i] ?? -1;
    while (start < right.owners.length && (right.owners[start] ?? 0) < owner) start += 1;
    if (keep[left.codes[i] ?? -1] !== 1) continue;
    for (let j = start; right.owners[j] === owner; j += 1) {
      lefts.push(left.codes[i] ?? -1);
      rights.push(right.codes[j] ?? -1);
    }
  }
  return {
    left: { codes: Int32Array.from(lefts), values: left.values },
    right: { codes: Int32Array.from(rights), values: right.values },
  };
}

/** Rows as an Arrow IPC stream, for notebooks. Unknown values are null. */
export function arrowOf<Row>(
  columns: readonly { name: string; value(row: Row): string | number | null | undefined }[],
  rows: readonly Row[],
): Uint8Array {
  const known = (value: string | number | null | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  return toArrowIPC(table(Object.fromEntries(columns.map(({ name, value }) => [name, rows.map((row) => known(value(row)))]))));
}
