/**
 * The element at `index`; every index used in this folder lies inside its array.
 * @throws RangeError where that is not so, instead of a NaN that spreads.
 */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index} among ${values.length}`);
  return value;
}

/** How many elements of an ascending array lie below `limit` (or at it, with `inclusive`), by bisection. */
export function countBelow(sorted: ArrayLike<number>, limit: number, inclusive = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = at(sorted, middle);
    if (inclusive ? value <= limit : value < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How many elements of an ascending array do not lie above `limit`, looked for from `guess` on in either direction: what is asked
 * for one after another mostly lies close together. 0 for NaN.
 */
export function countUntil(sorted: Float64Array, limit: number, guess: number): number {
  let count = guess;
  while (count > 0 && !((sorted[count - 1] ?? Number.NaN) <= limit)) count -= 1;
  while (count < sorted.length && (sorted[count] ?? Number.NaN) <= limit) count += 1;
  return count;
}
