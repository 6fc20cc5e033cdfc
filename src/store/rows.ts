import { type Ms, type Stamp, stamps } from '../finding.ts';
import type { coldColumns } from './columns.ts';
import type { StoredText } from './content.ts';
import type { TextValues } from './types.ts';

/** Numbers that name a batch: what they stand for (when it was seen, first seen, touched) follows from the batch. */
const batchColumns = ['batch', 'first_batch', 'ack_after_batch', 'ack_before_batch', 'until_batch'] as const;
const plainColumns = ['key', 'severity', 'severity_initial', 'escalated', 'reopen_count', 'event_count', 'entity_count'] as const;

/** Number columns kept in segments. `until_batch` is the batch that superseded the observation; NaN: none did. */
export const storedNumbers = [...plainColumns, ...batchColumns, ...stamps] as const;
export type StoredNumber = (typeof storedNumbers)[number];
export type ColdColumn = (typeof coldColumns)[number];

/** How many items each row has, and all items one after another as codes into distinct texts. */
export interface ItemLists extends TextValues {
  counts: Int32Array;
}

/** Observations in columns, sorted by key, wherever they come from. NaN is unknown. */
export interface Rows {
  rows: number;
  text(name: StoredText): TextValues;
  number(name: StoredNumber): Float64Array;
  entities(): ItemLists;
  cold(name: ColdColumn, from: number, to: number): string[];
}

export function isStamp(name: string): name is Stamp {
  return (stamps as readonly string[]).includes(name); // widened only to ask
}

/** Where the sum begins whose steps are stored of a column that grows from row to row; undefined: the column is no such one. */
export function sumFrom(name: StoredNumber, created: Ms): number | undefined {
  if (name === 'key') return 0;
  return name === 'created_at' ? created : undefined;
}

/**
 * The instants from which a column's differences are stored: the creation, or for the first close the last one, which it mostly
 * is. Near ones make small numbers.
 */
export function basesOf(name: Stamp, created: Float64Array, closed: () => Float64Array | undefined): Float64Array {
  const last = name === 'first_closed_at' ? closed() : undefined;
  if (last === undefined) return created;
  const bases = new Float64Array(created.length);
  for (let row = 0; row < bases.length; row++) {
    const at = last[row] ?? Number.NaN;
    // Cheaper than Number.isNaN, which would be called for each row.
    bases[row] = at > Number.NEGATIVE_INFINITY ? at : (created[row] ?? Number.NaN);
  }
  return bases;
}

const openStatuses = ['new', 'in_progress', 'on_hold'];

/**
 * When each finding settled: its last instant, once it is closed; infinite while it is open or its closing is not dated.
 * The last instant, not only the closing: a verdict given after the closing belongs to the month in which it was given.
 */
export function settledAt(rows: Rows): Float64Array {
  const status = rows.text('status');
  const open = status.values.map((value) => openStatuses.includes(value));
  const settled = rows.number('closed_at').slice();
  for (let i = 0; i < settled.length; i++) {
    if (Number.isNaN(settled[i]) || open[status.codes[i] ?? -1] === true) settled[i] = Number.POSITIVE_INFINITY;
  }
  for (const name of stamps) {
    const values = rows.number(name);
    for (let i = 0; i < settled.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (value > (settled[i] ?? Number.NaN)) settled[i] = value;
    }
  }
  return settled;
}

/** Smallest and largest of numbers; NaN is passed over. Infinite the wrong way round when there are none. */
export function rangeOf(values: Float64Array): { min: Ms; max: Ms } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Collects distinct texts and gives each its code; '' is unknown, -1. */
export function coder(): { code(text: string): number; codes(texts: readonly string[]): Int32Array; values: string[] } {
  const values: string[] = [];
  const known = new Map<string, number>();
  const code = (text: string): number => {
    if (text === '') return -1;
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, values.length);
    return values.push(text) - 1;
  };
  return {
    values,
    code,
    codes(texts) {
      // A plain loop: Int32Array.from costs several times as much.
      const codes = new Int32Array(texts.length);
      for (let i = 0; i < codes.length; i++) codes[i] = code(texts[i] ?? '');
      return codes;
    },
  };
}

/**
 * Distinct values in the order of their first row and none that no row has: how the rows lie in segments must not show.
 * `codes` is rewritten in place.
 */
export function inOrder(codes: Int32Array, values: readonly string[]): TextValues {
  const renamed = new Int32Array(values.length).fill(-1);
  const ordered: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (code < 0) continue;
    if (renamed[code] === -1) renamed[code] = ordered.push(values[code] ?? '') - 1;
    codes[row] = renamed[code] ?? -1;
  }
  return { codes, values: ordered };
}
