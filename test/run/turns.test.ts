import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { turns } from '../../src/run/turns.ts';

test('so many at once and no more, in the order they came, whatever becomes of them', async () => {
  const turn = turns(2);
  const begun: number[] = [];
  let under = 0;
  const works = Array.from({ length: 9 }, (_, index) =>
    turn(async () => {
      begun.push(index);
      under++;
      assert.ok(under <= 2, `${under} at once`);
      for (let wait = 0; wait <= index % 3; wait++) await setImmediate();
      under--;
      if (index === 4) throw new Error('four');
      return index;
    }),
  );
  const ended = await Promise.allSettled(works);
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    ended.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')),
    [0, 1, 2, 3, 'failed', 5, 6, 7, 8],
  );
});
