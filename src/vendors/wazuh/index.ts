import { z } from 'zod';
import { basicAuth, clockOf, readAnswer, rising } from '../../products/index.ts';
import { answers, defineVendor, onlyKnown } from '../vendor.ts';
import { createdOf, findingOf, hit } from './alert.ts';
import { settings, search, foundIn, known, changedOf, indexOf } from './search.ts';

const triage = { answer: 'field', note: '5.x only, as written by its dashboard; 4.x alerts have no state, owner or end' } as const;

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
    // The dashboard finds alerts by searches; no description that was read gives one a page: there are no links [api].
    ...answers('field', 'rules', 'entities', 'attacks'),
    ...answers('no', 'first_activity_at', 'verdict_at', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'networks'),
    acknowledged_at: triage,
    verdict: { answer: 'no', note: 'a client may map a tag of the case to it' },
    closed_at: triage,
    reopened: { answer: 'derived', note: '5.x only: a close that is gone at the next collection' },
    assignee: triage,
    closed_by: triage,
    severity: {
      answer: 'field',
      note: '4.x: 0–3 informational, 4–6 low, 7–11 medium, 12–14 high, 15–16 critical: our reading of the level',
    },
    log_sources: { answer: 'field', note: 'decoder and location, or the integration' },
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
