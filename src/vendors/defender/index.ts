import { z } from 'zod';
import { type Http, type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, openSession, readAnswer, readOAuthToken, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext, type CollectWindow, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, record } from './records.ts';

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

const objects = {
  alerts: { path: 'security/alerts_v2', key: 'alert', most: 1000, permission: 'SecurityAlert.Read.All' },
  incidents: { path: 'security/incidents', key: 'incident', most: 50, permission: 'SecurityIncident.Read.All' },
} as const;
type Kind = (typeof objects)[keyof typeof objects];

const idIn = fieldOf('id', z.string());
const createdIn = fieldOf('createdDateTime', z.string());

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
    first_activity_at: { answer: 'field', note: 'alerts only' },
    acknowledged_at: { answer: 'derived', note: 'assigning dates nothing: known to lie between two collections' },
    verdict: { answer: 'field', note: 'the classification; the determination is its reason' },
    verdict_at: { answer: 'no' },
    escalated: { answer: 'no', note: 'an incident is the parent of its alerts' },
    escalated_at: { answer: 'no' },
    contained_at: { answer: 'no', note: 'evidence says what was remediated, not when' },
    notified_at: { answer: 'no' },
    closed_at: { answer: 'field', note: 'alerts only; incidents carry no date of resolution' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    assignee: { answer: 'field' },
    closed_by: { answer: 'no' },
    severity: { answer: 'field', note: 'there is no critical' },
    rules: { answer: 'field', note: "an alert's title and detector" },
    entities: { answer: 'field', note: 'alerts only' },
    attacks: { answer: 'field', note: 'alerts only' },
    log_sources: { answer: 'field', note: 'the Defender service and detector of an alert' },
    networks: { answer: 'no' },
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

const answered = z.object({ '@odata.context': z.string().nullish(), value: z.array(z.unknown()), '@odata.count': z.number().nullish() });

async function list(http: Http, kind: Kind, query: NonNullable<HttpRequest['query']>) {
  try {
    const answer = await http.request({ path: kind.path, query });
    const { '@odata.context': context, value, '@odata.count': total } = readAnswer(answer, answered, `GET /${kind.path}`);
    // Every answer names the list it is of; another's, as from a cache on the way, would pass for this one's.
    if (typeof context === 'string' && !context.includes(kind.path))
      throw new SourceError('unexpected', `GET /${kind.path} answered ${context}`);
    return { records: value, total: total ?? undefined, clock: clockOf(answer) };
  } catch (cause) {
    if (!(cause instanceof SourceError) || cause.kind !== 'forbidden') throw cause;
    const hint = `The app needs the application permission ${kind.permission} with admin consent, and the tenant a Defender licence.`;
    throw new SourceError('forbidden', `${cause.message} ${hint}`, { cause, status: 403 });
  }
}

/**
 * Pages of $skip stalled and shifted under load, and the skip is capped; so each page begins at the last one's date of creation, which
 * a change does not move ([elastic] pull request 20348 does the same by date of change).
 */
async function* read(http: Http, kind: Kind, { mode, from, to }: CollectWindow, size: number) {
  const bound = mode === 'created' ? `createdDateTime lt ${isoOf(to)}` : `lastUpdateDateTime ge ${isoOf(from)}`;
  let clock: number | undefined;
  const risen = rising({
    from: mode === 'created' ? from : 0,
    size,
    async fetch(at, skip) {
      const found = await list(http, kind, {
        $filter: `createdDateTime ge ${isoOf(at)} and ${bound}`,
        $orderby: 'createdDateTime asc',
        $top: size,
        $skip: skip === 0 ? undefined : skip,
        $count: mode === 'created' ? true : undefined,
      });
      clock ??= found.clock;
      assertSorted(found.records, kind);
      return found;
    },
    stampOf,
    idOf: idIn,
  });
  for await (const page of risen) yield { ...page, clock };
}

function stampOf(record: unknown): number | undefined {
  return instantOf(createdIn(record));
}

/** $orderby works, but is not documented for these lists: should it be dropped one day, alerts must not be lost silently. */
function assertSorted(records: readonly unknown[], { path }: Kind): void {
  const stamps = records.flatMap((each) => stampOf(each) ?? []);
  if (stamps.some((stamp, index) => stamp < (stamps[index - 1] ?? stamp)))
    throw new SourceError('unexpected', `GET /${path} does not keep to $orderby=createdDateTime asc: its pages cannot be told apart.`);
}
