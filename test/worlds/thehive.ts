import { z } from 'zod';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from './engine-auth.ts';
import { byOffset } from './engine-paging.ts';
import { json, odd, secretOf, sorted, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/api/v1/query';
/** Every second one is a case. */
const kindOf = ({ id }: Item): string => (Number(id.at(-1)) % 2 === 0 ? 'Case' : 'Alert');
/** As long as nothing happened there is no _updatedAt. */
const updatedOf = (item: Item): number | undefined => (item.changed > item.created ? item.changed : undefined);

function recordOf(item: Item): Record<string, unknown> {
  const updated = updatedOf(item);
  const record = {
    _id: `~${item.id}`,
    _type: kindOf(item),
    _createdAt: item.created,
    ...(updated === undefined ? {} : { _updatedAt: updated }),
    title: item.title,
    severity: Math.max(1, item.severity - 1),
    status: item.status === 'open' ? 'New' : 'TruePositive',
    stage: item.status === 'open' ? 'New' : 'Closed',
    closedDate: item.closed,
  };
  const unknown = { stage: 'Parked', severity: 9 };
  return odd(record, item, { id: ['_id'], unknown, keep: ['_id', '_type', '_createdAt', '_updatedAt'] });
}

const bound = z.object({ _field: z.enum(['_createdAt', '_updatedAt']), _value: z.number() });
const question = z.object({
  query: z.tuple([
    z.object({ _name: z.enum(['listAlert', 'listCase']) }),
    z.object({ _name: z.literal('filter'), _and: z.array(z.object({ _gte: bound.optional(), _lt: bound.optional() })) }),
    z.object({ _name: z.literal('sort'), _fields: z.tuple([z.record(z.string(), z.literal('asc'))]) }),
    z.object({ _name: z.literal('page'), from: z.number(), to: z.number(), extraData: z.tuple([z.literal('total')]) }),
  ]),
});

function answer({ body }: Asked, items: Items): Reply {
  const [list, filter, { _fields }, page] = question.parse(JSON.parse(body)).query;
  const stampOf = (item: Item, field: string) => (field === '_createdAt' ? item.created : updatedOf(item));
  const within = (item: Item) =>
    filter._and.every(({ _gte, _lt }) => {
      const at = stampOf(item, (_gte ?? _lt)?._field ?? '');
      return at !== undefined && (_gte === undefined || at >= _gte._value) && (_lt === undefined || at < _lt._value);
    });
  const [by = ''] = Object.keys(_fields[0]);
  const found = sorted(items.all(), (item) => stampOf(item, by) ?? 0).filter(
    (item) => list._name === `list${kindOf(item)}` && within(item),
  );
  return json(byOffset(found, page.from, page.to - page.from).map(recordOf), { 'X-Total': String(found.length) });
}

const failure: World['failure'] = (status, headers) => json({ type: 'Refused', message: 'Refused' }, headers, status);

export default {
  vendor: 'thehive',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API key has no end' },
  native: ({ id }) => `~${id}`,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', `Bearer ${loopbackToken}`),
      isPage,
      failure,
      settings: (url) => ({ base_url: url, api_key: secretOf(loopbackToken), page_size: options?.page_size ?? 500 }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
