import { hash } from 'node:crypto';
import { SourceError } from '../http.ts';

interface Passes {
  size: number;
  /** Up to `size` records of a frozen question (fixed window, fixed order), `offset` of them skipped; and how many match in all. */
  fetch(offset: number): Promise<{ records: unknown[]; total?: number | undefined }>;
  idOf(record: unknown): string | undefined;
}

interface Passed {
  /** Not yet given in this form. */
  records: unknown[];
  /** How many match, by the product's last word. */
  expected?: number;
  /** Why it may not be all, after the last pass. */
  incomplete?: string;
}

const maxPasses = 6;

/**
 * Pages by offset, for products that know nothing better. An offset shifts when a record before it goes, and the one at the
 * page's edge is never seen: so the whole is read again until two passes give the same ids, as many as the product says there are.
 */
export async function* passes({ size, fetch, idOf }: Passes): AsyncGenerator<Passed, void, void> {
  const given = new Set<string>();
  let before: Set<string> | undefined;
  for (let pass = 1; pass <= maxPasses; pass++) {
    const ids = new Set<string>();
    let told: number | undefined;
    for (let offset = 0, more = true; more; ) {
      const { records, total } = await fetch(offset);
      const fresh = records.filter((record) => isFresh(given, record));
      const known = ids.size;
      for (const [index, record] of records.entries()) ids.add(idOf(record) ?? `#${offset + index}`);
      told = total;
      offset += records.length;
      more = records.length > 0 && (total === undefined ? records.length >= size : offset < total);
      if (more && ids.size === known)
        throw new SourceError('endless', 'The source gives the same records again and again: its paging does not advance.');
      if (fresh.length > 0) yield { records: fresh, ...(total === undefined ? {} : { expected: total }) };
    }
    const agreed = before !== undefined && ids.size === before.size && ids.isSubsetOf(before);
    if (ids.size === 0 || (ids.size < size && told === ids.size) || agreed) {
      // A record counted twice by the product is one record: what both passes saw is all.
      return yield { records: [], expected: agreed && told !== undefined && ids.size < told ? told : ids.size };
    }
    before = ids;
  }
  yield { records: [], incomplete: `records changed so fast that ${maxPasses} readings did not agree` };
}

function isFresh(given: Set<string>, record: unknown): boolean {
  const digest = hash('sha1', JSON.stringify(record));
  if (given.has(digest)) return false;
  given.add(digest);
  return true;
}
