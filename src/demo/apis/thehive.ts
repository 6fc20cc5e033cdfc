import { z } from 'zod';
import { headerAuth, loopbackToken } from './auth.ts';
import { byOffset } from './paging.ts';
import { type Api, type Entry, json, rising } from './product.ts';

const bound = z.object({ _field: z.enum(['_createdAt', '_updatedAt']), _value: z.number() });
const question = z.object({
  query: z.tuple([
    z.object({ _name: z.enum(['listAlert', 'listCase']) }),
    z.object({ _name: z.literal('filter'), _and: z.array(z.object({ _gte: bound.optional(), _lt: bound.optional() })) }),
    z.object({ _name: z.literal('sort'), _fields: z.tuple([z.record(z.string(), z.literal('asc'))]) }),
    z.object({ _name: z.literal('page'), from: z.number(), to: z.number(), extraData: z.tuple([z.literal('total')]) }),
  ]),
});

/** As long as nothing happened to a record there is no _updatedAt. */
const stampOf = ({ created, changed }: Entry, field: string): number | undefined => {
  if (field === '_createdAt') return created;
  return changed > created ? changed : undefined;
};

/** TheHive 5: lists of alerts and of cases, filtered, sorted and cut by one small query language. */
export const thehive: Api = {
  auth: () => headerAuth('Authorization', `Bearer ${loopbackToken}`),
  isPage: ({ path }) => path === '/api/v1/query',
  failure: (status, headers) => json({ type: 'Refused', message: 'Refused' }, headers, status),
  route: (asked, entries) => {
    if (!thehive.isPage(asked)) return undefined;
    const [list, filter, { _fields }, page] = question.parse(JSON.parse(asked.body)).query;
    const kind = list._name === 'listAlert' ? 'alert' : 'case';
    const within = (entry: Entry) =>
      filter._and.every(({ _gte, _lt }) => {
        const at = stampOf(entry, (_gte ?? _lt)?._field ?? '');
        return at !== undefined && (_gte === undefined || at >= _gte._value) && (_lt === undefined || at < _lt._value);
      });
    const [by = ''] = Object.keys(_fields[0]);
    const found = rising(
      entries.filter((entry) => entry.kind === kind && within(entry)),
      (entry) => stampOf(entry, by) ?? 0, // what passed the filter has it, unless it is sorted by another field
    );
    const records = byOffset(found, page.from, page.to - page.from).map((entry) => entry.json());
    return json(records, { 'X-Total': String(found.length) });
  },
};
