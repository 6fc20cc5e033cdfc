import type { Asked, Reply } from '../../src/demo/server.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = (asked) => asked.path === '/web/api/v2.1/threats';
const micros = (at: number) => new Date(at).toISOString().replace('Z', '250Z');

function threatOf(item: Item): Record<string, unknown> {
  const record = {
    id: item.id,
    threatInfo: {
      createdAt: micros(item.created),
      updatedAt: micros(item.changed),
      identifiedAt: micros(item.created - 1000),
      threatName: item.title,
      detectionEngines: [{ key: 'pre_execution', title: 'On-Write Static AI' }],
      incidentStatus: item.status === 'closed' ? 'resolved' : 'unresolved',
      analystVerdict: 'undefined',
      confidenceLevel: item.severity > 3 ? 'malicious' : 'suspicious',
      mitigationStatus: 'not_mitigated',
    },
    agentRealtimeInfo: { agentComputerName: 'pc-1' },
    indicators: [],
    mitigationStatus: [],
  };
  return odd(record, item, {
    id: ['id'],
    unknown: { 'threatInfo/incidentStatus': 'parked', 'threatInfo/confidenceLevel': 'dire' },
    keep: ['id', 'threatInfo/createdAt', 'threatInfo/updatedAt'],
  });
}

function answer({ query }: Asked, items: Items): Reply {
  const index = query.get('sortBy') === 'updatedAt' ? byChange : byCreation;
  const from = Date.parse(query.get('updatedAt__gte') ?? query.get('createdAt__gte') ?? '1970-01-01T00:00:00Z');
  const to = Date.parse(query.get('createdAt__lt') ?? '9999-12-31T00:00:00Z');
  const found = index(items, from, to);
  const skip = Number(query.get('skip') ?? 0);
  if (skip > 1000) return failure(400);
  const data = byOffset(found, skip, Number(query.get('limit') ?? 10)).map(threatOf);
  return json({ data, pagination: { totalItems: found.length, nextCursor: null }, errors: null });
}

const failure: World['failure'] = (status, headers) =>
  json({ errors: [{ code: status * 10, title: 'Refused', detail: null }] }, headers, status);

export default {
  vendor: 'sentinelone',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API token cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: headerAuth('Authorization', `ApiToken ${loopbackToken}`),
      isPage,
      failure,
      settings: (url) => ({ base_url: url, api_token: secretOf(loopbackToken), page_size: options?.page_size ?? 1000 }),
      route(asked, known) {
        if (asked.path === '/web/api/v2.1/activities') return json({ data: [], pagination: { totalItems: 0, nextCursor: null } });
        return isPage(asked) ? answer(asked, known) : undefined;
      },
    }),
} satisfies World;
