import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = (asked) => asked.path === '/_search';
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

/** A point in time is a frozen view: what changes later is not in it. */
function answers() {
  const views = new Map<string, readonly Item[]>();
  return (asked: Asked, items: Items): Reply | undefined => {
    if (asked.method === 'DELETE') return json({ succeeded: true, num_freed: 1 });
    if (asked.path === '/.alerts-security.alerts-default/_pit') {
      const id = `pit-${views.size + 1}`;
      views.set(id, byCreation(items));
      return json({ id });
    }
    if (!isPage(asked)) return undefined;
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
      settings: (url) => ({ base_url: url, api_key: secretOf(loopbackToken), page_size: options?.page_size ?? 1000 }),
      route: answers(),
    }),
} satisfies World;
