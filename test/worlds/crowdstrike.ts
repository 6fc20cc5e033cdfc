import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, tokenAuth } from './engine-auth.ts';
import { byCursor, byOffset } from './engine-paging.ts';
import { json, odd, secretOf, sorted, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const paths = { alerts: '/alerts/combined/alerts/v1', cases: '/cases/queries/cases/v1', byId: '/cases/entities/cases/v2' };
const isPage: World['isPage'] = ({ path }) => path === paths.alerts || path === paths.cases;

/** Every second one is a case, so that both are put through everything. */
const isCase = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
const nanos = (at: number) => new Date(at).toISOString().replace('Z', '794943Z');
const quirks = (id: string) => ({
  id: [id],
  unknown: { status: 'parked', severity: 500 },
  keep: [id, 'created_timestamp', 'updated_timestamp'],
});

function recordOf(item: Item): Record<string, unknown> {
  const shared = {
    id: item.id,
    created_timestamp: nanos(item.created),
    updated_timestamp: nanos(item.changed),
    status: item.status === 'open' ? 'new' : 'closed',
    severity: item.severity * 20 - 10,
  };
  if (isCase(item)) return odd({ ...shared, name: item.title, sla: null }, item, quirks('id'));
  const alert = { ...shared, composite_id: item.id, display_name: item.title, seconds_to_triaged: 0, seconds_to_resolved: 0 };
  return odd(alert, item, quirks('composite_id'));
}

function found(filter: string, items: Items): Item[] {
  const bounds = [...filter.matchAll(/(created|updated)_timestamp:(>=|<)'([^']+)'/g)];
  const within = (item: Item) =>
    bounds.every(([, field, operator, value = '']) => {
      const at = field === 'created' ? item.created : item.changed;
      return operator === '<' ? at < Date.parse(value) : at >= Date.parse(value);
    });
  return sorted(items.all(), (item) => item.created).filter(within);
}

const place = (item: Item): string => `${item.created}:${item.id.padStart(20, '0')}`;
const answer = (resources: unknown[], pagination: object = {}): Reply => json({ meta: { pagination }, errors: [], resources });

function route({ path, body, query }: Asked, items: Items): Reply | undefined {
  if (path === paths.alerts) {
    const { filter, limit, after }: { filter: string; limit: number; after?: string } = JSON.parse(body);
    const all = found(filter, items).filter((item) => !isCase(item));
    const { records, next } = byCursor(all, after, limit, place, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return answer(records.map(recordOf), next === undefined ? {} : { after: next });
  }
  if (path === paths.cases) {
    const all = found(query.get('filter') ?? '', items).filter(isCase);
    return answer(
      byOffset(all, Number(query.get('offset')), Number(query.get('limit'))).map(({ id }) => id),
      { total: all.length },
    );
  }
  if (path === '/alerts/queries/alerts/v2') return answer([], { total: items.all().filter((item) => !isCase(item)).length });
  if (path !== paths.byId) return undefined;
  const { ids }: { ids: string[] } = JSON.parse(body);
  return answer(
    items
      .all()
      .filter((item) => isCase(item) && ids.includes(item.id))
      .reverse()
      .map(recordOf),
  );
}

const failure: World['failure'] = (status, headers) =>
  json({ meta: {}, errors: [{ code: status, message: 'access denied' }], resources: [] }, headers, status);

export default {
  vendor: 'crowdstrike',
  isPage,
  failure,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/oauth2/token',
        accepts: (_asked, form) => form.get('client_id') === 'reader' && form.get('client_secret') === loopbackToken,
        refusal: failure(401),
        uses: options?.token_uses,
      }),
      isPage,
      failure,
      settings: (url) => ({
        base_url: url,
        client_id: 'reader',
        client_secret: secretOf(loopbackToken),
        objects: ['alerts', 'cases'],
        page_size: options?.page_size ?? 1000,
      }),
      route,
    }),
} satisfies World;
