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
  const rest = after === undefined ? list : list.filter((record) => compare(key(record), after) > 0);
  const records = rest.slice(0, limit);
  const last = records.at(-1);
  const next = rest.length > limit && last !== undefined ? Buffer.from(key(last)).toString('base64url') : undefined;
  return { records, next };
}
