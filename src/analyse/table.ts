import type { ColumnTable } from 'arquero';
// All of it in one file instead of 166, which take a tenth of a second to load.
import 'arquero/dist/arquero.min.js';
import type { Coded } from './coded.ts';
import type { Lists } from './lists.ts';
import { compare } from './pairs.ts';

declare global {
  /** Where that file, a script, leaves what it has. */
  var aq: Pick<typeof import('arquero'), 'table' | 'toArrowIPC'>;
}
const { table, toArrowIPC } = aq;

export { type Coded, gather, gatherNumbers, rename } from './coded.ts';
export { countListPairs, countPairs, type PairCount } from './pairs.ts';
export { itemsOf, keepValues, type Lists, singleLists, splitLists } from './lists.ts';

/** How many rows carry a value; `name` is undefined for the rows that carry none. */
export interface Count {
  name: string | undefined;
  n: number;
}

/**
 * Rows per code: place 0 for the unknown, place `code + 1` for the others. One pass. Neighbours are counted apart: most columns
 * repeat one value, and a count cannot be read before it has been written.
 */
function tally(codes: Int32Array, size: number): Int32Array {
  const [counts, others] = [new Int32Array(size + 1), new Int32Array(size + 1)];
  for (let row = 0; row < codes.length; row += 2) {
    const place = (codes[row] ?? -1) + 1;
    counts[place] = (counts[place] ?? 0) + 1; // `size` is the number of values, so every place exists
    if (row + 1 === codes.length) break;
    const other = (codes[row + 1] ?? -1) + 1;
    others[other] = (others[other] ?? 0) + 1; // as above
  }
  for (let place = 0; place <= size; place += 1) counts[place] = (counts[place] ?? 0) + (others[place] ?? 0);
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
  return ranked(table({ name: names, n }));
}

/** Rows per value of a list column, a row counting once for each of its values. The rows are counted by their texts. */
export function countLists(codes: Int32Array, lists: Lists): Count[] {
  const counts = tally(codes, lists.offsets.length - 1);
  const sums = new Float64Array(lists.values.length);
  for (let text = 0; text < lists.offsets.length - 1; text += 1) {
    const count = counts[text + 1] ?? 0; // one more than there are texts
    if (count === 0) continue;
    const end = lists.offsets[text + 1] ?? 0; // one more than there are texts, too
    for (let place = lists.offsets[text] ?? 0; place < end; place += 1) {
      const item = lists.items[place] ?? -1; // offsets end where items end
      sums[item] = (sums[item] ?? 0) + count;
    }
  }
  const items = [...sums.keys()].filter((item) => sums[item] !== 0);
  return ranked(table({ name: items.map((item) => lists.values[item]), n: items.map((item) => sums[item]) }));
}

/** Most first; ties by the named columns, the unknown last. Not by arquero: it has no order for undefined. */
function ranked(counts: ColumnTable): Count[] {
  const rows = counts.objects() as Count[]; // arquero's rows are untyped
  return rows.sort((a, b) => b.n - a.n || compare(a.name, b.name));
}

/** Rows as an Arrow IPC stream, for notebooks. Unknown values are null. */
export function arrowOf<Row>(
  columns: readonly { name: string; value(row: Row): string | number | null | undefined }[],
  rows: readonly Row[],
): Uint8Array {
  const known = (value: string | number | null | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  return toArrowIPC(table(Object.fromEntries(columns.map(({ name, value }) => [name, rows.map((row) => known(value(row)))]))));
}
