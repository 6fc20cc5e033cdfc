import type { Ms } from '../../finding.ts';
import { at } from '../stats/at.ts';

export const hourMs: Ms = 3_600_000;

/** Up to this many possible keys for each row a table is quicker than a map: memory that nobody has touched takes time, too. */
const densePerRow = 8;

/**
 * For each place the place of the finding it repeats, or -1 where it is kept: a finding is a repeat within `window` of
 * the last kept one of the same key. Keys below 0 are never repeats. `order` lists the places by time.
 */
export function repeatsOf(
  keys: Int32Array | Float64Array,
  keyCount: number,
  times: Float64Array,
  order: Int32Array,
  window: Ms,
): Int32Array {
  const leaders = new Int32Array(keys.length).fill(-1);
  const dense = numbered(keys, keyCount);
  const kept = new Int32Array(dense.size).fill(-1);
  for (let i = 0; i < order.length; i += 1) {
    const place = order[i] ?? -1;
    const key = dense.keys[place] ?? -1;
    if (key < 0) continue;
    const leader = kept[key] ?? -1;
    if (leader >= 0 && (times[place] ?? Number.NaN) - (times[leader] ?? Number.NaN) <= window) leaders[place] = leader;
    else kept[key] = place;
  }
  return leaders;
}

/** How many findings `repeatsOf` calls repeats, for each of several windows. */
export function countRepeats(
  keys: Int32Array | Float64Array,
  keyCount: number,
  times: Float64Array,
  order: Int32Array,
  windows: readonly Ms[],
): Float64Array {
  const dense = numbered(keys, keyCount);
  const counts = new Float64Array(windows.length);
  // The last kept ones of a key stand side by side: what is fetched for the first window serves the others.
  const kept = new Float64Array(dense.size * windows.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < order.length; i += 1) {
    const place = order[i] ?? -1;
    const key = dense.keys[place] ?? -1;
    if (key < 0) continue;
    const time = times[place] ?? Number.NaN;
    for (let which = 0; which < windows.length; which += 1) {
      const at = key * windows.length + which;
      if (time - (kept[at] ?? Number.NaN) <= (windows[which] ?? Number.NaN)) counts[which] = (counts[which] ?? 0) + 1;
      else kept[at] = time;
    }
  }
  return counts;
}

/** Keys by number, and how many numbers there are. */
interface Numbered {
  keys: Int32Array;
  size: number;
}

/** The numbers of the keys in the order in which they first occur, and how many there are: few of the possible ones do. */
function numbered(keys: Int32Array | Float64Array, keyCount: number): Numbered {
  const known = keyCount <= densePerRow * keys.length ? new Int32Array(keyCount) : undefined;
  const found = new Map<number, number>();
  const renamed = new Int32Array(keys.length).fill(-1);
  let size = 0;
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? -1;
    if (key < 0) continue;
    let number = known === undefined ? (found.get(key) ?? 0) : (known[key] ?? 0);
    if (number === 0) {
      size += 1;
      number = size;
      if (known === undefined) found.set(key, number);
      else known[key] = number;
    }
    renamed[i] = number - 1;
  }
  return { keys: renamed, size };
}

/** Places by time. Findings come nearly in order, so they are laid into hours first and only mixed hours are sorted. */
export function timeOrder(times: Float64Array): Int32Array {
  const order = new Int32Array(times.length);
  for (let place = 0; place < order.length; place += 1) order[place] = place;
  if (isAscending(times, order)) return order;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) [first, last] = [Math.min(first, time), Math.max(last, time)];
  const hours = new Int32Array(times.length);
  const starts = new Int32Array(Math.floor((last - first) / hourMs) + 2);
  for (let place = 0; place < hours.length; place += 1) {
    const hour = Math.floor(((times[place] ?? Number.NaN) - first) / hourMs);
    hours[place] = hour;
    starts[hour + 1] = (starts[hour + 1] ?? 0) + 1; // one more than there are hours
  }
  for (let i = 1; i < starts.length; i += 1) starts[i] = at(starts, i) + at(starts, i - 1);
  const next = starts.slice();
  for (let place = 0; place < hours.length; place += 1) {
    const hour = hours[place] ?? -1;
    const to = next[hour] ?? -1;
    order[to] = place;
    next[hour] = to + 1;
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
