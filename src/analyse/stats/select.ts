/**
 * A copy in which the values at some 0-based places are those that stand there in ascending order, with none greater before and none
 * less after them: all that quantiles read, without sorting a million values (Hoare's selection). NaN is no value.
 */
export function ascendingAt(values: ArrayLike<number>, places: readonly number[]): Float64Array {
  const copy = new Float64Array(values);
  const wanted = [...new Set(places)].filter((place) => place >= 0 && place < copy.length).sort((a, b) => a - b);
  settle(copy, 0, copy.length - 1, wanted);
  return copy;
}

/** Below so many values sorting is quicker; it is the way out, too, where the parts do not get smaller. */
const few = 600;

function settle(values: Float64Array, low: number, high: number, places: readonly number[], depth = 0): void {
  if (places.length === 0 || low >= high) return;
  if (high - low < few || depth > 60) {
    values.subarray(low, high + 1).sort();
    return;
  }
  const [left, right] = partition(values, low, high);
  settle(
    values,
    low,
    right,
    places.filter((place) => place <= right),
    depth + 1,
  );
  settle(
    values,
    left,
    high,
    places.filter((place) => place >= left),
    depth + 1,
  );
}

/** Up to `right` nothing is greater than what stands from `left` on; what lies between them is equal to the pivot. */
function partition(values: Float64Array, low: number, high: number): [left: number, right: number] {
  const pivot = middleOf(values[low] ?? 0, values[(low + high) >> 1] ?? 0, values[high] ?? 0); // low and high lie inside
  let left = low;
  let right = high;
  while (left <= right) {
    while ((values[left] ?? Number.NaN) < pivot) left += 1;
    while ((values[right] ?? Number.NaN) > pivot) right -= 1;
    if (left > right) break;
    const kept = values[left] ?? Number.NaN;
    values[left] = values[right] ?? Number.NaN;
    values[right] = kept;
    left += 1;
    right -= 1;
  }
  return [left, right];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
