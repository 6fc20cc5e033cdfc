import { z } from 'zod';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/incidents/search';

function incidentOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    created: new Date(item.created).toISOString(),
    modified: new Date(item.changed).toISOString(),
    name: item.title,
    status: item.status === 'open' ? 0 : 2,
    severity: item.severity - 1,
    closed: item.closed === undefined ? '0001-01-01T00:00:00Z' : new Date(item.closed).toISOString(),
  };
  return odd(record, item, { id: ['id'], unknown: { status: 9, severity: 9 }, keep: ['id', 'created', 'modified'] });
}

const question = z.object({
  filter: z.object({
    query: z.string(),
    page: z.int(),
    size: z.int().max(1000),
    sort: z.tuple([z.object({ field: z.enum(['created', 'modified']), asc: z.literal(true) })]),
  }),
});

function answer({ body }: Asked, items: Items): Reply {
  const { query, page, size, sort } = question.parse(JSON.parse(body)).filter;
  const index = sort[0].field === 'created' ? byCreation : byChange;
  const bound = (operator: string) => new RegExp(`${sort[0].field}:${operator}"([^"]+)"`).exec(query)?.[1];
  const [from, to] = [Date.parse(bound('>=') ?? ''), Date.parse(bound('<') ?? '9999-12-31T00:00:00Z')];
  const found = index(items, from, to);
  const data = byOffset(found, page * size, size).map(incidentOf);
  return json({ data: data.length === 0 ? null : data, total: found.length });
}

const failure: World['failure'] = (status, headers) =>
  json({ id: 'refused', status, title: 'Refused', detail: 'Refused' }, headers, status);

export default {
  vendor: 'cortex-xsoar',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API key cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', loopbackToken),
      isPage,
      failure,
      settings: (url) => ({ base_url: url, api_key: secretOf(loopbackToken), page_size: options?.page_size ?? 1000 }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
