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
  const dense = keyCount <= denseLimit ? new Int32Array(keyCount).fill(-1) : undefined;
  const sparse = new Map<number, number>();
  for (const place of order) {
    const key = at(keys, place);
    if (key < 0) continue;
    const leader = (dense === undefined ? sparse.get(key) : dense[key]) ?? -1;
    if (leader >= 0 && at(times, place) - at(times, leader) <= window) leaders[place] = leader;
    else if (dense === undefined) sparse.set(key, place);
    else dense[key] = place;
  }
  return leaders;
}

/** Places by time. Findings come nearly in order, so they are laid into hours first and only mixed hours are sorted. */
export function timeOrder(times: Float64Array): Int32Array {
  const order = Int32Array.from(times.keys());
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
  for (let i = 1; i < order.length; i += 1) if (at(times, at(order, i)) < at(times, at(order, i - 1))) return false;
  return true;
}
