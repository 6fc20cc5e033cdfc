import type { SegmentReader } from './reader.ts';

/** A segment and where its rows stand among gathered ones. */
export interface Placed {
  reader: SegmentReader;
  stretches: Stretches;
}

/**
 * Rows of a segment that stand next to each other mostly do so among the gathered ones, too: so their places are kept as
 * stretches. An array for each block of rows holds three numbers a stretch: its first row and its end, counted within the block,
 * and what a row is away from its place. Rows that stand nowhere are in no stretch.
 */
export type Stretches = readonly Int32Array[];

/**
 * Stored numbers come as several types. A block of them copied to one type keeps the loops over them quick, and a loop in a
 * function of its own, called for each block, is compiled after the first few.
 */
export const block = 8192;

/** `places`: where each row stands; -1: nowhere. */
export function stretchesOf(places: Int32Array): Stretches {
  const stretches: Int32Array[] = [];
  const found = new Int32Array(3 * block);
  for (let from = 0; from < places.length; from += block) {
    stretches.push(found.slice(0, findStretches(places.subarray(from, from + block), found)));
  }
  return stretches;
}

/** Returns how many numbers it has written to `found`. */
function findStretches(places: Int32Array, found: Int32Array): number {
  let used = 0;
  // Where the next row stands if it continues a stretch; -2: there is none.
  let next = -2;
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? -1;
    if (place === next) {
      next++;
      continue;
    }
    if (next >= 0) found[used - 2] = row;
    next = place < 0 ? -2 : place + 1;
    if (place < 0) continue;
    found[used] = row;
    found[used + 2] = place - row;
    used += 3;
  }
  if (next >= 0) found[used - 2] = places.length;
  return used;
}

/** Tells segment and row of each of the given places, segment by segment. Within each segment places must grow. */
export function visitPlaces(
  placed: readonly Placed[],
  wanted: ArrayLike<number>,
  visit: (place: number, reader: SegmentReader, row: number) => void,
): void {
  const sorted = Int32Array.from(wanted).sort();
  for (const { reader, stretches } of placed) {
    let from = 0;
    let at = 0;
    for (const found of stretches) {
      at = visitWithin(found, sorted, at, (place, row) => visit(place, reader, from + row));
      from += block;
    }
  }
}

function visitWithin(found: Int32Array, sorted: Int32Array, from: number, visit: (place: number, row: number) => void): number {
  let at = from;
  for (let i = 0; i < found.length; i += 3) {
    const away = found[i + 2] ?? 0;
    const first = (found[i] ?? 0) + away;
    const end = (found[i + 1] ?? 0) + away;
    while (at < sorted.length && (sorted[at] ?? 0) < first) at++;
    for (; at < sorted.length && (sorted[at] ?? 0) < end; at++) visit(sorted[at] ?? 0, (sorted[at] ?? 0) - away);
  }
  return at;
}
