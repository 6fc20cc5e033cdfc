import { SourceError } from '../http.ts';

interface Step<Cursor> {
  records: unknown[];
  /** Where to go on; undefined (or null, or '') at the end. */
  next: Cursor | null | undefined;
  /** How many match in all, where the product says. */
  expected?: number | undefined;
}

/**
 * Pages chained by a cursor, token or next link, which the product keeps true while records change.
 * Throws SourceError 'endless' for a cursor that comes again.
 */
export async function* following<Cursor extends string>(
  fetch: (cursor: Cursor | undefined) => Promise<Step<Cursor>>,
): AsyncGenerator<Step<Cursor>, void, void> {
  const seen = new Set<Cursor>();
  for (let cursor: Cursor | undefined; ; ) {
    const step = await fetch(cursor);
    yield step;
    if (step.next === undefined || step.next === null || step.next === '') return;
    if (seen.has(step.next)) throw new SourceError('endless', 'The source gave the same cursor twice: its paging does not advance.');
    seen.add(step.next);
    cursor = step.next;
  }
}
