import { z } from 'zod';
import { type Http, SourceError } from '../../http.ts';
import { clockOf, following, instantOf, openSession, readAnswer, readOAuthToken } from '../../products/index.ts';
import type { Settings, Context } from './settings.ts';

/** Versions 2023-02-01 to this one list incidents alike. */
export const version = '2025-09-01';

export const named = z.object({ name: z.string().min(1) });

/** A token is for one audience: ARM and Log Analytics each have theirs. */
export function doorTo({ http, effects, settings }: Context, place: 'base_url' | 'query_url'): Http {
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

function workspaceOf({ subscription_id, resource_group, workspace }: Settings): string {
  return `subscriptions/${subscription_id}/resourceGroups/${resource_group}/providers/Microsoft.OperationalInsights/workspaces/${workspace}/providers/Microsoft.SecurityInsights`;
}

const listed = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

export async function list(api: Http, settings: Settings, filterOrLink: string, stamp: string, order = 'asc', top = settings.page_size) {
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
export async function startOf(api: Http, settings: Settings) {
  const { records, clock } = await list(api, settings, '', 'lastModifiedTimeUtc', 'desc', 1);
  return { clock, newest: instantOf(propertiesOf(records[0])?.lastModifiedTimeUtc) };
}

const propertied = z.object({ properties: z.record(z.string(), z.unknown()) });

export function propertiesOf(record: unknown): Record<string, unknown> | undefined {
  return propertied.safeParse(record).data?.properties;
}

const rule = z.object({ name: z.string(), properties: z.object({ displayName: z.string().nullish() }).nullish() });

export async function ruleNames(api: Http, { settings, effects }: Context): Promise<Map<string, string>> {
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

export async function entitiesOf(api: Http, settings: Settings, id: string): Promise<unknown[]> {
  const path = `${workspaceOf(settings)}/incidents/${encodeURIComponent(id)}/entities`;
  const answer = await api.request({ method: 'POST', path, query: { 'api-version': version }, idempotent: true, accept: [404] });
  if (answer.status === 404) return []; // Deleted since it was listed.
  return readAnswer(answer, z.object({ entities: z.array(z.unknown()) }), 'POST entities').entities;
}
