import type { Ms } from '../../finding.ts';
import { at } from '../stats/at.ts';

export const hourMs: Ms = 3_600_000;

/** Above this many possible keys a map is smaller than an array. */
const denseLimit = 1 << 22;

/**
 * For each place the place of the finding it repeats, or -1 where it is kept: a finding is a repeat within `window` of
 * the last kept one of the same key. Keys below 0 are never repeats. `order` lists the places by time.
 */
export function repeatsOf(keys: ArrayLike<number>, keyCount: number, times: Float64Array, order: Int32Array, window: Ms): Int32Array {
  const leaders = new Int32Array(keys.length).fill(-1);
  const kept = keyCount <= denseLimit ? denseKeys(keyCount) : sparseKeys();
  for (let i = 0; i < order.length; i += 1) {
    const place = order[i] ?? -1;
    const key = keys[place] ?? -1;
    if (key < 0) continue;
    const leader = kept.get(key);
    if (leader >= 0 && (times[place] ?? Number.NaN) - (times[leader] ?? Number.NaN) <= window) leaders[place] = leader;
    else kept.set(key, place);
  }
  return leaders;
}

interface Kept {
  /** The place last kept of a key, or -1. */
  get(key: number): number;
  set(key: number, place: number): void;
}

function denseKeys(size: number): Kept {
  const places = new Int32Array(size).fill(-1);
  return {
    get: (key) => places[key] ?? -1,
    set: (key, place) => {
      places[key] = place;
    },
  };
}

function sparseKeys(): Kept {
  const places = new Map<number, number>();
  return { get: (key) => places.get(key) ?? -1, set: (key, place) => places.set(key, place) };
}

/** Places by time. Findings come nearly in order, so they are laid into hours first and only mixed hours are sorted. */
export function timeOrder(times: Float64Array): Int32Array {
  const order = new Int32Array(times.length).map((_, place) => place);
  if (isAscending(times, order)) return order;
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), first);
  const hour = (place: number) => Math.floor((at(times, place) - first) / hourMs);
  const starts = new Int32Array(Math.floor((last - first) / hourMs) + 2);
  for (const place of times.keys()) starts[hour(place) + 1] = at(starts, hour(place) + 1) + 1;
  for (let i = 1; i < starts.length; i += 1) starts[i] = at(starts, i) + at(starts, i - 1);
  const next = starts.slice();
  for (const place of times.keys()) {
    order[at(next, hour(place))] = place;
    next[hour(place)] = at(next, hour(place)) + 1;
  }
  for (let i = 0; i + 1 < starts.length; i += 1) {
    const group = order.subarray(at(starts, i), at(starts, i + 1));
    if (!isAscending(times, group)) group.sort((a, b) => at(times, a) - at(times, b) || a - b);
  }
  return order;
}

function isAscending(times: Float64Array, order: Int32Array): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < order.length; i += 1) {
    const time = times[order[i] ?? -1] ?? Number.NaN;
    if (time < last) return false;
    last = time;
  }
  return true;
}
