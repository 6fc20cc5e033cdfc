import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/v3.0/workbench/alerts';
const levels = ['', 'low', 'low', 'medium', 'high', 'critical'];
const seconds = (at: number) => new Date(at).toISOString().replace(/\.\d+Z/, 'Z');

function alertOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    schemaVersion: '1.15',
    createdDateTime: seconds(item.created),
    updatedDateTime: seconds(item.changed),
    model: item.title,
    status: item.status === 'open' ? 'Open' : 'Closed',
    investigationResult: 'No Findings',
    severity: levels[item.severity],
    ownerIds: [],
    impactScope: { entities: [] },
  };
  const unknown = { status: 'Parked', severity: 'dire' };
  return odd(record, item, { id: ['id'], unknown, keep: ['id', 'createdDateTime', 'updatedDateTime'] });
}

/** A skip token is the worst that it may be: a count of what is there now. */
function answer({ path, query, headers }: Asked, items: Items, limit: number): Reply {
  const [question = '', skipped = '0'] = (query.get('skipToken') ?? `${query}|0`).split('|');
  const asked = new URLSearchParams(question);
  const index = asked.get('dateTimeTarget') === 'updatedDateTime' ? byChange : byCreation;
  const from = Date.parse(asked.get('startDateTime') ?? '');
  const to = Date.parse(asked.get('endDateTime') ?? '9999-12-31T00:00:00Z');
  const found = index(items, from, to + 1);
  const skip = Number(skipped);
  const page = byOffset(found, skip, limit).map(alertOf);
  const next = new URLSearchParams({ skipToken: `${question}|${skip + limit}` });
  const nextLink = skip + limit < found.length ? { nextLink: `http://${headers.host}${path}?${next}` } : {};
  return json({ totalCount: found.length, count: page.length, items: page, ...nextLink });
}

const failure: World['failure'] = (status, headers) =>
  json({ error: { code: 'Refused', message: 'Refused. (Error code: 3090003)', number: 3090003 } }, headers, status);

export default {
  vendor: 'trend-vision-one',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API key cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', `Bearer ${loopbackToken}`),
      isPage,
      failure,
      settings: (url) => ({ base_url: url, api_key: secretOf(loopbackToken) }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known, options?.page_size ?? 10) : undefined),
    }),
} satisfies World;
