import { loopbackToken } from '../../src/demo/apis/auth.ts';
import { extrahop } from '../../src/demo/apis/extrahop.ts';
import { entriesOf, exactNumber, odd, secretOf, startEngine } from './engine.ts';
import type { Item, World } from './world.ts';

const risks = [0, 0, 20, 60, 85, 95];

function detectionOf(item: Item): Record<string, unknown> {
  const record = {
    id: exactNumber(item.id),
    start_time: item.created - 60_000,
    create_time: item.created,
    update_time: item.created,
    mod_time: item.changed,
    title: item.title,
    type: 'icmp_tunnel',
    risk_score: risks[item.severity],
    status: item.status === 'open' ? null : 'closed',
    categories: ['sec'],
    participants: [{ role: 'offender', object_type: 'ipaddr', object_value: '192.0.2.1' }],
  };
  return odd(record, item, { id: ['id'], unknown: { status: 'parked' }, keep: ['id', 'start_time', 'create_time', 'mod_time'] });
}

const entries = entriesOf(() => 'alert', detectionOf);

export default {
  vendor: 'extrahop',
  isPage: extrahop.isPage,
  failure: (status, headers = {}) => extrahop.failure(status, headers),
  start: (items, options) =>
    startEngine({
      ...extrahop,
      items,
      options,
      auth: extrahop.auth(options?.token_uses),
      settings: (url) => ({
        platform: 'revealx-360',
        base_url: url,
        client_id: 'client',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => extrahop.route(asked, entries(known)),
    }),
} satisfies World;
