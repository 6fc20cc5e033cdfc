import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openStage } from '../src/stage.ts';
import { openStore } from '../src/store/index.ts';
import { batch, finding, folder } from './store/fixtures.ts';
import { join } from 'node:path';

test('whatever comes in whatever pieces, the last version of each id is there once', () => {
  const ids = fc.array(fc.record({ id: fc.integer({ min: 0, max: 30 }), title: fc.string(), closed: fc.option(fc.integer()) }), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 20 }), (given, size) => {
      const stage = openStage(size);
      const wanted = new Map<string, ReturnType<typeof finding>>();
      for (const { id, title, closed } of given) {
        const one = finding(String(id), { title: title.toWellFormed(), ...(closed === null ? {} : { closed_at: closed }) });
        stage.add(one);
        wanted.set(one.native_id, one);
      }
      const order = (a: { native_id: string }, b: { native_id: string }) => Number(a.native_id) - Number(b.native_id);
      assert.deepEqual([...stage.findings()].sort(order), [...wanted.values()].sort(order));
      assert.equal(stage.replaced, given.length - wanted.size);
      assert.equal([...stage.findings()].length, wanted.size); // it can be asked again
    }),
  );
});

test('a collection that is stored in pieces is one batch, and looks like one that was stored at once', (t) => {
  const many = Array.from({ length: 20_000 }, (_, i) => finding(`id-${i % 19_000}`, { title: `Title ${i}`, created_at: 1_000_000 + i }));
  const at = folder(t);
  const [pieces, whole] = ['pieces', 'whole'].map((name) => openStore(join(at, `${name}.db`), 'acme'));
  assert.ok(pieces && whole);
  const stage = openStage();
  for (const one of many) stage.add(one);
  const stored = pieces.append(batch(30_000_000), stage.findings(), []);
  assert.equal(stored.stored, 19_000);
  assert.equal(whole.append(batch(30_000_000), many, []).stored, 19_000);
  assert.ok(pieces.stats().segments > 1);
  const titles = (store: typeof pieces) => {
    const view = store.view({ as_of: 40_000_000 });
    const { codes, values } = view.text('title');
    const ids = view.cold(Array.from({ length: view.rows }, (_, row) => row));
    return new Map(ids.map(({ native_id }, row) => [native_id, values[codes[row] ?? -1]]));
  };
  assert.deepEqual(titles(pieces), titles(whole));
  assert.equal(titles(pieces).get('id-0'), 'Title 19000');
  assert.equal(pieces.append(batch(31_000_000), stage.findings(), []).stored, 0); // nothing has changed
  assert.deepEqual(pieces.check(), []);
  pieces.close();
  whole.close();
});

test('what fails half-way through leaves nothing of the batch', (t) => {
  const store = openStore(join(folder(t), 'acme.db'), 'acme');
  function* broken() {
    for (let i = 0; i < 10_000; i++) yield finding(`id-${i}`);
    throw new Error('the pieces are damaged');
  }
  assert.throws(() => store.append(batch(10_000), broken(), [], 'cursor'), /damaged/);
  assert.deepEqual([store.stats().observations, store.batches(), store.cursor('qradar')], [0, [], undefined]);
  assert.equal(store.append(batch(20_000), [finding('id-1')], []).stored, 1);
  store.close();
});
