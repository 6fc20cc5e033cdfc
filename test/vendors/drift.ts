import assert from 'node:assert/strict';
import { seeded } from '../../src/demo/chance.ts';
import type { Item, WorldOptions } from '../worlds/world.ts';
import { assertComplete, assertShown, changed, collect, day, inWorld, item, items, merged, minute, next, type Put } from './scenario.ts';

/** Five updates, one new item and now and then a deletion at each page, in two collections; a third one when all is quiet. */
export async function drift(put: Put, seed: number): Promise<void> {
  const random = seeded(seed);
  const truth = new Map(items(70).map((each) => [each.id, each]));
  const start = day + 100 * minute;
  let clock = start;
  let count = truth.size;
  let quiet = false;
  const before: WorldOptions['before'] = (asked, known) => {
    if (quiet || !put.world.isPage(asked)) return;
    clock += 1000;
    const write = (each: Item) => {
      truth.set(each.id, each);
      known.put(each);
    };
    for (let updates = 0; updates < 5; updates++) {
      const each = truth.get(String(1 + Math.floor(random() * count)));
      if (each !== undefined) write({ ...each, title: `Item ${each.id} at ${clock}.${updates}`, changed: clock });
    }
    count++;
    write(item(count, { created: clock, changed: clock }));
    if (random() > 0.2) return;
    const gone = String(1 + Math.floor(random() * 70));
    truth.delete(gone);
    known.remove(gone);
  };
  await inWorld(put, [...truth.values()], { before, clock: () => clock, page_size: 20 }, async (running) => {
    const first = await collect(put, running, changed);
    if (first.collection.status === 'complete') {
      const { watermark } = first.collection;
      assert.ok(watermark === undefined || watermark <= clock, 'the watermark ran ahead');
      // What was there when reading began must be had now, in whatever version; later versions are the next collection's.
      const whole = [...truth.values()].filter((each) => each.created < start);
      const lost = whole.filter((each) => !first.findings.has(put.world.native?.(each) ?? each.id));
      assert.deepEqual(
        lost.map(({ id }) => id),
        [],
        'lost by a collection that calls itself complete',
      );
    }
    const second = await collect(put, running, next(first));
    quiet = true;
    clock += minute;
    const last = await collect(put, running, next(second.collection.watermark === undefined ? first : second));
    assertComplete(last);
    assertShown(put, merged(first, second, last), [...truth.values()], false);
  });
}
