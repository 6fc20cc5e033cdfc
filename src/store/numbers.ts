import { unknownIn } from './codec.ts';
import { once, oncePer } from '../once.ts';
import { block, type Placed } from './placed.ts';
import { addUp } from './reader.ts';
import { isStamp, type StoredNumber, sumFrom } from './rows.ts';

/** Puts a block of stored numbers to their places in `out`; of what is unknown NaN. */
export type Put = (out: Float64Array, stretches: Int32Array, own: Float64Array, unknown: number) => void;

/** The number columns of placed rows, each read once. Those of which nothing is known are one array. */
export function numbersOf(
  rows: number,
  placed: readonly Placed[],
): { column: (name: StoredNumber) => Float64Array; unknown: () => Float64Array } {
  const unknown = once(() => new Float64Array(rows).fill(Number.NaN));
  const has = (name: StoredNumber): boolean => placed.some(({ reader }) => reader.has(name));
  const column: (name: StoredNumber) => Float64Array = oncePer((name: StoredNumber) => {
    if (!has(name)) return unknown();
    if (!isStamp(name) || name === 'created_at') return gatherNumbers(rows, placed, name);
    // As `basesOf` says, from which they were stored.
    const created = column('created_at');
    const near = name === 'first_closed_at' && has('closed_at') ? column('closed_at') : created;
    return gatherNumbers(rows, placed, name, (out, stretches, own, none) => putDifferences(out, stretches, own, none, near, created));
  });
  return { column, unknown };
}

export function gatherNumbers(rows: number, placed: readonly Placed[], name: StoredNumber, put: Put = putNumbers): Float64Array {
  const out = new Float64Array(rows);
  // Otherwise each row is put.
  if (!placed.every(({ reader }) => reader.has(name))) out.fill(Number.NaN);
  const own = new Float64Array(block);
  for (const { reader, stretches } of placed) {
    const stored = reader.stored(name);
    if (stored === undefined) continue;
    let sum = sumFrom(name, reader.segment.created_min);
    const unknown = sum === undefined ? unknownIn(stored) : Number.NaN;
    let from = 0;
    for (const found of stretches) {
      own.set(stored.subarray(from, from + block));
      if (sum !== undefined) sum = addUp(own, sum);
      put(out, found, own, unknown);
      from += block;
    }
  }
  return out;
}

// These loops ask by comparing and not by Number.isNaN, which would be called for each row.

function putNumbers(out: Float64Array, stretches: Int32Array, own: Float64Array, unknown: number): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) {
      const value = own[row] ?? Number.NaN;
      out[row + away] = value === unknown ? Number.NaN : value;
    }
  }
}

/** Differences to what is in `near`, or where that is unknown, in `created`. */
function putDifferences(
  out: Float64Array,
  stretches: Int32Array,
  own: Float64Array,
  unknown: number,
  near: Float64Array,
  created: Float64Array,
): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) {
      const value = own[row] ?? Number.NaN;
      const base = near[row + away] ?? Number.NaN;
      const known = base > Number.NEGATIVE_INFINITY ? base : (created[row + away] ?? Number.NaN);
      out[row + away] = value === unknown ? Number.NaN : value + known;
    }
  }
}

/** What `times` says of the stored numbers, which are batches. */
export function putTimes(out: Float64Array, stretches: Int32Array, own: Float64Array, unknown: number, times: Float64Array): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) {
      const batch = own[row] ?? Number.NaN;
      out[row + away] = batch === unknown ? Number.NaN : (times[batch] ?? Number.NaN);
    }
  }
}

/** The later of the creation and of what `times` says of the stored batch; of batch 0 the creation. */
export function putTouched(
  out: Float64Array,
  stretches: Int32Array,
  own: Float64Array,
  unknown: number,
  times: Float64Array,
  created: Float64Array,
): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) {
      const batch = own[row] ?? Number.NaN;
      const creation = created[row + away] ?? Number.NaN;
      const touch = batch === unknown ? Number.NaN : (times[batch] ?? Number.NaN);
      out[row + away] = batch === 0 || creation > touch ? creation : touch;
    }
  }
}
