import { z } from 'zod';
import { SourceError } from '../../http.ts';
import { clockOf, prefixed, readAnswer } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, hit } from './alert.ts';
import { casesIn, findCases, findingOfCase, kibanaCase } from './cases.ts';
import { foundIn, search, stampOf } from './search.ts';

const settings = z.strictObject({
  base_url: apiUrl,
  api_key: secret,
  /** Where Kibana is: with it the cases of Security are read too. */
  kibana_url: apiUrl.optional(),
  ca_file: z.string().optional(),
  space: z
    .string()
    .regex(/^[a-z0-9_-]+$/)
    .default('default'),
  page_size: z.int().min(1).max(10_000).default(1000), // Beyond 10,000 "Result window is too large".
  requests_per_second: z.number().positive().optional(),
});

export default defineVendor({
  id: 'elastic',
  name: 'Elastic Security',
  family: 'siem',
  delivers: ['alert', 'case'],
  permissions: [
    'Index privilege "read" on .alerts-security.alerts-<space>, by an API key of its own',
    'Kibana privilege Security > Cases (read), where kibana_url is set',
  ],
  settings,
  connection: ({ base_url, api_key, kibana_url, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check api_key: it may have expired, or be of another deployment than base_url.',
      403: 'The API key needs the index privilege "read" on .alerts-security.alerts-<space>; check space.',
      404: 'Check space: there are no alerts in it until Security runs its rules there.',
    },
    ...(kibana_url === undefined ? {} : { origins: [kibana_url] }),
    headers: { Authorization: prefixed('ApiKey ', api_key) },
    ...onlyKnown({ ca_file, requests_per_second }),
  }),
  capability: {
    ...answers('field', 'severity', 'rules', 'entities', 'attacks'),
    ...answers('no', 'escalated_at', 'contained_at', 'notified_at', 'networks'),
    first_activity_at: { answer: 'field', note: 'the time of the event behind it' },
    acknowledged_at: { answer: 'derived', note: 'only the last change of status is dated: known to lie between two collections' },
    verdict: { answer: 'field', note: 'from the closing reason of newer versions; older ones have none' },
    verdict_at: { answer: 'field', note: 'the reason is given on closing' },
    escalated: { answer: 'no', note: 'a client may map a tag to it' },
    closed_at: { answer: 'field', note: 'the last change of status of a closed alert' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    assignee: { answer: 'field', note: 'ids of profiles; assigning dates nothing, so it is seen with the next change of status' },
    closed_by: { answer: 'field', note: 'where the version records workflow_user' },
    log_sources: { answer: 'field', note: 'event.module and event.dataset' },
  },

  async check({ http, settings }) {
    const answer = await http.request({
      method: 'POST',
      path: `${indexOf(settings)}/_search`,
      idempotent: true,
      json: { size: 0, track_total_hits: true },
    });
    const { kibana_url } = settings;
    if (kibana_url !== undefined) await findCases(http, { ...settings, kibana_url }, { page: 1, perPage: 1 });
    return `Elastic Security, space ${settings.space}: ${foundIn(answer).total} alerts`;
  },

  async *pages({ http, settings, window }) {
    const opened = await http.request({
      method: 'POST',
      path: `${indexOf(settings)}/_pit`,
      query: { keep_alive: '5m' },
      idempotent: true,
    });
    let pit = readAnswer(opened, z.object({ id: z.string() }), 'POST _pit').id;
    try {
      let highest = Number.NEGATIVE_INFINITY;
      for (let after: unknown; ; ) {
        const found = await search(http, settings, pit, window, after);
        pit = found.pit ?? pit; // It may change with each answer [search].
        for (const record of found.hits) highest = Math.max(highest, stampOf(record) ?? highest);
        if (found.hits.length > 0) yield { records: found.hits, expected: found.total };
        if (found.hits.length < settings.page_size) break;
        if (JSON.stringify(found.last) === JSON.stringify(after)) throw new SourceError('endless', 'POST _search does not advance');
        after = found.last;
      }
      const { kibana_url } = settings;
      if (kibana_url !== undefined) yield* casesIn(http, { ...settings, kibana_url }, window);
      // One date in the far future, from a clock set wrong for an hour, would end all collecting.
      const watermark = Number.isFinite(highest) ? Math.min(highest, clockOf(opened) ?? window.to) : undefined;
      yield { records: [], ...onlyKnown({ watermark }) };
    } finally {
      await http
        .request({ method: 'DELETE', path: '_pit', json: { id: pit }, accept: [400, 401, 403, 404, 429, 500, 503] })
        .catch(() => {});
    }
  },

  raw: z.union([hit, z.object({ case: kibanaCase })], 'neither an alert with its _id nor a case with its id'),
  normalise: (raw, { settings }) => ('case' in raw ? findingOfCase(raw.case, settings) : findingOf(raw)),
});

function indexOf({ space }: { space: string }): string {
  return `.alerts-security.alerts-${space}`;
}
