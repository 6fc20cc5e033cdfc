import { z } from 'zod';
import { type Http, type HttpAnswer, SourceError } from '../../http.ts';
import { instantOf, isoOf, readAnswer } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectWindow } from '../vendor.ts';
import { createdOf, type Hit, hit, read } from './alert.ts';

// [pit]: https://docs.opensearch.org/latest/search-plugins/searching-data/point-in-time-api/
// [api]: https://documentation.wazuh.com/current/user-manual/indexer-api/index.html

export const settings = z.strictObject({
  base_url: apiUrl,
  user: z.string().min(1),
  password: secret,
  ca_file: z.string().optional(),
  /** 4: alerts, which are never changed; 5: findings, which carry a case. */
  generation: z.literal([4, 5]).default(4),
  index: z.string().optional(),
  /** Alerts of rules below it are left to Wazuh (4.x). */
  min_level: z.int().min(0).max(16).default(0),
  page_size: z.int().min(1).max(10_000).default(2000), // index.max_result_window
  requests_per_second: z.number().positive().optional(),
});

type Settings = z.infer<typeof settings>;

export function indexOf({ index, generation }: Settings): string {
  return index ?? (generation === 4 ? 'wazuh-alerts-4.x-*' : 'wazuh-findings-v5-*');
}

export function known<T>(record: unknown, pick: (hit: Hit) => T): T | undefined {
  const parsed = hit.safeParse(record);
  return parsed.success ? pick(parsed.data) : undefined;
}

export function changedOf(raw: Hit): number | undefined {
  return instantOf(raw._source.wazuh?.case?.updated_at) ?? createdOf(raw);
}

function queryOf({ generation, min_level }: Settings, { mode, from, to }: CollectWindow, at: number): unknown {
  const stamp = generation === 4 ? 'timestamp' : '@timestamp';
  const since = (field: string, instant: number, end = {}) => ({ range: { [field]: { gte: isoOf(instant), ...end } } });
  const made = since(stamp, from, mode === 'created' ? { lt: isoOf(to) } : {});
  const touched = mode === 'changed' && generation === 5 ? [since('wazuh.case.updated_at', from)] : [];
  const level = min_level > 0 ? [{ range: { 'rule.level': { gte: min_level } } }] : [];
  return { bool: { filter: [since(stamp, at), ...level, { bool: { should: [made, ...touched], minimum_should_match: 1 } }] } };
}

export async function search(http: Http, settings: Settings, pit: string, window: CollectWindow, at: number, offset: number) {
  const answer = await http.request({
    method: 'POST',
    path: '_search', // A point in time names its index itself [pit].
    query: { allow_partial_search_results: false },
    idempotent: true,
    json: {
      pit: { id: pit, keep_alive: '5m' },
      from: offset,
      size: settings.page_size,
      query: queryOf(settings, window, at),
      sort: [{ [settings.generation === 4 ? 'timestamp' : '@timestamp']: 'asc' }],
      track_total_hits: true,
      _source: read,
    },
  });
  return foundIn(answer);
}

const found = z.object({
  timed_out: z.boolean().nullish(),
  _shards: z.object({ failed: z.number() }).nullish(),
  hits: z.object({ total: z.object({ value: z.number() }), hits: z.array(z.unknown()) }),
});

/** 200 with a shard that failed or time that ran out is not an answer: it would pass for fewer alerts. */
export function foundIn(answer: HttpAnswer): { records: unknown[]; total: number } {
  const { timed_out, _shards, hits } = readAnswer(answer, found, 'POST _search');
  if (timed_out === true || (_shards !== null && _shards !== undefined && _shards.failed > 0))
    throw new SourceError('server-error', 'POST _search answered in part only: shards failed or time ran out');
  return { records: hits.hits, total: hits.total.value };
}
