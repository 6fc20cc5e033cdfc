import type { Asked, Reply } from '../server.ts';
import { loopbackToken, tokenAuth } from './auth.ts';
import { byCursor, byOffset } from './paging.ts';
import { type Api, type Entry, json, rising } from './product.ts';

const paths = { alerts: '/alerts/combined/alerts/v1', cases: '/cases/queries/cases/v1', byId: '/cases/entities/cases/v2' };

/** In the product's form: nine digits of a second. */
export const nanos = (at: number) => new Date(at).toISOString().replace('Z', '794943Z');

function found(filter: string, kind: Entry['kind'], entries: readonly Entry[]): readonly Entry[] {
  const bounds = [...filter.matchAll(/(created|updated)_timestamp:(>=|<)'([^']+)'/g)].map(([, field, operator, value = '']) => ({
    key: field === 'created' ? ('created' as const) : ('changed' as const),
    before: operator === '<',
    at: Date.parse(value),
  }));
  const within = (entry: Entry) => bounds.every(({ key, before, at }) => (before ? entry[key] < at : entry[key] >= at));
  return rising(
    entries.filter((entry) => entry.kind === kind && within(entry)),
    (entry) => entry.created,
  );
}

const place = ({ created, id }: Entry): string => `${created}:${id.padStart(20, '0')}`;
const answer = (resources: unknown[], pagination: object = {}): Reply => json({ meta: { pagination }, errors: [], resources });

/** CrowdStrike Falcon: alerts by a token for a place in the order, cases by offset and then by id. */
export const crowdstrike: Api = {
  auth: (uses) =>
    tokenAuth({
      path: '/oauth2/token',
      accepts: (_asked, form) => form.get('client_id') === 'reader' && form.get('client_secret') === loopbackToken,
      refusal: crowdstrike.failure(401),
      uses,
    }),
  isPage: ({ path }) => path === paths.alerts || path === paths.cases,
  failure: (status, headers) => json({ meta: {}, errors: [{ code: status, message: 'access denied' }], resources: [] }, headers, status),
  route: ({ path, body, query }: Asked, entries) => {
    if (path === paths.alerts) {
      const { filter, limit, after }: { filter: string; limit: number; after?: string } = JSON.parse(body);
      const { records, next } = byCursor(found(filter, 'alert', entries), after, limit, place, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
      return answer(
        records.map((entry) => entry.json()),
        next === undefined ? {} : { after: next },
      );
    }
    if (path === paths.cases) {
      const all = found(query.get('filter') ?? '', 'case', entries);
      const ids = byOffset(all, Number(query.get('offset')), Number(query.get('limit'))).map(({ id }) => id);
      return answer(ids, { total: all.length });
    }
    if (path === '/alerts/queries/alerts/v2') return answer([], { total: entries.filter(({ kind }) => kind === 'alert').length });
    if (path !== paths.byId) return undefined;
    const { ids }: { ids: string[] } = JSON.parse(body);
    const asked = new Set(ids);
    const cases = entries.filter(({ kind, id }) => kind === 'case' && asked.has(id));
    return answer(cases.reverse().map((entry) => entry.json()));
  },
};
