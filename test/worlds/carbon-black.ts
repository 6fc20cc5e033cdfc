import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/api/alerts/v7/orgs/ABCD1234/alerts/_search';
const iso = (at: number) => new Date(at).toISOString();

function alertOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    type: 'CB_ANALYTICS',
    backend_timestamp: iso(item.created),
    backend_update_timestamp: iso(item.changed),
    reason: item.title,
    severity: item.severity * 2,
    workflow: { status: item.status === 'open' ? 'OPEN' : 'CLOSED', change_timestamp: iso(item.changed), closure_reason: 'NO_REASON' },
    determination: null,
    tags: null,
    device_name: 'pc-1',
  };
  const unknown = { severity: 77, 'workflow/status': 'PARKED' };
  return odd(record, item, { id: ['id'], unknown, keep: ['id', 'backend_timestamp', 'backend_update_timestamp'] });
}

/** Without start and end it is relative ("-2w"), which here holds all. */
interface Range {
  start?: string;
  end?: string;
}
interface Search {
  time_range: Range;
  criteria?: { backend_update_timestamp: Range };
  rows: number;
  start?: number;
}

const boundsOf = (range: Range | undefined): [from: number, to: number] =>
  range?.start === undefined || range.end === undefined
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : [Date.parse(range.start), Date.parse(range.end)];

/** Rows are counted from 1, of which the vendor must lose none. */
function answer({ body }: Asked, items: Items): Reply {
  const { time_range, criteria, rows, start = 1 }: Search = JSON.parse(body);
  const [since, until] = boundsOf(criteria?.backend_update_timestamp);
  const found = byCreation(items, ...boundsOf(time_range)).filter(({ changed }) => changed >= since && changed < until);
  const results = byOffset(found, start - 1, rows).map(alertOf);
  return json({ results, num_found: found.length, num_available: Math.min(found.length, 10_000) });
}

const failure: World['failure'] = (status, headers) => json({ error_code: 'REFUSED', message: 'Refused' }, headers, status);

export default {
  vendor: 'carbon-black',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API key does not end and is sent with every request' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('X-Auth-Token', `${loopbackToken}/READER`),
      isPage,
      failure,
      settings: (url) => ({
        base_url: url,
        org_key: 'ABCD1234',
        api_id: 'READER',
        api_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
