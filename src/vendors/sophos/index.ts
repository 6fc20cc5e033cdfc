import { z } from 'zod';
import { type Http, type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, openSession, readAnswer, readOAuthToken, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { text, alert, findingOf } from './alert.ts';

// [siem]: the vendor's own github.com/sophos/Sophos-Central-SIEM-Integration
// [sekoia]: Sophos/client in github.com/SEKOIA-IO/automation-library; [pysophos]: github.com/simodalla/pysophoscentralapi
// [tenzir]: sophos/tests/inputs in github.com/tenzir/library, recorded in 2026

const settings = z.strictObject({
  base_url: apiUrl, // The data region of the tenant, like https://api-eu01.central.sophos.com; whoami names it.
  global_url: apiUrl.default('https://api.central.sophos.com'),
  login_url: apiUrl.default('https://id.sophos.com'),
  client_id: z.string().min(1),
  client_secret: secret,
  tenant_id: z.uuid().optional(), // For credentials of a partner or an organisation, which see many tenants.
  /** Alerts raised earlier are not asked whether they changed. */
  lookback_days: z.int().min(1).max(366).default(90),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(1000).default(1000),
  requests_per_second: z.number().positive().default(1.5), // 100 a minute, 1000 an hour [sekoia].
});

type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const day = 24 * 3600 * 1000;

const stampIn = fieldOf('raisedAt', z.string());

const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'sophos',
  name: 'Sophos Central',
  family: 'edr',
  delivers: ['alert'],
  permissions: ['API credential with the role "Service Principal Read-Only"'],
  settings,
  connection: ({ base_url, global_url, login_url, ca_file, requests_per_second }) => ({
    base_url,
    origins: [global_url, login_url],
    refusals: {
      401: 'Check client_id and client_secret, and tenant_id, which has to be one that they may see.',
      403: 'The credentials need the role "Service Principal Read-Only" in this tenant; check tenant_id.',
    },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    // No answer and no description that was read says where one alert has its page: there are no links [siem].
    ...answers(
      'no',
      'first_activity_at',
      'acknowledged_at',
      'verdict',
      'verdict_at',
      'escalated',
      'escalated_at',
      'contained_at',
      'notified_at',
      'reopened',
      'assignee',
      'closed_by',
      'networks',
    ),
    closed_at: { answer: 'no', note: 'an alert that is dealt with leaves the list without a word' },
    severity: { answer: 'field', note: 'low, medium and high only' },
    rules: { answer: 'field', note: 'the type of event' },
    entities: { answer: 'field', note: 'the machine and its user' },
    attacks: { answer: 'no', note: 'only detections have them' },
    log_sources: { answer: 'field', note: 'the Sophos product' },
  },

  async check(context) {
    await (await openTenant(context))({ pageSize: 1 });
    return `Sophos Central common API v1 at ${new URL(context.settings.base_url).host}: alerts can be read`;
  },

  async *pages({ window, ...context }) {
    const { page_size: size, lookback_days } = context.settings;
    const { mode, from, to } = window;
    const alerts = await openTenant(context);
    let watermark: number | undefined;
    let key: string | undefined;
    // Changes cannot be asked for [pysophos]: what was raised lately is read again. Each page begins at the last one's instant,
    // and the key of the next page, of which nobody says what it stands for, is used only while all of a page shares one.
    const risen = rising({
      from: mode === 'created' ? from : from - lookback_days * day,
      size,
      async fetch(at, offset) {
        const end = mode === 'created' ? isoOf(to) : undefined;
        const found = await alerts({
          from: isoOf(at),
          to: end,
          sort: 'raisedAt:asc',
          pageSize: size,
          pageFromKey: offset > 0 ? key : undefined,
        });
        watermark ??= found.clock;
        key = found.key;
        return { records: found.items, more: key !== undefined };
      },
      stampOf: (record) => instantOf(stampIn(record)),
      idOf: idIn,
    });
    for await (const page of risen) if (page.records.length > 0) yield page;
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: alert,
  normalise: findingOf,
});

const answered = z.object({ items: z.array(z.unknown()), pages: z.object({ nextKey: text }).nullish() });

const identity = z.object({ id: z.string(), idType: z.string(), apiHosts: z.object({ dataRegion: text }).nullish() });

/** Asks for alerts of one tenant. Throws SourceError when base_url is not its data region, or no tenant is chosen. */
async function openTenant({ http, settings, effects }: Context) {
  const { client_id, client_secret, login_url, global_url, base_url } = settings;
  const form = { grant_type: 'client_credentials', scope: 'token', client_id, client_secret };
  const path = `${login_url.replace(/\/$/, '')}/api/v2/oauth2/token`;
  const session = openSession(http, effects, { request: () => ({ path, form }), read: readOAuthToken });
  const whoami = await session.request({ path: `${global_url.replace(/\/$/, '')}/whoami/v1` });
  const { id, idType, apiHosts } = readAnswer(whoami, identity, 'GET /whoami/v1');
  const region = apiHosts?.dataRegion;
  if (region && new URL(region).origin !== new URL(base_url).origin)
    throw new SourceError('rejected', `GET /whoami/v1: this tenant's data is elsewhere; set base_url: ${region}`);
  const tenant = settings.tenant_id ?? (idType === 'tenant' ? id : undefined);
  if (tenant === undefined)
    throw new SourceError('rejected', `GET /whoami/v1: these credentials are a whole ${idType}'s; set tenant_id to one of its tenants`);
  return (query: NonNullable<HttpRequest['query']>) => alertsOf(session, tenant, query);
}

async function alertsOf(session: Http, tenant: string, query: NonNullable<HttpRequest['query']>) {
  const answer = await session.request({ path: 'common/v1/alerts', query, headers: { 'X-Tenant-ID': tenant } });
  const { items, pages } = readAnswer(answer, answered, 'GET /common/v1/alerts');
  return { items, key: pages?.nextKey || undefined, clock: clockOf(answer) };
}
