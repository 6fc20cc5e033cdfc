import type { Asked, Reply } from '../../src/demo/server.ts';
import { basicAuthOf, loopbackToken, tokenAuth } from '../../src/demo/apis/auth.ts';
import { firstAt } from '../../src/demo/apis/paging.ts';
import { compareIds, exactNumber, indexBy, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const api = '/api/v3.3';
const isPage: World['isPage'] = ({ path }) => path === `${api}/detections` || path === `${api}/assignments`;
/** Every second one is an assignment. */
const isAssignment = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
/** Rising by nothing but the id. */
const lists = {
  detections: indexBy(
    () => 0,
    (item) => !isAssignment(item),
  ),
  assignments: indexBy(() => 0, isAssignment),
};
const seconds = (at: number) => new Date(at).toISOString().replace(/\.\d+Z/, 'Z');

function detectionOf(item: Item): Record<string, unknown> {
  const record = {
    id: exactNumber(item.id),
    created_timestamp: seconds(item.created),
    first_timestamp: seconds(item.created - 120_000),
    last_timestamp: seconds(item.created - 60_000),
    detection_type: item.title,
    detection_category: 'lateral_movement',
    state: item.status === 'open' ? 'active' : 'fixed',
    threat: item.severity * 20 - 10,
    certainty: 60,
    src_host: { name: 'pc-1', ip: '192.0.2.1' },
    src_account: null,
  };
  return odd(record, item, { id: ['id'], unknown: { state: 'parked' }, keep: ['id', 'created_timestamp'] });
}

/** Its only words are the analyst's name. */
function assignmentOf(item: Item): Record<string, unknown> {
  const record = {
    id: exactNumber(item.id),
    date_assigned: seconds(item.created),
    date_resolved: item.closed === undefined ? null : seconds(item.closed),
    assigned_to: { id: 1, username: item.title },
    outcome: null,
    host_id: 1,
    account_id: null,
    triaged_detections: {},
  };
  return odd(record, item, { id: ['id'], unknown: {}, keep: ['id', 'date_assigned'] });
}

function answer({ path, query }: Asked, items: Items, limit: number): Reply {
  const assignments = path.endsWith('/assignments');
  const [first, from] = [
    query.get('min_id') ?? '0',
    Date.parse(query.get('last_timestamp_gte') ?? query.get('created_after') ?? '1970-01-01'),
  ];
  const open = query.get('resolved') === 'false';
  const within = (item: Item) => (assignments ? item.created : item.created - 60_000) >= from && !(open && item.closed !== undefined);
  const all = lists[assignments ? 'assignments' : 'detections'](items);
  const found = all.slice(firstAt(all, ({ id }) => compareIds(id, first) >= 0)).filter(within);
  const size = Number(query.get('page_size') ?? limit);
  const results = found.slice(0, size).map(assignments ? assignmentOf : detectionOf);
  // Of another host and unencrypted, as recorded: never to be followed.
  const next = found.length > size ? 'http://portal.example/api/v3.3/detections?page=2' : null;
  return json({ count: found.length, next, previous: null, results });
}

const failure: World['failure'] = (status, headers) => json({ detail: 'Refused' }, headers, status);
const basic = basicAuthOf('client', loopbackToken);

export default {
  vendor: 'vectra',
  isPage,
  failure,
  native: (item) => (isAssignment(item) ? `assignment:${item.id}` : item.id),
  shows: ({ kind, title, assignee }, item) => (kind === 'case' ? assignee : title) === item.title.replaceAll('\u0000', '\u2400'),
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: `${api}/oauth2/token`,
        accepts: (asked, form) => basic.admits(asked) && form.get('grant_type') === 'client_credentials',
        refusal: failure(401),
        uses: options?.token_uses,
      }),
      isPage,
      failure,
      settings: (url) => ({
        platform: 'rux',
        base_url: url,
        client_id: 'client',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known, options?.page_size ?? 50) : undefined),
    }),
} satisfies World;
