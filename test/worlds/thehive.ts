import { loopbackToken } from '../../src/demo/apis/auth.ts';
import { thehive } from '../../src/demo/apis/thehive.ts';
import { entriesOf, odd, secretOf, startEngine } from './engine.ts';
import type { Item, World } from './world.ts';

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

const entries = entriesOf((item) => (kindOf(item) === 'Case' ? 'case' : 'alert'), recordOf);

export default {
  vendor: 'thehive',
  isPage: thehive.isPage,
  failure: thehive.failure,
  inapplicable: { 'token expires': 'an API key has no end' },
  native: ({ id }) => `~${id}`,
  start: (items, options) =>
    startEngine({
      ...thehive,
      items,
      options,
      auth: thehive.auth(),
      settings: (url) => ({ base_url: url, api_key: secretOf(loopbackToken), page_size: options?.page_size ?? 500 }),
      route: (asked, known) => thehive.route(asked, entries(known)),
    }),
} satisfies World;
