import type { StoredText } from './content.ts';
import { gatherEntities } from './entities.ts';
import { lazily, remembered } from './once.ts';
import type { SegmentReader } from './reader.ts';
import { coder, inOrder, type Rows, type StoredNumber } from './rows.ts';
import type { TextValues } from './types.ts';

/** A segment and where each of its rows stands among the gathered ones; -1: not among them. */
export interface Placed {
  reader: SegmentReader;
  places: Int32Array;
}

export function gatherTexts(rows: number, placed: readonly Placed[], name: StoredText): TextValues {
  const codes = new Int32Array(rows).fill(-1);
  const { code, values } = coder();
  for (const { reader, places } of placed) {
    const texts = reader.text(name);
    if (texts === undefined) continue;
    const merged = Int32Array.from(texts.values, code);
    const own = texts.codes;
    for (let row = 0; row < places.length; row++) {
      const place = places[row] ?? -1;
      if (place >= 0) codes[place] = merged[own[row] ?? 0] ?? -1;
    }
  }
  return inOrder(codes, values);
}

export function gatherNumbers(rows: number, placed: readonly Placed[], name: StoredNumber): Float64Array {
  const out = new Float64Array(rows).fill(Number.NaN);
  for (const { reader, places } of placed) {
    const values = reader.number(name);
    if (values === undefined) continue;
    for (let row = 0; row < places.length; row++) {
      const place = places[row] ?? -1;
      if (place >= 0) out[place] = values[row] ?? Number.NaN;
    }
  }
  return out;
}

/** Gathered observations as rows, each column once. `until` is known to who gathers them, or stands in their segments. */
export function gatheredRows(rows: number, placed: readonly Placed[], until?: Float64Array): Rows {
  const numbers = remembered((name: StoredNumber) => gatherNumbers(rows, placed, name));
  const origin = lazily(() => originOf(rows, placed));
  return {
    rows,
    text: remembered((name) => gatherTexts(rows, placed, name)),
    number: (name) => (name === 'until_batch' && until !== undefined ? until : numbers(name)),
    entities: lazily(() => gatherEntities(rows, placed)),
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
  return counts.reduce((total, count) => total + count, 0);
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
