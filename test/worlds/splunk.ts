import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const jobs = '/servicesNS/nobody/SplunkEnterpriseSecuritySuite/search/v2/jobs';
const isPage: World['isPage'] = (asked) => asked.method === 'GET' && /\/notable-\d+\/results$/.test(asked.path);
const words = ['', 'informational', 'low', 'medium', 'high', 'critical'];

/** In the search head's own zone, as Splunk answers. */
const local = (at: number) => `${new Date(at - 7 * 3_600_000).toISOString().slice(0, -1)}-07:00`;

function notableOf(item: Item): Record<string, unknown> {
  const row = {
    event_id: item.id,
    _time: local(item.created),
    rule_title: item.title,
    search_name: 'Access - Brute Force - Rule',
    urgency: words[item.severity],
    status: item.status === 'open' ? '1' : '5',
    status_label: item.status === 'open' ? 'New' : 'Closed',
    status_end: String(item.status === 'closed'),
    owner: 'unassigned',
    dest: ['web-1', 'web-2'],
  };
  const unknown = { urgency: 'dire', status: '77', status_label: 'Parked', status_group: 'Elsewhere' };
  return odd(row, item, { id: ['event_id'], unknown, keep: ['event_id', '_time'] });
}

function reviewOf(item: Item): Record<string, unknown> {
  return { rule_id: item.id, time: String(item.changed / 1000), owner: 'unassigned', status: '1', user: 'lena' };
}

/** The few searches that are asked, answered from the items as they are when the job begins. */
function rowsFor(form: URLSearchParams, items: Items): Record<string, unknown>[] | undefined {
  const spl = form.get('search') ?? '';
  const ids = new Set([...spl.matchAll(/(?:rule_id=|IN \(|, )"([^"]*)"/g)].map(([, id]) => id));
  const all = byCreation(items);
  if (spl.startsWith('| inputlookup reviewstatuses_lookup')) return [{ status: '1', end: 'false' }];
  if (spl.startsWith('| inputlookup incident_review_lookup')) {
    const [, since] = /time>=(\d+)/.exec(spl) ?? [];
    return all.filter((item) => (since === undefined ? ids.has(item.id) : item.changed >= Number(since) * 1000)).map(reviewOf);
  }
  if (!spl.startsWith('search `notable`')) return undefined;
  const [earliest, latest, indexed] = ['earliest_time', 'latest_time', 'index_earliest'].map((name) => Number(form.get(name) ?? 0) * 1000);
  const matching = all.filter((item) => {
    if (spl.includes('event_id IN')) return ids.has(item.id);
    return item.created >= (earliest ?? 0) && (Number.isNaN(latest) || item.created < (latest ?? 0)) && item.created >= (indexed ?? 0);
  });
  return matching.map(notableOf);
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return json({ messages: [{ type: 'FATAL', text: `Action forbidden or unknown (${status}).` }] }, headers, status);
}

/** A finished job is a frozen list. */
function answers() {
  const done = new Map<string, Record<string, unknown>[]>();
  return (asked: Asked, items: Items): Reply | undefined => {
    if (asked.method === 'POST' && asked.path === jobs) {
      const rows = rowsFor(new URLSearchParams(asked.body), items);
      if (rows === undefined) return refusal(400);
      const sid = `${new URLSearchParams(asked.body).get('search')?.startsWith('search') ? 'notable' : 'lookup'}-${done.size + 1}`;
      done.set(sid, rows);
      return json({ sid }, {}, 201);
    }
    if (asked.path.endsWith('/server/info')) return json({ entry: [{ content: { version: '10.0.1' } }] });
    const [, sid = '', results] = /\/jobs\/([^/]+)(\/results)?$/.exec(asked.path) ?? [];
    const rows = done.get(sid);
    if (rows === undefined) return refusal(404);
    if (asked.method === 'DELETE') return json({ messages: [{ type: 'INFO', text: 'Search job cancelled.' }] });
    const state = { dispatchState: 'DONE', isDone: true, isFailed: false, isFinalized: false, resultCount: rows.length, messages: [] };
    if (results === undefined) return json({ entry: [{ content: state }] });
    const page = byOffset(rows, Number(asked.query.get('offset')), Number(asked.query.get('count')));
    return json({ preview: false, init_offset: Number(asked.query.get('offset')), messages: [], results: page });
  };
}

export default {
  vendor: 'splunk',
  isPage,
  failure: refusal,
  inapplicable: { 'token expires': 'an authentication token ends on its day and cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', `Bearer ${loopbackToken}`),
      isPage,
      failure: refusal,
      settings: (url) => ({ base_url: url, token: secretOf(loopbackToken), page_size: options?.page_size ?? 2000 }),
      route: answers(),
    }),
} satisfies World;
