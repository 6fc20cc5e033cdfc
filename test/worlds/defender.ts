import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, tokenAuth } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { indexBy, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const paths = { alerts: '/v1.0/security/alerts_v2', incidents: '/v1.0/security/incidents' };
const isPage: World['isPage'] = ({ path }) => path === paths.alerts || path === paths.incidents;

/** Every second one is an incident, so that both are put through everything. */
const isIncident = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
const created = (item: Item) => item.created;
const lists = { alerts: indexBy(created, (item) => !isIncident(item)), incidents: indexBy(created, isIncident) };
const seven = (at: number) => new Date(at).toISOString().replace('Z', '1305Z');
const levels = ['unknown', 'informational', 'low', 'medium', 'high', 'high'];

function recordOf(item: Item): Record<string, unknown> {
  const open = isIncident(item) ? 'active' : 'new';
  const record = {
    id: item.id,
    [isIncident(item) ? 'displayName' : 'title']: item.title,
    createdDateTime: seven(item.created),
    lastUpdateDateTime: seven(item.changed),
    status: item.status === 'open' ? open : 'resolved',
    severity: levels[item.severity],
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: null,
    comments: [],
  };
  return odd(record, item, {
    id: ['id'],
    unknown: { status: 'unknownFutureValue', severity: 'dire' },
    keep: ['id', 'createdDateTime', 'lastUpdateDateTime'],
  });
}

function route({ path, query }: Asked, items: Items): Reply | undefined {
  const asked = (query.get('$filter') ?? '').matchAll(/(created|lastUpdate)DateTime (ge|lt) (\S+)/g);
  const bounds = Array.from(asked, ([, field, operator, value = '']) => ({ field, operator, instant: Date.parse(value) }));
  const bound = (field: string, operator: string) => bounds.find((each) => each.field === field && each.operator === operator)?.instant;
  const since = bound('lastUpdate', 'ge') ?? 0;
  const found = lists[path === paths.incidents ? 'incidents' : 'alerts'](items, bound('created', 'ge'), bound('created', 'lt')).filter(
    ({ changed }) => changed >= since,
  );
  const value = byOffset(found, Number(query.get('$skip') ?? 0), Number(query.get('$top'))).map(recordOf);
  const context = `https://graph.microsoft.com${path.replace('/security', '/$metadata#security')}`;
  return json({ '@odata.context': context, ...(query.get('$count') === 'true' ? { '@odata.count': found.length } : {}), value });
}

const failure: World['failure'] = (status, headers) =>
  json({ error: { code: '', message: 'Refused', innerError: { date: '2026-11-02T00:00:00' } } }, headers, status);

export default {
  vendor: 'defender',
  isPage,
  failure,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/loopback.example/oauth2/v2.0/token',
        accepts: (_asked, form) =>
          form.get('grant_type') === 'client_credentials' &&
          form.get('client_secret') === loopbackToken &&
          /\.default$/.test(form.get('scope') ?? ''),
        refusal: json({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }, {}, 401),
        uses: options?.token_uses,
      }),
      isPage,
      failure,
      settings: (url) => ({
        base_url: `${url}/v1.0`,
        login_url: url,
        tenant_id: 'loopback.example',
        client_id: 'reader',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? route(asked, known) : undefined),
    }),
} satisfies World;
