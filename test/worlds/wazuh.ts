import type { Asked, Reply } from '../../src/demo/server.ts';
import { refusal } from './elastic.ts';
import { basicAuthOf, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = (asked) => asked.path === '/_search';
const levels = [0, 3, 5, 8, 13, 15];

/** With an offset that has no colon, as Wazuh writes it. */
const stamp = (at: number) => new Date(at).toISOString().replace('Z', '+0000');

function hitOf(item: Item): Record<string, unknown> {
  const source = {
    timestamp: stamp(item.created),
    rule: { id: '5710', level: levels[item.severity], description: item.title, groups: ['syslog', 'sshd'] },
    agent: { name: 'web-1', ip: '192.0.2.7' },
    data: { srcip: '198.51.100.4' },
  };
  const quirks = { id: ['_id'], unknown: { '_source/rule/level': 99 }, keep: ['_id', '_source/timestamp'] };
  return odd({ _id: item.id, _index: 'wazuh-alerts-4.x-2026.10.01', _source: source }, item, quirks);
}

interface Bounds {
  range: { timestamp: { gte: string; lt?: string } };
}
interface Search {
  pit: { id: string };
  from: number;
  size: number;
  query: { bool: { filter: [Bounds, { bool: { should: [Bounds] } }] } };
}

const within = (item: Item, { range: { timestamp } }: Bounds): boolean =>
  item.created >= Date.parse(timestamp.gte) && (timestamp.lt === undefined || item.created < Date.parse(timestamp.lt));

function answers() {
  const views = new Map<string, readonly Item[]>();
  return (asked: Asked, items: Items): Reply | undefined => {
    if (asked.method === 'DELETE') return json({ pits: [] });
    if (asked.path === '/wazuh-alerts-4.x-*/_search/point_in_time') {
      const pit_id = `pit-${views.size + 1}`;
      views.set(pit_id, byCreation(items));
      return json({ pit_id });
    }
    if (asked.path === '/wazuh-alerts-4.x-*/_search') return json({ hits: { total: { value: items.all().length }, hits: [] } });
    if (!isPage(asked)) return undefined;
    const search: Search = JSON.parse(asked.body);
    const [after, { bool }] = search.query.bool.filter;
    const found = views.get(search.pit.id)?.filter((item) => within(item, after) && within(item, bool.should[0]));
    if (found === undefined) return refusal(404);
    const hits = found.slice(search.from, search.from + search.size).map(hitOf);
    return json({ timed_out: false, _shards: { total: 1, failed: 0 }, hits: { total: { value: found.length, relation: 'eq' }, hits } });
  };
}

export default {
  vendor: 'wazuh',
  isPage,
  failure: refusal,
  inapplicable: { 'token expires': 'the indexer takes a user and password with every request' },
  // A 4.x alert is written once: it is there or not, and never another.
  shows: (finding, item) => item.changed - item.created !== 5000 || finding.title === item.title.replaceAll('\u0000', '\u2400'),
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: basicAuthOf('reader', loopbackToken),
      isPage,
      failure: refusal,
      settings: (url) => ({
        base_url: url,
        user: 'reader',
        password: secretOf(loopbackToken),
        page_size: options?.page_size ?? 2000,
      }),
      route: answers(),
    }),
} satisfies World;
