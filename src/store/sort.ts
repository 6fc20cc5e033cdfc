import type { Ms } from '../finding.ts';
import { periodOf } from '../period.ts';
import type { BatchTimes } from './batches.ts';
import { gatheredRows, type Placed } from './gather.ts';
import type { SegmentReader } from './reader.ts';
import { coder, type Rows, settledAt } from './rows.ts';

/** A segment's rows: which finding, which batch saw it, which batch superseded that (NaN: none did). */
interface Line {
  reader: SegmentReader;
  keys: Float64Array;
  batches: Float64Array;
  until: Float64Array;
}

/** A segment's rows sorted into buckets by number; -1 is dropped. */
export interface Sorted extends Line {
  buckets: Int32Array;
  /** When the last of the dropped ones was superseded; -Infinity: none was dropped. */
  dropped: Ms;
}

/** A merged segment's rows, which say themselves what superseded them. */
export function lineOf(reader: SegmentReader): Line {
  const column = (name: 'key' | 'batch' | 'until_batch') => reader.number(name) ?? new Float64Array(reader.segment.rows).fill(Number.NaN);
  return { reader, keys: column('key'), batches: column('batch'), until: column('until_batch') };
}

/** Finds what superseded each observation by putting all observations of the given segments in order. */
export function lineUp(readers: readonly SegmentReader[], times: BatchTimes): Line[] {
  const lines = readers.map(lineOf);
  const keys = concat(lines.map((line) => line.keys));
  const batches = concat(lines.map((line) => line.batches));
  const order = inTime(keys, batches, times);
  const until = new Float64Array(keys.length).fill(Number.NaN);
  for (let i = 1; i < order.length; i++) {
    const [earlier = 0, later = 0] = [order[i - 1], order[i]];
    if (keys[earlier] === keys[later]) until[earlier] = batches[later] ?? Number.NaN;
  }
  let from = 0;
  return lines.map((line) => {
    const own = until.slice(from, from + line.keys.length);
    from += line.keys.length;
    return { ...line, until: own };
  });
}

/** Sorts rows into buckets "current open", "current 2026-10" or "history 2026-10"; `buckets` are those in use. */
export function sorter(times: BatchTimes, keepFrom: Ms): { sort(line: Line): Sorted; buckets: readonly string[] } {
  const { code, values: buckets } = coder();
  const monthOf = months();
  const sort = (line: Line): Sorted => {
    const rows = line.keys.length;
    const all: Placed[] = [{ reader: line.reader, places: Int32Array.from({ length: rows }, (_, row) => row) }];
    const settled = settledAt(gatheredRows(rows, all));
    let dropped = Number.NEGATIVE_INFINITY;
    const own = Int32Array.from(line.until, (batch, row) => {
      const at = settled[row] ?? Number.NaN;
      if (Number.isNaN(batch)) return code(Number.isFinite(at) ? `current ${monthOf(at)}` : 'current open');
      const end = times.finished[batch] ?? Number.NaN;
      if (end > keepFrom) return code(`history ${monthOf(end)}`);
      dropped = Math.max(dropped, end);
      return -1;
    });
    return { ...line, buckets: own, dropped };
  };
  return { sort, buckets };
}

/** Names the UTC month of an instant; remembers the last one, because neighbours mostly share it. */
function months(): (at: Ms) => string {
  let last: { label: string; start: Ms; end: Ms } | undefined;
  return (at) => {
    if (last !== undefined && at >= last.start && at < last.end) return last.label;
    const year = new Date(at).getUTCFullYear();
    // A product's nonsense date must not make a segment of its own, nor stop the compaction.
    if (!(year >= 1990 && year < 2200)) return 'other';
    last = periodOf('month', at, 'UTC');
    return last.label;
  };
}

/** The rows of one bucket, in the order of their keys. */
export function rowsOfBucket(sorted: readonly Sorted[], bucket: number, times: BatchTimes): Rows {
  const picked = sorted.map(({ buckets }) => rowsIn(buckets, bucket));
  const pick = (column: 'keys' | 'batches' | 'until') =>
    concat(sorted.map((line, i) => Float64Array.from(picked[i] ?? [], (row) => line[column][row] ?? Number.NaN)));
  const order = inTime(pick('keys'), pick('batches'), times);
  const until = pick('until');
  const ordered = Float64Array.from(order, (row) => until[row] ?? Number.NaN);
  return gatheredRows(order.length, place(sorted, picked, order), ordered);
}

function rowsIn(buckets: Int32Array, bucket: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < buckets.length; row++) if (buckets[row] === bucket) rows.push(row);
  return rows;
}

/** Turns "the i-th of all picked rows stands at place p" into a place per segment and row. */
function place(sorted: readonly Sorted[], picked: readonly number[][], order: Uint32Array): Placed[] {
  const placeOf = new Int32Array(order.length);
  for (let p = 0; p < order.length; p++) placeOf[order[p] ?? 0] = p;
  let from = 0;
  const placed: Placed[] = [];
  for (const [i, { reader }] of sorted.entries()) {
    const rows = picked[i] ?? [];
    if (rows.length === 0) continue;
    const places = new Int32Array(reader.segment.rows).fill(-1);
    for (const [k, row] of rows.entries()) places[row] = placeOf[from + k] ?? -1;
    from += rows.length;
    placed.push({ reader, places });
  }
  return placed;
}

/** The numbers of observations sorted by finding, then by the time of their batch. */
function inTime(keys: Float64Array, batches: Float64Array, { rank }: BatchTimes): Uint32Array {
  const order = Uint32Array.from(keys, (_, i) => i);
  return order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || (rank[batches[a] ?? 0] ?? 0) - (rank[batches[b] ?? 0] ?? 0));
}

function concat(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let from = 0;
  for (const array of arrays) {
    all.set(array, from);
    from += array.length;
  }
  return all;
}
