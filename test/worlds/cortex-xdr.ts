import { createHash } from 'node:crypto';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, signedAuth } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/public_api/v1/incidents/get_incidents';
const levels = ['', 'low', 'low', 'medium', 'high', 'critical'];

function incidentOf(item: Item): Record<string, unknown> {
  const record = {
    incident_id: item.id,
    creation_time: item.created,
    modification_time: item.changed,
    description: item.title,
    status: item.status === 'open' ? 'new' : 'resolved_other',
    severity: levels[item.severity],
    manual_severity: null,
    resolved_timestamp: item.closed ?? null,
    hosts: ['pc-1:b567c1a6'],
    users: null,
  };
  const keep = ['incident_id', 'creation_time', 'modification_time'];
  return odd(record, item, { id: ['incident_id'], unknown: { status: 'STATUS_900_PARKED', severity: 'dire' }, keep });
}

interface Search {
  request_data: {
    filters: { field: 'creation_time' | 'modification_time'; operator: 'gte' | 'lte'; value: number }[];
    search_from: number;
    search_to: number;
  };
}

function answer({ body }: Asked, items: Items): Reply {
  const { filters, search_from, search_to }: Search['request_data'] = (JSON.parse(body) as Search).request_data; // as written above
  const bound = (field: string, operator: string) => filters.find((each) => each.field === field && each.operator === operator)?.value;
  const to = bound('creation_time', 'lte') ?? Number.POSITIVE_INFINITY;
  const since = bound('modification_time', 'gte') ?? 0;
  const found = byCreation(items, bound('creation_time', 'gte'), to + 1).filter(({ changed }) => changed >= since);
  const incidents = byOffset(found, search_from, Math.min(100, search_to - search_from)).map(incidentOf);
  return json({ reply: { total_count: found.length, result_count: incidents.length, incidents, restricted_incident_ids: [] } });
}

const failure: World['failure'] = (status, headers) =>
  json({ reply: { err_code: status, err_msg: 'Refused', err_extra: null } }, headers, status);

export default {
  vendor: 'cortex-xdr',
  isPage,
  failure,
  inapplicable: { 'token expires': 'there is no token: every request is signed anew' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: signedAuth(({ headers }) => ({
        'x-xdr-auth-id': '7',
        authorization: createHash('sha256').update(`${loopbackToken}${headers['x-xdr-nonce']}${headers['x-xdr-timestamp']}`).digest('hex'),
      })),
      isPage,
      failure,
      settings: (url) => ({ base_url: url, key_id: 7, api_key: secretOf(loopbackToken), page_size: options?.page_size ?? 100 }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
