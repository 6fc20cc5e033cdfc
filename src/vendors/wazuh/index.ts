import { z } from 'zod';
import { type Http, type HttpAnswer, SourceError } from '../../http.ts';
import { basicAuth, clockOf, instantOf, isoOf, readAnswer, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectWindow, defineVendor, onlyKnown } from '../vendor.ts';
import { createdOf, findingOf, type Hit, hit, read } from './alert.ts';

// [pit]: https://docs.opensearch.org/latest/search-plugins/searching-data/point-in-time-api/
// [api]: https://documentation.wazuh.com/current/user-manual/indexer-api/index.html

const settings = z.strictObject({
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

const triage = { answer: 'field', note: '5.x only, as written by its dashboard; 4.x alerts have no state, owner or end' } as const;
const never = { answer: 'no' } as const;

export default defineVendor({
  id: 'wazuh',
  name: 'Wazuh',
  family: 'siem',
  delivers: ['alert'],
  permissions: ['Role on the indexer: read (indices:data/read/*, and point in time) on wazuh-alerts-* (4.x) or wazuh-findings-* (5.x)'],
  settings,
  connection: ({ base_url, user, password, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check user and password: they are of the indexer, not of the Wazuh API.',
      403: 'The role needs read on the index that the setting index names.',
      404: 'Check index and generation: 4.x has wazuh-alerts-*, 5.x wazuh-findings-*.',
    },
    headers: { Authorization: basicAuth(user, password) },
    ...onlyKnown({ ca_file, requests_per_second }),
  }),
  capability: {
    first_activity_at: never,
    acknowledged_at: triage,
    verdict: { answer: 'no', note: 'a client may map a tag of the case to it' },
    verdict_at: never,
    escalated: never,
    escalated_at: never,
    contained_at: never,
    notified_at: never,
    closed_at: triage,
    reopened: { answer: 'derived', note: '5.x only: a close that is gone at the next collection' },
    assignee: triage,
    closed_by: triage,
    severity: {
      answer: 'field',
      note: '4.x: 0–3 informational, 4–6 low, 7–11 medium, 12–14 high, 15–16 critical: our reading of the level',
    },
    rules: { answer: 'field' },
    entities: { answer: 'field' },
    attacks: { answer: 'field' },
    log_sources: { answer: 'field', note: 'decoder and location, or the integration' },
    networks: never,
  },

  async check({ http, settings }) {
    const json = { size: 0, track_total_hits: true };
    const answer = await http.request({ method: 'POST', path: `${indexOf(settings)}/_search`, idempotent: true, json });
    return `Wazuh ${settings.generation}, ${indexOf(settings)}: ${foundIn(answer).total} records`;
  },

  async *pages({ http, settings, window }) {
    const path = `${indexOf(settings)}/_search/point_in_time`;
    const opened = await http.request({ method: 'POST', path, query: { keep_alive: '5m' }, idempotent: true });
    const pit = readAnswer(opened, z.object({ pit_id: z.string() }), `POST ${path}`).pit_id;
    try {
      let highest = Number.NEGATIVE_INFINITY;
      // By instant and not by search_after: neither generation has a field that is sure to break ties, and sorting by _id may be off.
      const pages = rising({
        // A case that changes may belong to a finding from long before.
        from: window.mode === 'changed' && settings.generation === 5 ? 0 : window.from,
        size: settings.page_size,
        fetch: (from, offset) => search(http, settings, pit, window, from, offset),
        stampOf: (record) => known(record, createdOf),
        idOf: (record) => known(record, ({ _id }) => _id),
      });
      for await (const page of pages) {
        for (const record of page.records) highest = Math.max(highest, known(record, changedOf) ?? highest);
        if (page.records.length > 0) yield page;
      }
      // One date in the far future would end all collecting.
      const watermark = Number.isFinite(highest) ? Math.min(highest, clockOf(opened) ?? window.to) : undefined;
      yield { records: [], ...onlyKnown({ watermark }) };
    } finally {
      const request = { method: 'DELETE', path: '_search/point_in_time', json: { pit_id: [pit] } } as const;
      await http.request(request).catch(() => {}); // It ends by itself.
    }
  },

  raw: hit,
  normalise: findingOf,
});

function indexOf({ index, generation }: Settings): string {
  return index ?? (generation === 4 ? 'wazuh-alerts-4.x-*' : 'wazuh-findings-v5-*');
}

function known<T>(record: unknown, pick: (hit: Hit) => T): T | undefined {
  const parsed = hit.safeParse(record);
  return parsed.success ? pick(parsed.data) : undefined;
}

function changedOf(raw: Hit): number | undefined {
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

async function search(http: Http, settings: Settings, pit: string, window: CollectWindow, at: number, offset: number) {
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
function foundIn(answer: HttpAnswer): { records: unknown[]; total: number } {
  const { timed_out, _shards, hits } = readAnswer(answer, found, 'POST _search');
  if (timed_out === true || (_shards !== null && _shards !== undefined && _shards.failed > 0))
    throw new SourceError('server-error', 'POST _search answered in part only: shards failed or time ran out');
  return { records: hits.hits, total: hits.total.value };
}
