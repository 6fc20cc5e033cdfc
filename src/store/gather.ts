import { type Texts, unknownIn } from './codec.ts';
import type { StoredText } from './content.ts';
import { gatherEntities } from './entities.ts';
import { once, oncePer } from '../once.ts';
import type { SegmentReader } from './reader.ts';
import { coder, inOrder, type Rows, type StoredNumber } from './rows.ts';
import type { TextValues } from './types.ts';

/** A segment and where each of its rows stands among the gathered ones; -1: not among them. */
export interface Placed {
  reader: SegmentReader;
  places: Int32Array;
}

/**
 * Stored numbers come as several types. A block of them copied to one type keeps the loops over them quick, and a loop in a
 * function of its own, called for each block, is compiled after the first few.
 */
const block = 8192;

/** One text column in the order of the places. Where places grow within each segment, values stand in the order of their first row. */
export function gatherTexts(rows: number, placed: readonly Placed[], name: StoredText): TextValues {
  const parts = placed.flatMap(({ reader, places }) => {
    const texts = reader.text(name);
    return texts === undefined ? [] : [{ ...texts, places }];
  });
  const { values, renamed } = mergeValues(parts);
  const codes = new Int32Array(rows).fill(-1);
  const own = new Int32Array(block);
  for (const [at, { places, codes: stored }] of parts.entries()) {
    const merged = renamed[at] ?? own;
    for (let from = 0; from < places.length; from += block) {
      const to = Math.min(places.length, from + block);
      own.set(stored.subarray(from, to));
      putCodes(codes, places.subarray(from, to), own, merged);
    }
  }
  return { codes, values };
}

function putCodes(codes: Int32Array, places: Int32Array, own: Int32Array, merged: Int32Array): void {
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? -1;
    if (place >= 0) codes[place] = merged[own[row] ?? 0] ?? -1;
  }
}

/** The distinct values of all parts in the order of their first places, and for each part its own codes renamed to theirs. */
function mergeValues(parts: readonly (Texts & { places: Int32Array })[]): { values: string[]; renamed: Int32Array[] } {
  const { code, values } = coder();
  const first: number[] = [];
  const merged = parts.map((part) => {
    const own = Int32Array.from(part.values, code);
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
function firstPlaces({ codes, values, places }: Texts & { places: Int32Array }): Int32Array {
  const first = new Int32Array(values.length).fill(-1);
  const own = new Int32Array(block);
  // Code 0 is unknown and need not be met.
  let missing = values.length - 1;
  for (let from = 0; from < places.length && missing > 0; from += block) {
    const to = Math.min(places.length, from + block);
    own.set(codes.subarray(from, to));
    missing -= meetCodes(first, places.subarray(from, to), own);
  }
  return first;
}

/** How many codes are met that were not met before. */
function meetCodes(first: Int32Array, places: Int32Array, own: Int32Array): number {
  let met = 0;
  for (let row = 0; row < places.length; row++) {
    const code = own[row] ?? 0;
    const place = places[row] ?? -1;
    if (place < 0 || code === 0 || first[code] !== -1) continue;
    first[code] = place;
    met++;
  }
  return met;
}

export function gatherNumbers(rows: number, placed: readonly Placed[], name: StoredNumber): Float64Array {
  const out = new Float64Array(rows).fill(Number.NaN);
  const own = new Float64Array(block);
  for (const { reader, places } of placed) {
    const found = reader.differences(name);
    if (found === undefined) continue;
    const { stored, bases } = found;
    const unknown = unknownIn(stored);
    for (let from = 0; from < places.length; from += block) {
      const to = Math.min(places.length, from + block);
      own.set(stored.subarray(from, to));
      putNumbers(out, places.subarray(from, to), own, unknown, bases?.subarray(from, to));
    }
  }
  return out;
}

function putNumbers(out: Float64Array, places: Int32Array, own: Float64Array, unknown: number, bases: Float64Array | undefined): void {
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? -1;
    const value = own[row] ?? Number.NaN;
    if (place >= 0 && value !== unknown) out[place] = bases === undefined ? value : value + (bases[row] ?? Number.NaN);
  }
}

/** Gathered observations as rows, each column once. `until` is known to who gathers them, or stands in their segments. */
export function gatheredRows(rows: number, placed: readonly Placed[], until?: Float64Array): Rows {
  const unknown = once(() => new Float64Array(rows).fill(Number.NaN));
  const numbers = oncePer((name: StoredNumber) =>
    placed.some(({ reader }) => reader.has(name)) ? gatherNumbers(rows, placed, name) : unknown(),
  );
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
  for (const [segment, { places }] of placed.entries()) {
    for (let row = 0; row < places.length; row++) {
      const place = places[row] ?? -1;
      if (place < 0) continue;
      origin.segment[place] = segment;
      origin.row[place] = row;
    }
  }
  return origin;
}
