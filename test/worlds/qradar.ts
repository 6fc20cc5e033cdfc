import { failure, openQradar } from '../../src/demo/qradar.ts';
import type { TableRecord } from '../../src/demo/qradar-table.ts';
import { headerAuth, loopbackToken } from '../../src/demo/apis/auth.ts';
import { odd, secretOf, startEngine } from './engine.ts';
import type { Item, World } from './world.ts';

const isPage: World['isPage'] = (asked) => asked.query.get('sort') === '+id';

function offenseOf(item: Item): TableRecord {
  const record = {
    id: BigInt(item.id),
    description: `${item.title}\n`,
    status: item.status === 'open' ? 'OPEN' : 'CLOSED',
    severity: item.severity * 2 - 1,
    start_time: item.created,
    first_persisted_time: item.created,
    last_persisted_time: item.changed,
    close_time: item.closed ?? null,
    assigned_to: null,
  };
  return odd(record, item, {
    id: ['id'],
    unknown: { status: 'PARKED', severity: 77 },
    keep: ['id', 'first_persisted_time', 'last_persisted_time'],
  });
}

export default {
  vendor: 'qradar',
  isPage,
  failure: (status, headers) => failure(status, 18, 'refused', headers),
  inapplicable: { 'token expires': 'a service token cannot be renewed' },
  async start(items, options) {
    const console = openQradar({ offenses: [], token: loopbackToken });
    let shown = -1;
    return startEngine({
      items,
      options,
      auth: headerAuth('SEC', loopbackToken),
      isPage,
      failure: (status) => failure(status, 18, 'refused'),
      settings: (url) => ({ base_url: `${url}/api`, token: secretOf(loopbackToken), page_size: options?.page_size ?? 100 }),
      route(asked, known) {
        if (shown !== known.version) console.offenses.replace(known.all().map(offenseOf));
        shown = known.version;
        return console.answer(asked);
      },
    });
  },
} satisfies World;
