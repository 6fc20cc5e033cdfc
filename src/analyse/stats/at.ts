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
