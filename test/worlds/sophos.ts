import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, tokenAuth } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/common/v1/alerts';
const tenant = '57ca9a6b-885f-4e36-95ec-290548c26059';
const levels = ['', 'low', 'low', 'medium', 'high', 'high'];
const iso = (at: number) => new Date(at).toISOString();

function alertOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    raisedAt: iso(item.created),
    updatedAt: iso(item.changed),
    description: item.title,
    severity: levels[item.severity],
    status: 'open',
    type: 'Event::Endpoint::CorePuaDetection',
    managedAgent: { id: 'x', type: 'computer', name: 'pc-1' },
  };
  return odd(record, item, { id: ['id'], unknown: { status: 'parked', severity: 'dire' }, keep: ['id', 'raisedAt'] });
}

/** The key of a next page is the worst that it may be: a count of what is there now. */
function alerts({ query }: Asked, items: Items): Reply {
  const from = Date.parse(query.get('from') ?? '');
  const to = Date.parse(query.get('to') ?? '9999-12-31T00:00:00Z');
  const found = byCreation(items, from, to);
  const size = Number(query.get('pageSize'));
  const skip = Number(query.get('pageFromKey') ?? 0);
  const nextKey = skip + size < found.length ? { nextKey: String(skip + size) } : {};
  return json({ items: byOffset(found, skip, size).map(alertOf), pages: { size, maxSize: 1000, ...nextKey } });
}

function route(asked: Asked, items: Items): Reply | undefined {
  const host = `http://${asked.headers.host}`;
  if (asked.path === '/whoami/v1') return json({ id: tenant, idType: 'tenant', apiHosts: { global: host, dataRegion: host } });
  return isPage(asked) && asked.headers['x-tenant-id'] === tenant ? alerts(asked, items) : undefined;
}

const failure: World['failure'] = (status, headers) => json({ error: 'Refused', message: 'Refused', correlationId: 'x' }, headers, status);

export default {
  vendor: 'sophos',
  isPage,
  failure,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/api/v2/oauth2/token',
        accepts: (_asked, form) => form.get('scope') === 'token' && form.get('client_secret') === loopbackToken,
        refusal: failure(401),
        uses: options?.token_uses,
      }),
      isPage,
      failure,
      settings: (url) => ({
        base_url: url,
        global_url: url,
        login_url: url,
        client_id: 'reader',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route,
    }),
} satisfies World;
