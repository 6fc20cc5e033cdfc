import type { Ms } from '../finding.ts';
import type { BatchTimes } from './batches.ts';
import { once } from '../once.ts';
import { block, type Placed, stretchesOf } from './placed.ts';
import type { SegmentReader } from './reader.ts';
import type { Segment } from './segment.ts';

/**
 * Whether a view needs a segment. Findings that settled before `since` need none, because what superseded them is always
 * read (it is fresh) or says so itself (`until_batch`); only where a batch was stored late must everything be compared.
 */
export function isNeeded(segment: Segment, asOf: Ms, since: Ms, anyLate: boolean): boolean {
  if (segment.seen_min > asOf) return false;
  if (segment.until_max !== null && segment.until_max <= asOf) return false;
  if (segment.kind === 'fresh' || anyLate) return true;
  return segment.settled_max === null || segment.settled_max >= since;
}

/** Places the latest observation of every finding among batches finished by `asOf`, in the order of keys. */
export function placeLatest(readers: readonly SegmentReader[], asOf: Ms, times: () => BatchTimes): { rows: number; placed: Placed[] } {
  const keys = readers.map((reader) => reader.number('key') ?? new Float64Array(0));
  const visible = readers.map((reader) => visibility(reader, asOf, times));
  const winners = chooseLatest(readers, keys, visible, times);
  const places = new Int32Array(keys.reduce((all, own) => all + own.length, 0)).fill(-1);
  let rows = 0;
  for (let key = 0; key < winners.length; key++) {
    const winner = winners[key] ?? 0;
    if (winner !== 0) places[winner - 1] = rows++;
  }
  let from = 0;
  const placed = readers.map((reader, s): Placed => {
    const to = from + (keys[s]?.length ?? 0);
    const stretches = stretchesOf(places.subarray(from, to));
    from = to;
    return { reader, stretches };
  });
  return { rows, placed: placed.filter(({ stretches }) => stretches.some((found) => found.length > 0)) };
}

/** Per key the number of its latest observation, counted from 1 through all segments; 0 where there is none. */
function chooseLatest(
  readers: readonly SegmentReader[],
  keys: readonly Float64Array[],
  visible: readonly (Uint8Array | undefined)[],
  times: () => BatchTimes,
): Int32Array {
  let last = -1;
  // Keys grow within a segment.
  for (const own of keys) last = Math.max(last, own[own.length - 1] ?? -1);
  const winners = new Int32Array(last + 1);
  // Most findings are in one of the segments; then nobody need know when it was seen.
  const ranks = once(() => ranksOf(readers, times));
  let first = 1;
  for (const [s, own] of keys.entries()) {
    const shown = visible[s];
    for (let from = 0; from < own.length; from += block) {
      const to = Math.min(own.length, from + block);
      takeLatest(winners, own.subarray(from, to), first + from, shown?.subarray(from, to), ranks);
    }
    first += own.length;
  }
  return winners;
}

function takeLatest(winners: Int32Array, keys: Float64Array, first: number, shown: Uint8Array | undefined, ranks: () => Int32Array): void {
  for (let row = 0; row < keys.length; row++) {
    if (shown !== undefined && shown[row] === 0) continue;
    const key = keys[row] ?? 0; // row < keys.length
    const winner = winners[key] ?? 0;
    if (winner === 0 || isNewer(ranks(), first + row, winner)) winners[key] = first + row;
  }
}

function isNewer(ranks: Int32Array, one: number, other: number): boolean {
  return (ranks[one] ?? 0) >= (ranks[other] ?? 0);
}

/** The place in time of each observation, counted from 1 through all segments. */
function ranksOf(readers: readonly SegmentReader[], times: () => BatchTimes): Int32Array {
  // As long as no batch came late, the ids of batches are in the order of time.
  const order = readers.some(({ segment }) => segment.late) ? times().rank : undefined;
  const ranks = new Int32Array(readers.reduce((all, { segment }) => all + segment.rows, 1));
  let at = 1;
  for (const { segment, number } of readers) {
    const batches = number('batch') ?? new Float64Array(segment.rows);
    if (order === undefined) ranks.set(batches, at);
    else for (let row = 0; row < batches.length; row++) ranks[at + row] = order[batches[row] ?? 0] ?? 0;
    at += batches.length;
  }
  return ranks;
}

/** Which rows were seen by `asOf` and not yet superseded; undefined: all. */
function visibility({ segment, number }: SegmentReader, asOf: Ms, times: () => BatchTimes): Uint8Array | undefined {
  if (segment.seen_max <= asOf && segment.until_max === null) return undefined;
  const { finished } = times();
  const batches = number('batch') ?? new Float64Array(0);
  const until = number('until_batch');
  const shown = new Uint8Array(batches.length);
  for (let row = 0; row < shown.length; row++) {
    const end = finished[until?.[row] ?? Number.NaN] ?? Number.POSITIVE_INFINITY;
    if ((finished[batches[row] ?? 0] ?? Number.POSITIVE_INFINITY) <= asOf && end > asOf) shown[row] = 1;
  }
  return shown;
}
