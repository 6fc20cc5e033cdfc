import { createHmac } from 'node:crypto';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, signedAuth } from '../../src/demo/apis/auth.ts';
import { byCreation, exactNumber, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const paths = { breaches: '/modelbreaches', events: '/aianalyst/incidentevents' };
const isPage: World['isPage'] = ({ path }) => path === paths.breaches || path === paths.events;

/** Every second one is an incident event, so that both are put through everything. */
const isEvent = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
const native = (item: Item): string => (isEvent(item) ? `event-${item.id}` : item.id);
const categories = ['', 'Informational', 'Compliance', 'Suspicious', 'Critical', 'Critical'];

function recordOf(item: Item): Record<string, unknown> {
  const acknowledged = item.status === 'closed';
  if (isEvent(item)) {
    const event = {
      id: native(item),
      createdAt: item.created,
      periods: [{ start: item.created - 60_000, end: item.created }],
      title: item.title,
      category: categories[item.severity]?.toLowerCase(),
      acknowledged,
      currentGroup: 'g1',
    };
    return odd(event, item, { id: ['id'], unknown: { category: 'parked' }, keep: ['id', 'createdAt'] });
  }
  const model = { name: item.title, uuid: 'model', category: categories[item.severity] };
  const breach = {
    pbid: exactNumber(item.id),
    time: item.created - 6000,
    creationTime: item.created,
    // biome-ignore lint/suspicious/noThenProperty: the product's own word; nobody awaits a record.
    model: { then: model },
    score: 0.5,
    commentCount: 0,
    device: { did: 1, ip: '192.0.2.1' },
    ...(acknowledged ? { acknowledged } : {}),
  };
  return odd(breach, item, { id: ['pbid'], unknown: { 'model/then/category': 'Parked' }, keep: ['pbid', 'creationTime'] });
}

/** Everything between two instants at once; more than a page of it is too much, until a slice is a minute. */
function answer({ path, query }: Asked, items: Items, page: number): Reply {
  const [from, to] = [Number(query.get('starttime')), Number(query.get('endtime'))];
  if (query.get('includeacknowledged') !== 'true') return json([]);
  const found = byCreation(items, from, to + 1).filter((item) => isEvent(item) === (path === paths.events));
  if (found.length > page && to - from > 60_000) return json({ error: 'too large' }, {}, 413);
  return json(found.map(recordOf));
}

function sign({ path, query, headers }: Asked): Record<string, string> {
  const asked = query.size === 0 ? path : `${path}?${query}`;
  const signed = createHmac('sha1', loopbackToken).update(`${asked}\npublic-token\n${headers['dtapi-date']}`).digest('hex');
  return { 'dtapi-token': 'public-token', 'dtapi-signature': signed };
}

const failure: World['failure'] = (status, headers) => json({ error: 'refused' }, headers, status);

export default {
  vendor: 'darktrace',
  isPage,
  failure,
  native,
  inapplicable: {
    'token expires': 'a pair of tokens signs each request and does not end',
  },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: signedAuth(sign),
      isPage,
      failure: (status) => (status === 401 ? json({ error: 'API SIGNATURE ERROR' }, {}, 400) : failure(status)),
      settings: (url) => ({
        base_url: url,
        public_token: secretOf('public-token'),
        private_token: secretOf(loopbackToken),
        // Long enough for every scenario; a longer one only asks more often.
        lookback_days: 1,
        slice_minutes: Math.min(options?.page_size ?? 360, 1440),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known, options?.page_size ?? 1000) : undefined),
    }),
} satisfies World;
