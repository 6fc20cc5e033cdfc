import { z } from 'zod';
import { type Http, SourceError } from '../../http.ts';
import { clockOf, following, instantOf, isoOf, openSession, readAnswer, readOAuthToken, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { historiesOf } from './history.ts';
import { findingOf, known } from './incident.ts';

// [list]: https://learn.microsoft.com/rest/api/securityinsights/incidents/list
// [limits]: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling

const name = z.string().regex(/^[\w.()-]+$/);
const settings = z.strictObject({
  tenant_id: name,
  client_id: z.string().min(1),
  client_secret: secret,
  subscription_id: name,
  resource_group: name,
  workspace: name,
  /** The workspace's own GUID: with it the history of each incident is read from the SecurityIncident table. */
  workspace_id: z.guid().optional(),
  /** One request more for each incident. */
  entities: z.boolean().default(false),
  // Other clouds have hosts of their own.
  base_url: apiUrl.default('https://management.azure.com'),
  login_url: apiUrl.default('https://login.microsoftonline.com'),
  query_url: apiUrl.default('https://api.loganalytics.io'),
  page_size: z.int().min(1).max(1000).default(1000), // The most [list].
  requests_per_second: z.number().positive().default(20), // 25 a second are refilled [limits].
});
type Settings = z.infer<typeof settings>;
type Context = Omit<CollectContext<Settings>, 'window'>;

const inTable = {
  answer: 'event',
  note: 'with workspace_id, from the SecurityIncident table; the incident itself has no such time',
} as const;
const never = { answer: 'no' } as const;

export default defineVendor({
  id: 'sentinel',
  name: 'Microsoft Sentinel',
  family: 'siem',
  delivers: ['case'],
  permissions: [
    'App registration with the role Microsoft Sentinel Reader on the workspace',
    'Log Analytics Reader on the workspace, for the history of incidents (with workspace_id)',
  ],
  settings,
  connection: ({ base_url, login_url, query_url, requests_per_second }) => ({
    base_url,
    origins: [login_url, query_url],
    refusals: {
      400: 'Is the API version known in this cloud? Check base_url.',
      401: 'Check tenant_id: it must be the tenant of the subscription.',
      403: 'The app needs the role Microsoft Sentinel Reader on the workspace, for its history Log Analytics Reader too.',
      404: 'Check subscription_id, resource_group and workspace, and that Sentinel is enabled on it.',
    },
    requests_per_second,
  }),
  capability: {
    first_activity_at: { answer: 'field' },
    acknowledged_at: inTable,
    verdict: { answer: 'field', note: 'classification' },
    verdict_at: inTable,
    escalated: { answer: 'no', note: 'a client may map a label to it' },
    escalated_at: never,
    contained_at: never,
    notified_at: never,
    closed_at: inTable,
    reopened: inTable,
    assignee: { answer: 'field' },
    closed_by: inTable,
    severity: { answer: 'field' },
    rules: { answer: 'field' },
    entities: { answer: 'field', note: 'with entities: true' },
    attacks: { answer: 'field', note: 'tactics; techniques where the API version gives them' },
    log_sources: { answer: 'field', note: 'products of the alerts' },
    networks: never,
  },

  async check(context) {
    const api = doorTo(context, 'base_url');
    const { newest } = await startOf(api, context.settings);
    if (context.settings.workspace_id !== undefined)
      await historiesOf(doorTo(context, 'query_url'), queryAddress(context.settings), ['00000000-0000-0000-0000-000000000000']);
    return `Microsoft Sentinel, API ${version}; ${newest === undefined ? 'no incidents' : `last change ${isoOf(newest)}`}`;
  },

  async *pages(context) {
    const { settings, window } = context;
    const api = doorTo(context, 'base_url');
    const tables = doorTo(context, 'query_url');
    const { clock, newest } = await startOf(api, settings);
    const rules = await ruleNames(api, context);
    const stamp = window.mode === 'created' ? 'createdTimeUtc' : 'lastModifiedTimeUtc';
    const upTo = window.mode === 'created' ? ` and properties/${stamp} lt ${isoOf(window.to)}` : '';
    let link: string | undefined;
    // Not by nextLink from one instant to the next: what a $skipToken does when an incident changes is documented nowhere.
    const pages = rising({
      from: window.from,
      size: settings.page_size,
      async fetch(from, offset) {
        const page = await list(
          api,
          settings,
          offset > 0 && link !== undefined ? link : `properties/${stamp} ge ${isoOf(from)}${upTo}`,
          stamp,
        );
        link = page.next;
        return { records: page.records, more: page.next !== undefined };
      },
      stampOf: (record) => instantOf(propertiesOf(record)?.[stamp]),
      idOf: (record) => named.safeParse(record).data?.name,
    });
    for await (const { records } of pages) {
      const names = records.flatMap((record) => named.safeParse(record).data?.name ?? []);
      const histories = settings.workspace_id === undefined ? undefined : await historiesOf(tables, queryAddress(settings), names);
      const whole = [];
      for (const incident of records) {
        const id = named.safeParse(incident).data?.name ?? '';
        const entities = settings.entities && id !== '' ? await entitiesOf(api, settings, id) : undefined;
        whole.push({ incident, ...onlyKnown({ history: histories && (histories.get(id) ?? []), entities }) });
      }
      if (whole.length > 0) yield { records: whole, lookups: { rules } };
    }
    yield { records: [], ...onlyKnown({ watermark: clock ?? newest }) };
  },

  raw: known,
  normalise: (raw, { lookups }) => findingOf(raw, lookups),
});

/** Versions 2023-02-01 to this one list incidents alike. */
const version = '2025-09-01';
const named = z.object({ name: z.string().min(1) });

/** A token is for one audience: ARM and Log Analytics each have theirs. */
function doorTo({ http, effects, settings }: Context, place: 'base_url' | 'query_url'): Http {
  const { login_url, tenant_id, client_id, client_secret } = settings;
  const scope = `${new URL(settings[place]).origin}/.default`;
  return openSession(http, effects, {
    read: readOAuthToken,
    request: () => ({
      path: `${new URL(login_url).origin}/${tenant_id}/oauth2/v2.0/token`,
      form: { grant_type: 'client_credentials', client_id, client_secret, scope },
    }),
  });
}

function queryAddress({ query_url, workspace_id }: Settings): string {
  return `${new URL(query_url).origin}/v1/workspaces/${workspace_id}/query`;
}

function workspaceOf({ subscription_id, resource_group, workspace }: Settings): string {
  return `subscriptions/${subscription_id}/resourceGroups/${resource_group}/providers/Microsoft.OperationalInsights/workspaces/${workspace}/providers/Microsoft.SecurityInsights`;
}

const listed = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

async function list(api: Http, settings: Settings, filterOrLink: string, stamp: string, order = 'asc', top = settings.page_size) {
  // A next link comes with blanks in it; as an address it is encoded again.
  const request = /^https?:/.test(filterOrLink)
    ? { path: filterOrLink }
    : {
        path: `${workspaceOf(settings)}/incidents`,
        query: {
          'api-version': version,
          $filter: filterOrLink === '' ? undefined : filterOrLink,
          $orderby: `properties/${stamp} ${order}`,
          $top: top,
        },
      };
  const answer = await api.request(request);
  const { value, nextLink } = readAnswer(answer, listed, 'GET incidents');
  return { records: value, next: nextLink || undefined, clock: clockOf(answer) };
}

/** Where a collection begins, in ARM's clock. */
async function startOf(api: Http, settings: Settings) {
  const { records, clock } = await list(api, settings, '', 'lastModifiedTimeUtc', 'desc', 1);
  return { clock, newest: instantOf(propertiesOf(records[0])?.lastModifiedTimeUtc) };
}

const propertied = z.object({ properties: z.record(z.string(), z.unknown()) });

function propertiesOf(record: unknown): Record<string, unknown> | undefined {
  return propertied.safeParse(record).data?.properties;
}

const rule = z.object({ name: z.string(), properties: z.object({ displayName: z.string().nullish() }).nullish() });

async function ruleNames(api: Http, { settings, effects }: Context): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  try {
    const pages = following<string>(async (link) => {
      const request =
        link === undefined ? { path: `${workspaceOf(settings)}/alertRules`, query: { 'api-version': version } } : { path: link };
      const { value, nextLink } = readAnswer(await api.request(request), listed, 'GET alertRules');
      return { records: value, next: nextLink };
    });
    for await (const { records } of pages) {
      for (const record of records) {
        const { data } = rule.safeParse(record);
        if (data?.properties?.displayName) names.set(data.name.toLowerCase(), data.properties.displayName);
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'forbidden') throw error;
    effects.log({ level: 'warn', event: 'no-rule-names', message: `${error.message} Rules go by their ids.` });
  }
  return names;
}

async function entitiesOf(api: Http, settings: Settings, id: string): Promise<unknown[]> {
  const path = `${workspaceOf(settings)}/incidents/${encodeURIComponent(id)}/entities`;
  const answer = await api.request({ method: 'POST', path, query: { 'api-version': version }, idempotent: true, accept: [404] });
  if (answer.status === 404) return []; // Deleted since it was listed.
  return readAnswer(answer, z.object({ entities: z.array(z.unknown()) }), 'POST entities').entities;
}
