import { z } from 'zod';
import type { Http } from '../../http.ts';
import { openSession, readOAuthToken } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, record } from './records.ts';
import { objects, list, read } from './lists.ts';

// [docs]: api-reference/v1.0 in github.com/microsoftgraph/microsoft-graph-docs-contrib
// [elastic]: packages/m365_defender in github.com/elastic/integrations

const settings = z.strictObject({
  base_url: apiUrl.default('https://graph.microsoft.com/v1.0'), // National clouds have hosts of their own.
  login_url: apiUrl.default('https://login.microsoftonline.com'),
  tenant_id: z.string().regex(/^[\w.-]+$/, 'is the id or a domain of the tenant'),
  client_id: z.string().min(1),
  client_secret: secret,
  objects: z
    .array(z.enum(['alerts', 'incidents']))
    .min(1)
    .default(['alerts', 'incidents']),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(1000).default(1000), // For alerts. Incidents come by 50 (github.com/wazuh/wazuh/issues/28070).
  requests_per_second: z.number().positive().default(2), // 150 a minute for the security API [docs, throttling].
});

type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

export default defineVendor({
  id: 'defender',
  name: 'Microsoft Defender XDR',
  family: 'edr',
  delivers: ['alert', 'case'],
  permissions: [
    'App registration with the application permissions SecurityAlert.Read.All and SecurityIncident.Read.All, consented by an admin',
  ],
  settings,
  connection: ({ base_url, login_url, ca_file, requests_per_second }) => ({
    base_url,
    origins: [login_url],
    // Without it newer words come as "unknownFutureValue" [docs, security-alert.md].
    headers: { Prefer: 'include-unknown-enum-members' },
    refusals: {
      401: 'Check tenant_id: the app has to be registered in that tenant.',
      404: 'Check base_url: national clouds have their own.',
    },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    assignee: { answer: 'field' },
    ...answers('no', 'verdict_at', 'escalated_at', 'notified_at', 'closed_by', 'networks'),
    first_activity_at: { answer: 'field', note: 'alerts only' },
    acknowledged_at: { answer: 'derived', note: 'assigning dates nothing: known to lie between two collections' },
    verdict: { answer: 'field', note: 'the classification; the determination is its reason' },
    escalated: { answer: 'no', note: 'an incident is the parent of its alerts' },
    contained_at: { answer: 'no', note: 'evidence says what was remediated, not when' },
    closed_at: { answer: 'field', note: 'alerts only; incidents carry no date of resolution' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    severity: { answer: 'field', note: 'there is no critical' },
    rules: { answer: 'field', note: "an alert's title and detector" },
    entities: { answer: 'field', note: 'alerts only' },
    attacks: { answer: 'field', note: 'alerts only' },
    log_sources: { answer: 'field', note: 'the Defender service and detector of an alert' },
  },

  async check(context) {
    const http = openGraph(context);
    for (const name of context.settings.objects) await list(http, objects[name], { $top: 1 });
    return `Microsoft Graph v1.0: ${context.settings.objects.join(' and ')} can be read`;
  },

  async *pages({ window, ...context }) {
    const http = openGraph(context);
    let watermark: number | undefined;
    let before = 0; // Expected of the lists already read: a page's `expected` is of all of them.
    for (const name of context.settings.objects) {
      const kind = objects[name];
      let expected: number | undefined;
      for await (const page of read(http, kind, window, Math.min(kind.most, context.settings.page_size))) {
        watermark ??= page.clock;
        expected = page.expected ?? expected;
        const records = page.records.map((each) => ({ [kind.key]: each }));
        if (records.length > 0) yield { records, ...onlyKnown({ expected: expected === undefined ? undefined : before + expected }) };
      }
      before += expected ?? 0;
    }
    yield { records: [], ...onlyKnown({ watermark, expected: window.mode === 'created' ? before : undefined }) };
  },

  raw: record,
  normalise: (raw) => findingOf(raw),
});

/** There is no refresh token with client credentials: a new one is asked for. */
function openGraph({ http, settings, effects }: Context): Http {
  const { login_url, tenant_id, client_id, client_secret } = settings;
  const path = `${login_url.replace(/\/$/, '')}/${tenant_id}/oauth2/v2.0/token`;
  const scope = `${new URL(settings.base_url).origin}/.default`;
  const form = { grant_type: 'client_credentials', client_id, client_secret, scope };
  return openSession(http, effects, { request: () => ({ path, form }), read: readOAuthToken });
}
