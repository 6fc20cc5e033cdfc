import type { Texts } from './codec.ts';
import type { StoredText } from './content.ts';
import { gatherEntities } from './entities.ts';
import { once, oncePer } from '../once.ts';
import { numbersOf } from './numbers.ts';
import { block, type Placed, type Stretches } from './placed.ts';
import { coder, inOrder, type Rows } from './rows.ts';
import type { TextValues } from './types.ts';

/** One text column in the order of the places. Where places grow within each segment, values stand in the order of their first row. */
export function gatherTexts(rows: number, placed: readonly Placed[], name: StoredText): TextValues {
  const parts = placed.flatMap(({ reader, stretches }) => {
    const texts = reader.text(name);
    return texts === undefined ? [] : [{ ...texts, stretches }];
  });
  const { values, renamed } = mergeValues(parts);
  const codes = new Int32Array(rows);
  // Otherwise each row is put.
  if (parts.length < placed.length) codes.fill(-1);
  const own = new Int32Array(block);
  for (const [at, { stretches, codes: stored }] of parts.entries()) {
    const merged = renamed[at] ?? own;
    let from = 0;
    for (const found of stretches) {
      own.set(stored.subarray(from, from + block));
      putCodes(codes, found, own, merged);
      from += block;
    }
  }
  return { codes, values };
}

function putCodes(codes: Int32Array, stretches: Int32Array, own: Int32Array, merged: Int32Array): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) codes[row + away] = merged[own[row] ?? 0] ?? -1;
  }
}

/** A segment's column and where its rows stand. */
interface Part extends Texts {
  stretches: Stretches;
}

/** The distinct values of all parts in the order of their first places, and for each part its own codes renamed to theirs. */
function mergeValues(parts: readonly Part[]): { values: string[]; renamed: Int32Array[] } {
  const { codes, values } = coder();
  const first: number[] = [];
  const merged = parts.map((part) => {
    const own = codes(part.values);
    const places = firstPlaces(part);
    for (const [i, distinct] of own.entries()) {
      const place = places[i] ?? -1;
      if (distinct >= 0 && place >= 0) first[distinct] = Math.min(place, first[distinct] ?? place);
    }
    return own;
  });
  // A value that no placed row has is left out: how the rows lie in segments must not show.
  const order = [...values.keys()].filter((distinct) => first[distinct] !== undefined);
  order.sort((a, b) => (first[a] ?? -1) - (first[b] ?? -1));
  const named = new Int32Array(values.length).fill(-1);
  for (const [at, distinct] of order.entries()) named[distinct] = at;
  return {
    values: order.map((distinct) => values[distinct] ?? ''),
    renamed: merged.map((own) => own.map((distinct) => named[distinct] ?? -1)),
  };
}

/** Where each code of a part first stands; -1: nowhere. Mostly all codes are met long before the last row. */
function firstPlaces({ codes, values, stretches }: Part): Int32Array {
  const first = new Int32Array(values.length).fill(-1);
  const own = new Int32Array(block);
  // Code 0 is unknown and need not be met.
  let missing = values.length - 1;
  let from = 0;
  for (const found of stretches) {
    if (missing <= 0) break;
    own.set(codes.subarray(from, from + block));
    missing -= meetCodes(first, found, own);
    from += block;
  }
  return first;
}

/** How many codes are met that were not met before. */
function meetCodes(first: Int32Array, stretches: Int32Array, own: Int32Array): number {
  let met = 0;
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) {
      const code = own[row] ?? 0;
      if (code === 0 || first[code] !== -1) continue;
      first[code] = row + away;
      met++;
    }
  }
  return met;
}

/** Gathered observations as rows, each column once. `until` is known to who gathers them, or stands in their segments. */
export function gatheredRows(rows: number, placed: readonly Placed[], until?: Float64Array): Rows {
  const numbers = numbersOf(rows, placed).column;
  const origin = once(() => originOf(rows, placed));
  return {
    rows,
    text: oncePer((name) => gatherTexts(rows, placed, name)),
    number: (name) => (name === 'until_batch' && until !== undefined ? until : numbers(name)),
    entities: once(() => gatherEntities(rows, placed)),
    cold(name, from, to) {
      const { segment, row } = origin();
      const texts: string[] = [];
      for (let place = from; place < to; place++) texts.push(placed[segment[place] ?? -1]?.reader.cold(name, row[place] ?? -1) ?? '');
      return texts;
    },
  };
}

/** The rows `[first, end)` of rows. */
export function cutRows(rows: Rows, first: number, end: number): Rows {
  return {
    rows: end - first,
    text(name) {
      const { codes, values } = rows.text(name);
      return inOrder(codes.slice(first, end), values);
    },
    number: (name) => rows.number(name).subarray(first, end),
    entities() {
      const lists = rows.entities();
      const before = sum(lists.counts.subarray(0, first));
      const counts = lists.counts.subarray(first, end);
      return { counts, ...inOrder(lists.codes.slice(before, before + sum(counts)), lists.values) };
    },
    cold: (name, from, to) => rows.cold(name, first + from, first + to),
  };
}

function sum(counts: Int32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function originOf(rows: number, placed: readonly Placed[]): { segment: Int32Array; row: Int32Array } {
  const origin = { segment: new Int32Array(rows).fill(-1), row: new Int32Array(rows) };
  for (const [segment, { stretches }] of placed.entries()) {
    for (const [at, found] of stretches.entries()) {
      for (let i = 0; i < found.length; i += 3) {
        const away = found[i + 2] ?? 0;
        for (let row = found[i] ?? 0; row < (found[i + 1] ?? 0); row++) {
          origin.segment[row + away] = segment;
          origin.row[row + away] = at * block + row;
        }
      }
    }
  }
  return origin;
}
