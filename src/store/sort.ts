import type { Ms } from '../finding.ts';
import { periodOf } from '../period.ts';
import type { BatchTimes } from './batches.ts';
import { cutRows, gatheredRows } from './gather.ts';
import { type Placed, stretchesOf } from './placed.ts';
import type { SegmentReader } from './reader.ts';
import { coder, type Rows, settledAt } from './rows.ts';
import type { SegmentKind } from './segment.ts';

/** A segment's rows: which finding, which batch saw it, which batch superseded that (NaN: none did). */
export interface Line {
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

/**
 * Finds what superseded each observation of the findings in `keys` by putting all their observations, which the given lines
 * must hold, in order of time. The other findings' observations keep what they know.
 */
export function lineUp(lines: readonly Line[], keys: ReadonlySet<number>, times: BatchTimes): Line[] {
  const all = joined(lines);
  const order = inTime(
    numbersWhere(all.keys.length, (i) => keys.has(all.keys[i] ?? -1)),
    all,
    times,
  );
  for (let i = 0; i < order.length; i++) {
    const row = order[i] ?? 0;
    const next = order[i + 1];
    const superseded = next !== undefined && all.keys[next] === all.keys[row];
    all.until[row] = superseded ? (all.batches[next] ?? Number.NaN) : Number.NaN;
  }
  let from = 0;
  return lines.map((line) => {
    const until = all.until.slice(from, from + line.keys.length);
    from += until.length;
    return { ...line, until };
  });
}

/** As `sorter` names the bucket that a merged segment holds. */
export function bucketName({ kind, bucket }: SegmentKind): string {
  return `${kind} ${bucket}`;
}

/** Sorts rows into buckets "current open", "current 2026-10" or "history 2026-10"; `buckets` are those in use. */
export function sorter(times: BatchTimes, keepFrom: Ms): { sort(line: Line): Sorted; buckets: readonly string[] } {
  const { code, values: buckets } = coder();
  const monthOf = months();
  const sort = (line: Line): Sorted => {
    const rows = line.keys.length;
    const all: Placed[] = [{ reader: line.reader, stretches: stretchesOf(Int32Array.from({ length: rows }, (_, row) => row)) }];
    const settled = settledAt(gatheredRows(rows, all));
    let dropped = Number.NEGATIVE_INFINITY;
    const own = new Int32Array(rows).fill(-1);
    for (let row = 0; row < rows; row++) {
      const at = settled[row] ?? Number.NaN;
      const batch = line.until[row] ?? Number.NaN;
      const end = times.finished[batch] ?? Number.NaN;
      if (Number.isNaN(batch)) own[row] = code(Number.isFinite(at) ? `current ${monthOf(at)}` : 'current open');
      else if (end > keepFrom) own[row] = code(`history ${monthOf(end)}`);
      else dropped = Math.max(dropped, end);
    }
    return { ...line, buckets: own, dropped };
  };
  return { sort, buckets };
}

/** Names the UTC month of an instant; remembers the months met, because there are few. */
function months(): (at: Ms) => string {
  const met: { label: string; start: Ms; end: Ms }[] = [];
  return (at) => {
    const known = met.find(({ start, end }) => at >= start && at < end);
    if (known !== undefined) return known.label;
    const year = new Date(at).getUTCFullYear();
    // A product's nonsense date must not make a segment of its own, nor stop the compaction.
    if (!(year >= 1990 && year < 2200)) return 'other';
    const { label, start, end } = periodOf('month', at, 'UTC');
    met.unshift({ label, start, end });
    return label;
  };
}

/** A bucket's observations, in the order of their keys. */
export interface Bucket {
  name: string;
  rows: Rows;
}

/** All observations by bucket. Every column is gathered once for all buckets, then cut. */
export function intoBuckets(sorted: readonly Sorted[], names: readonly string[], times: BatchTimes): Bucket[] {
  const all = joined(sorted);
  const buckets = concat(sorted.map((line) => line.buckets));
  const order = inTime(
    numbersWhere(buckets.length, (i) => (buckets[i] ?? -1) >= 0),
    all,
    times,
    buckets,
  );
  const until = new Float64Array(order.length);
  for (let at = 0; at < order.length; at++) until[at] = all.until[order[at] ?? 0] ?? Number.NaN;
  const rows = gatheredRows(order.length, place(sorted, order), until);
  let from = 0;
  return names.map((name, bucket) => {
    let to = from;
    while (to < order.length && buckets[order[to] ?? 0] === bucket) to++;
    const part = { name, rows: cutRows(rows, from, to) };
    from = to;
    return part;
  });
}

/** Where each line's rows stand in `order`, which numbers the rows of all lines one after another. */
function place(lines: readonly Line[], order: Uint32Array): Placed[] {
  const placeOf = new Int32Array(lines.reduce((rows, { keys }) => rows + keys.length, 0)).fill(-1);
  for (let at = 0; at < order.length; at++) placeOf[order[at] ?? 0] = at;
  let from = 0;
  return lines.map(({ reader, keys }) => {
    const stretches = stretchesOf(placeOf.subarray(from, from + keys.length));
    from += keys.length;
    return { reader, stretches };
  });
}

/** The numbers below `length` that `wanted` wants. */
function numbersWhere(length: number, wanted: (i: number) => boolean): Uint32Array {
  const numbers = new Uint32Array(length);
  let n = 0;
  for (let i = 0; i < length; i++) if (wanted(i)) numbers[n++] = i;
  return numbers.subarray(0, n);
}

/** The numbers of observations by bucket, then by finding, then by the time of their batch. */
function inTime(numbers: Uint32Array, { keys, batches }: Joined, { rank }: BatchTimes, buckets?: Float64Array): Uint32Array {
  const ranks = batches.map((batch) => rank[batch] ?? 0);
  const order = sortedBy(keys, sortedBy(ranks, numbers));
  return buckets === undefined ? order : sortedBy(buckets, order);
}

/** Sorts numbers by the small whole value of each; those of equal value keep their order. Counting beats comparing for millions. */
function sortedBy(values: Float64Array, numbers: Uint32Array): Uint32Array {
  let last = 0;
  for (const i of numbers) last = Math.max(last, values[i] ?? 0);
  const starts = new Uint32Array(last + 2);
  for (const i of numbers) {
    const next = (values[i] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let value = 0; value <= last; value++) starts[value + 1] = (starts[value + 1] ?? 0) + (starts[value] ?? 0);
  const sorted = new Uint32Array(numbers.length);
  for (const i of numbers) {
    const value = values[i] ?? 0;
    const at = starts[value] ?? 0;
    sorted[at] = i;
    starts[value] = at + 1;
  }
  return sorted;
}

interface Joined {
  keys: Float64Array;
  batches: Float64Array;
  until: Float64Array;
}

function joined(lines: readonly Line[]): Joined {
  const column = (name: keyof Joined) => concat(lines.map((line) => line[name]));
  return { keys: column('keys'), batches: column('batches'), until: column('until') };
}

function concat(arrays: readonly (Float64Array | Int32Array)[]): Float64Array {
  const all = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let from = 0;
  for (const array of arrays) {
    all.set(array, from);
    from += array.length;
  }
  return all;
}
