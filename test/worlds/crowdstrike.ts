import { loopbackToken } from '../../src/demo/apis/auth.ts';
import { crowdstrike, nanos } from '../../src/demo/apis/crowdstrike.ts';
import { entriesOf, odd, secretOf, startEngine } from './engine.ts';
import type { Item, World } from './world.ts';

/** Every second one is a case, so that both are put through everything. */
const isCase = ({ id }: Item): boolean => Number(id.at(-1)) % 2 === 0;
const quirks = (id: string) => ({
  id: [id],
  unknown: { status: 'parked', severity: 500 },
  keep: [id, 'created_timestamp', 'updated_timestamp'],
});

function recordOf(item: Item): Record<string, unknown> {
  const shared = {
    id: item.id,
    created_timestamp: nanos(item.created),
    updated_timestamp: nanos(item.changed),
    status: item.status === 'open' ? 'new' : 'closed',
    severity: item.severity * 20 - 10,
  };
  if (isCase(item)) return odd({ ...shared, name: item.title, sla: null }, item, quirks('id'));
  const alert = { ...shared, composite_id: item.id, display_name: item.title, seconds_to_triaged: 0, seconds_to_resolved: 0 };
  return odd(alert, item, quirks('composite_id'));
}

const entries = entriesOf((item) => (isCase(item) ? 'case' : 'alert'), recordOf);

export default {
  vendor: 'crowdstrike',
  isPage: crowdstrike.isPage,
  failure: crowdstrike.failure,
  start: (items, options) =>
    startEngine({
      ...crowdstrike,
      items,
      options,
      auth: crowdstrike.auth(options?.token_uses),
      settings: (url) => ({
        base_url: url,
        client_id: 'reader',
        client_secret: secretOf(loopbackToken),
        objects: ['alerts', 'cases'],
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => crowdstrike.route(asked, entries(known)),
    }),
} satisfies World;
