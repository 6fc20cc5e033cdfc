import { z } from 'zod';
import { type Http, type HttpAnswer, SourceError } from '../../http.ts';
import { instantOf, isoOf, readAnswer } from '../../products/index.ts';
import type { CollectWindow } from '../vendor.ts';
import { hit, read } from './alert.ts';

// [search]: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/paginate-search-results

/** A status is the only change that is dated. Building blocks are parts of other alerts. */
function queryOf({ mode, from, to }: CollectWindow): unknown {
  const at = (field: string, range: object) => ({ range: { [field]: { ...range, format: 'strict_date_optional_time' } } });
  const made = at('@timestamp', mode === 'created' ? { gte: isoOf(from), lt: isoOf(to) } : { gte: isoOf(from) });
  const moved = at('kibana.alert.workflow_status_updated_at', { gte: isoOf(from) });
  const should = mode === 'created' ? [made] : [made, moved];
  return { bool: { should, minimum_should_match: 1, must_not: { exists: { field: 'kibana.alert.building_block_type' } } } };
}

export async function search(http: Http, { page_size }: { page_size: number }, pit: string, window: CollectWindow, after: unknown) {
  const answer = await http.request({
    method: 'POST',
    path: '_search', // A point in time names its index itself; another in the path is refused [search].
    query: { allow_partial_search_results: false },
    idempotent: true,
    json: {
      pit: { id: pit, keep_alive: '5m' },
      size: page_size,
      query: queryOf(window),
      sort: [{ '@timestamp': { order: 'asc', format: 'strict_date_optional_time_nanos' } }], // and _shard_doc, by itself
      track_total_hits: true,
      _source: false,
      fields: read,
      ...(after === undefined ? {} : { search_after: after }),
    },
  });
  return foundIn(answer);
}

const found = z.object({
  pit_id: z.string().nullish(),
  timed_out: z.boolean().nullish(),
  _shards: z.object({ failed: z.number() }).nullish(),
  hits: z.object({ total: z.object({ value: z.number() }), hits: z.array(z.unknown()) }),
});

/** 200 with a shard that failed or time that ran out is not an answer: it would pass for fewer alerts. */
export function foundIn(answer: HttpAnswer) {
  const { pit_id, timed_out, _shards, hits } = readAnswer(answer, found, 'POST _search');
  if (timed_out === true || (_shards?.failed ?? 0) > 0)
    throw new SourceError(
      'server-error',
      `POST _search answered in part only (${_shards?.failed ?? 0} shards failed, timed out: ${timed_out === true})`,
    );
  const sort = z.object({ sort: z.array(z.unknown()) }).safeParse(hits.hits.at(-1)).data?.sort;
  return { pit: pit_id ?? undefined, hits: hits.hits, total: hits.total.value, last: sort };
}

/** When it last changed, as far as the product dates it. */
export function stampOf(record: unknown): number | undefined {
  const fields = hit.safeParse(record).data?.fields;
  const stamps = ['@timestamp', 'kibana.alert.workflow_status_updated_at'].flatMap((name) => instantOf(fields?.[name]?.[0]) ?? []);
  return stamps.length === 0 ? undefined : Math.max(...stamps);
}
