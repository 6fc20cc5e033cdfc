/** Ways in which products cut a list into pages. All of them look at the list as it is now, as most products do. */

/** `limit` of them after `offset`. */
export function byOffset<T>(list: readonly T[], offset: number, limit: number): T[] {
  return list.slice(offset, offset + limit);
}

/**
 * A token that stands for a place in the order, not for a count: what comes and goes shifts nothing (search_after,
 * nextLink, pagination tokens). `key` gives an unchanging, rising text or number and must be unique.
 */
export function byCursor<T>(
  list: readonly T[],
  cursor: string | null | undefined,
  limit: number,
  key: (record: T) => string,
  compare: (a: string, b: string) => number,
): { records: T[]; next: string | undefined } {
  const after = cursor === null || cursor === undefined || cursor === '' ? undefined : Buffer.from(cursor, 'base64url').toString();
  const begin = after === undefined ? 0 : firstAt(list, (record) => compare(key(record), after) > 0);
  const records = list.slice(begin, begin + limit);
  const last = records.at(-1);
  const next = begin + limit < list.length && last !== undefined ? Buffer.from(key(last)).toString('base64url') : undefined;
  return { records, next };
}

/** Where the first one is of which this is true, in a list where it is true of all after it. */
export function firstAt<T>(list: readonly T[], isBeyond: (record: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = list[middle];
    if (record === undefined || isBeyond(record)) high = middle;
    else low = middle + 1;
  }
  return low;
}
