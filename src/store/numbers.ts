import { unknownIn } from './codec.ts';
import { once, oncePer } from '../once.ts';
import { block, type Placed } from './placed.ts';
import { addUp } from './reader.ts';
import { basesOf, isStamp, type StoredNumber, sumFrom } from './rows.ts';

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
    const values = gatherNumbers(rows, placed, name);
    const bases = basesOf(name, column('created_at'), () => (has('closed_at') ? column('closed_at') : undefined));
    for (let row = 0; row < rows; row++) values[row] = (values[row] ?? Number.NaN) + (bases[row] ?? Number.NaN);
    return values;
  });
  return { column, unknown };
}

/** As they are stored, each at its place; NaN for unknown. An array of its own, which may be written to. */
export function gatherNumbers(rows: number, placed: readonly Placed[], name: StoredNumber): Float64Array {
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
      putNumbers(out, found, own, unknown);
      from += block;
    }
  }
  return out;
}

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
