import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, tokenAuth } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, itemOf, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const workspace =
  '/subscriptions/sub-1/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/ws-1/providers/Microsoft.SecurityInsights';
const workspaceId = '11111111-2222-4333-8444-555555555555';
const isPage: World['isPage'] = (asked) =>
  asked.path === `${workspace}/incidents` && asked.query.get('$orderby')?.endsWith(' asc') === true;
const words = ['', 'Informational', 'Low', 'Medium', 'High', 'High'];
/** Seven digits of fraction, as ARM writes it. */
const stamp = (at: number) => new Date(at).toISOString().replace('Z', '1230Z');

function incidentOf(item: Item): Record<string, unknown> {
  const properties = {
    title: item.title,
    severity: words[item.severity],
    status: item.status === 'open' ? 'New' : 'Closed',
    createdTimeUtc: stamp(item.created),
    lastModifiedTimeUtc: stamp(item.changed),
    owner: { objectId: null, email: null, assignedTo: null, userPrincipalName: null },
    relatedAnalyticRuleIds: [`${workspace}/alertRules/rule-1`],
    additionalData: { alertsCount: 1, tactics: ['Persistence'] },
  };
  return odd({ name: item.id, type: 'Microsoft.SecurityInsights/incidents', properties }, item, {
    id: ['name'],
    unknown: { 'properties/severity': 'Dire', 'properties/status': 'Parked' },
    keep: ['name', 'properties/createdTimeUtc', 'properties/lastModifiedTimeUtc'],
  });
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  const message = `The client 'soc-kpi' does not have authorization to perform action 'incidents/read' (${status}).`;
  return json({ error: { code: 'AuthorizationFailed', message } }, headers, status);
}

const stamps: Record<string, (item: Item) => number> = {
  createdTimeUtc: (item) => item.created,
  lastModifiedTimeUtc: (item) => item.changed,
};

/** "properties/x ge T and properties/x lt T", and a $skipToken that is but an offset: the least a product may do. */
function incidents(asked: Asked, items: Items): Reply {
  const [, field = '', direction] = /^properties\/(\w+) (asc|desc)$/.exec(asked.query.get('$orderby') ?? '') ?? [];
  const key = stamps[field];
  if (key === undefined || asked.query.get('api-version') === null) return refusal(400);
  const limits = (asked.query.get('$filter') ?? '').matchAll(/properties\/(\w+) (ge|lt) (\S+)/g);
  const bounds = Array.from(limits, ([, name = '', operator, at = '']) => ({ name, operator, instant: Date.parse(at) }));
  const order = bounds.reduce(
    (found, { name, operator, instant }) => {
      const stamp = stamps[name] ?? (() => Number.NaN);
      return found.filter((item) => (operator === 'ge' ? stamp(item) + 0.5 >= instant : stamp(item) < instant));
    },
    (field === 'createdTimeUtc' ? byCreation : byChange)(items),
  );
  const [offset, top] = [Number(asked.query.get('$skipToken')), Number(asked.query.get('$top'))];
  const value = byOffset(direction === 'asc' ? order : order.toReversed(), offset, top).map(incidentOf);
  const link = new URLSearchParams(asked.query);
  link.set('$skipToken', String(offset + top));
  const unescaped = decodeURIComponent(link.toString().replaceAll('+', ' '));
  const more = offset + top < order.length && direction === 'asc';
  return json({ value, ...(more ? { nextLink: `http://${asked.headers.host}${asked.path}?${unescaped}` } : {}) });
}

function history(asked: Asked, items: Items): Reply {
  const { query }: { query: string } = JSON.parse(asked.body);
  const names = new Set([...query.matchAll(/'([^']+)'/g)].map(([, name]) => name));
  const columns = ['IncidentName', 'Status', 'Owner', 'LastModifiedTime'].map((name) => ({ name, type: 'string' }));
  const rows = Array.from(names, (name) => itemOf(items, name))
    .filter((item) => item !== undefined)
    .map((item) => [item.id, 'New', '', stamp(item.created)]);
  return json({ tables: [{ name: 'PrimaryResult', columns, rows }] });
}

export default {
  vendor: 'sentinel',
  isPage,
  failure: refusal,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/tenant-1/oauth2/v2.0/token',
        accepts: (_asked, form) => form.get('grant_type') === 'client_credentials' && form.get('client_secret') === loopbackToken,
        refusal: json({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }, {}, 401),
        uses: options?.token_uses,
      }),
      isPage,
      failure: refusal,
      settings: (url) => ({
        ...{ tenant_id: 'tenant-1', client_id: 'soc-kpi', client_secret: secretOf(loopbackToken) },
        ...{ subscription_id: 'sub-1', resource_group: 'soc', workspace: 'ws-1', workspace_id: workspaceId },
        ...{ base_url: url, login_url: url, query_url: url, page_size: options?.page_size ?? 1000, requests_per_second: 10_000 },
      }),
      route(asked, known) {
        if (asked.path === `${workspace}/incidents`) return incidents(asked, known);
        if (asked.path === `${workspace}/alertRules`) return json({ value: [{ name: 'rule-1', properties: { displayName: 'A rule' } }] });
        return asked.path === `/v1/workspaces/${workspaceId}/query` ? history(asked, known) : undefined;
      },
    }),
} satisfies World;
