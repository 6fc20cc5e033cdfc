import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { indexBy, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const paths = { hits: '/_search', cases: '/api/cases/_find' };
const isPage: World['isPage'] = ({ path }) => path === paths.hits || path === paths.cases;
/** Every second one is a case, so that both are put through everything. */
const isCase = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
const created = ({ created: at }: Item): number => at;
const lists = { alerts: indexBy(created, (item) => !isCase(item)), cases: indexBy(created, isCase) };
const levels = ['', 'low', 'low', 'medium', 'high', 'critical'];
const iso = (at: number) => new Date(at).toISOString();

function fieldsOf(item: Item): Record<string, unknown> {
  const fields = {
    '@timestamp': [iso(item.created)],
    'kibana.alert.rule.name': [item.title],
    'kibana.alert.severity': [levels[item.severity]],
    'kibana.alert.workflow_status': [item.status],
    'kibana.alert.workflow_status_updated_at': [iso(item.changed)],
  };
  return odd(fields, item, {
    id: [],
    unknown: { 'kibana.alert.severity': ['dire'], 'kibana.alert.workflow_status': ['parked'] },
    keep: ['@timestamp', 'kibana.alert.workflow_status_updated_at'],
  });
}

interface Range {
  gte?: string;
  lt?: string;
}
interface Search {
  pit: { id: string };
  size: number;
  search_after?: [string, number];
  query: { bool: { should: { range: Record<string, Range> }[] } };
}

const stamps: Record<string, (item: Item) => number> = {
  '@timestamp': (item) => item.created,
  'kibana.alert.workflow_status_updated_at': (item) => item.changed,
};

/** Whether an item is asked for: each date of the question is read once, not for each item. */
function matcher({ query }: Search): (item: Item) => boolean {
  const choices = query.bool.should.map(({ range }) =>
    Object.entries(range).map(([field, { gte, lt }]) => {
      const stamp = stamps[field] ?? (() => Number.NaN);
      const [from, to] = [gte === undefined ? 0 : Date.parse(gte), lt === undefined ? Number.POSITIVE_INFINITY : Date.parse(lt)];
      return (item: Item) => stamp(item) >= from && stamp(item) < to;
    }),
  );
  return (item) => choices.some((all) => all.every((each) => each(item)));
}

export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  const error = { type: 'security_exception', reason: `action [indices:data/read/search] is refused (${status})` };
  return json({ error: { root_cause: [error], ...error }, status }, headers, status);
}

function caseOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    title: item.title,
    status: item.status,
    severity: levels[item.severity],
    created_at: iso(item.created),
    updated_at: iso(item.changed),
  };
  const unknown = { status: 'parked', severity: 'dire' };
  return odd(record, item, { id: ['id'], unknown, keep: ['id', 'created_at', 'updated_at'] });
}

/** In pages by number of what is there now, and none beyond the 10,000th. */
function cases({ query }: Asked, items: Items): Reply {
  const [page, perPage] = [Number(query.get('page')), Number(query.get('perPage'))];
  if (page * perPage > 10_000 || perPage > 100) return refusal(400);
  const found = lists.cases(items, Date.parse(query.get('from') ?? '1970-01-01'), Date.parse(query.get('to') ?? '9999-12-31') + 1);
  return json({ page, per_page: perPage, total: found.length, cases: byOffset(found, (page - 1) * perPage, perPage).map(caseOf) });
}

/** A point in time is a frozen view: what changes later is not in it. */
function answers() {
  const views = new Map<string, readonly Item[]>();
  return (asked: Asked, items: Items): Reply | undefined => {
    if (asked.method === 'DELETE') return json({ succeeded: true, num_freed: 1 });
    if (asked.path === '/.alerts-security.alerts-default/_pit') {
      const id = `pit-${views.size + 1}`;
      views.set(id, lists.alerts(items));
      return json({ id });
    }
    if (asked.path === paths.cases) return cases(asked, items);
    if (asked.path.endsWith('alerts-default/_search')) return json({ hits: { total: { value: lists.alerts(items).length }, hits: [] } });
    if (asked.path !== paths.hits) return undefined;
    const search: Search = JSON.parse(asked.body);
    const view = views.get(search.pit.id);
    if (view === undefined) return refusal(404);
    const found = view.filter(matcher(search));
    const [, after = -1] = search.search_after ?? [];
    const hits = found
      .slice(after + 1, after + 1 + search.size)
      .map((item, index) => ({ item, doc: after + 1 + index }))
      .map(({ item, doc }) => ({
        ...(item.quirk === 'missing id' ? {} : { _id: item.id }),
        fields: fieldsOf(item),
        sort: [iso(item.created), doc],
      }));
    const total = { value: found.length, relation: 'eq' };
    return json({ pit_id: search.pit.id, timed_out: false, _shards: { total: 1, successful: 1, failed: 0 }, hits: { total, hits } });
  };
}

export default {
  vendor: 'elastic',
  isPage,
  failure: refusal,
  inapplicable: { 'token expires': 'an API key cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', `ApiKey ${loopbackToken}`),
      isPage,
      failure: refusal,
      settings: (url) => ({
        base_url: url,
        kibana_url: url,
        api_key: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: answers(),
    }),
} satisfies World;
