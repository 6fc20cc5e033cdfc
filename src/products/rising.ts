import type { Ms } from '../finding.ts';
import { SourceError } from '../http.ts';

interface Chunk {
  records: unknown[];
  /** How many match the same question in all, where the product says so exactly. */
  total?: number | undefined;
  /** Whether there are more, where the product says that instead. */
  more?: boolean | undefined;
}

interface Rising {
  from: Ms;
  /** How many records a page holds at most; a shorter one is the last where no total is told. */
  size: number;
  /** Records with stamp >= from in rising order of it, `offset` of them skipped. */
  fetch(from: Ms, offset: number): Promise<Chunk>;
  /** The value sorted by, in whole ms (cut, not rounded). undefined where a record has none. */
  stampOf(record: unknown): Ms | undefined;
  /** undefined where a record has no id: it is passed on as it is. */
  idOf(record: unknown): string | undefined;
}

export interface Risen {
  /** Not yet given with this stamp. */
  records: unknown[];
  expected?: number;
}

/** An instant shared by more records than a page holds is read by offset, and so again until nothing new comes, at most this often. */
const maxPasses = 6;

/**
 * Pages by rising time for products that filter and sort by it but know no cursor. Each page begins at the last one's last
 * instant, so a record that changes moves to the end and is met again, and one that goes shifts nothing. Read without an upper
 * bound for changes: what changes just before it is met must not slip out.
 * Throws SourceError 'endless' when the product does not keep to filter or sort.
 */
export async function* rising({ from, size, fetch, stampOf, idOf }: Rising): AsyncGenerator<Risen, void, void> {
  const given = new Map<string, Ms | undefined>();
  let at = from;
  let offset = 0;
  let expected: number | undefined;
  let count = 0;
  let pass = { fresh: 0, number: 1 };
  let page = { edges: '', again: 0 };
  for (;;) {
    const { records, total, more } = await fetch(at, offset);
    const fresh = records.filter((record) => isFresh(given, idOf(record), stampOf(record)));
    expected ??= total;
    count += fresh.length;
    if (fresh.length > 0 || records.length === 0) yield { records: fresh, ...(expected === undefined ? {} : { expected }) };
    const ended = records.length === 0 || !(more ?? (total === undefined ? records.length >= size : offset + records.length < total));
    const last = lastStamp(records, stampOf);
    if (last !== undefined && last < at)
      throw new SourceError('endless', 'The source gave records from before the instant asked for: it does not keep to filter or sort.');
    pass = { ...pass, fresh: pass.fresh + fresh.length };
    // Once is right: where an instant fills a page, it is met from the instant before and then from itself.
    const edges = records.length === 0 ? '' : `${records.length} ${idOf(records[0])} ${idOf(records.at(-1))}`;
    page = { edges, again: edges === page.edges ? page.again + 1 : 0 };
    if (page.again > 1 && !ended)
      throw new SourceError('endless', 'The source gives the same records again and again: its paging does not advance.');
    const left = ended || (last !== undefined && last > at);
    if (left && offset > 0 && pass.fresh > 0) {
      if (pass.number === maxPasses)
        throw new SourceError('endless', 'Many records share one instant and change as fast as they are read; ask again later.');
      pass = { fresh: 0, number: pass.number + 1 };
      offset = 0;
    } else if (ended) break;
    else if (left && last !== undefined) [at, offset, pass] = [last, 0, { fresh: 0, number: 1 }];
    else offset += records.length;
  }
  if (expected === undefined || count >= expected) return;
  // Records that were deleted while we read would explain it: ask how many there are now.
  const { total } = await fetch(from, 0);
  yield { records: [], ...(total === undefined ? {} : { expected: Math.min(expected, total) }) };
}

function isFresh(given: Map<string, Ms | undefined>, id: string | undefined, stamp: Ms | undefined): boolean {
  if (id === undefined) return true;
  if (given.has(id) && given.get(id) === stamp) return false;
  given.set(id, stamp);
  return true;
}

function lastStamp(records: readonly unknown[], stampOf: Rising['stampOf']): Ms | undefined {
  for (let at = records.length - 1; at >= 0; at--) {
    const stamp = stampOf(records[at]);
    if (stamp !== undefined) return stamp;
  }
  return undefined;
}
