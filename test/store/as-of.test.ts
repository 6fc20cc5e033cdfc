import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { openStore, type Store, StoreError, type View } from '../../src/store/index.ts';
import { batch, finding, folder } from './fixtures.ts';
import { type Collected, day, instant, observed, replay, rowsOf, type Step, steps } from './replay.ts';

function sortedInTime(some: readonly Step[]): Step[] {
  const times = some.flatMap((step) => ('keep' in step ? [] : [step.finished_at])).sort((a, b) => a - b);
  return some.map((step) => ('keep' in step ? step : { ...step, finished_at: times.shift() ?? 0 }));
}

/** Plays steps on a new store; hands over the batches and since when history was kept. */
function play(path: string, some: readonly Step[], check: (store: Store, batches: Collected[], kept: number) => void): void {
  const store = openStore(path, 'acme');
  try {
    const batches: Collected[] = [];
    let kept = 0;
    for (const step of some) {
      if ('keep' in step) {
        kept = Math.max(kept, step.keep);
        store.compact({ keep_history_from: step.keep });
      } else {
        // A record delivered twice in a collection counts with its last version.
        batches.push(step);
        store.append(batch(step.finished_at, { source: step.source }), step.findings, []);
      }
    }
    check(store, batches, kept);
    assert.deepEqual(store.check(), []);
  } finally {
    store.close();
  }
}

function viewOrRefusal(store: Store, asOf: number, kept: number): View | undefined {
  try {
    return store.view({ as_of: asOf });
  } catch (error) {
    assert.ok(error instanceof StoreError && asOf < kept, `refused inside the retention: ${error}`);
    return undefined;
  }
}

for (const [name, order, said] of [
  ['batches in the order of time', sortedInTime, (batches: Collected[]) => batches],
  ['a clock that goes back', (some: Step[]) => some, observed],
] as const) {
  test(`every as-of view equals a replay, whenever it was compacted: ${name}`, (t) => {
    const path = folder(t);
    let run = 0;
    fc.assert(
      fc.property(steps, fc.array(instant, { minLength: 1, maxLength: 3 }), (some, asked) => {
        play(join(path, `${run++}.db`), order(some), (store, batches, kept) => {
          for (const asOf of [...asked, ...batches.map(({ finished_at }) => finished_at)]) {
            const view = viewOrRefusal(store, asOf, kept);
            if (view !== undefined) assert.deepEqual(rowsOf(view), replay(said(batches), asOf));
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  test(`"since" leaves out nothing but findings settled before it: ${name}`, (t) => {
    const path = folder(t);
    let run = 0;
    fc.assert(
      fc.property(steps, steps, instant, (some, more, since) => {
        play(join(path, `${run++}.db`), order([...some, { keep: 0 }, ...more.slice(0, 4)]), (store) => {
          const asOf = 1_700_000_000_000 + 200 * day;
          const all = rowsOf(store.view({ as_of: asOf }));
          const left = rowsOf(store.view({ as_of: asOf, since }));
          for (const [id, shown] of left) assert.deepEqual(shown, all.get(id));
          for (const [id, { closed_at, created_at, status }] of all) {
            if (left.has(id)) continue;
            assert.ok(status !== 'new' && status !== 'in_progress' && Number(closed_at) < since && Number(created_at) < since, id);
          }
        });
      }),
      { numRuns: 40 },
    );
  });
}

test('compaction does not show in a view: rows, codes and values are the same before and after', (t) => {
  const path = folder(t);
  let run = 0;
  fc.assert(
    fc.property(steps.map(sortedInTime), (some) => {
      const batches = some.filter((step) => !('keep' in step));
      play(join(path, `${run++}.db`), batches, (store) => {
        const view = () => store.view({ as_of: Number.MAX_SAFE_INTEGER });
        const columns = (one: View) => [
          one.text('title'),
          one.text('actors'),
          one.text('source'),
          one.number('key'),
          one.number('seen_at'),
        ];
        const before = view();
        store.compact({ keep_history_from: 0 });
        assert.deepEqual(columns(view()), columns(before));
      });
    }),
    { numRuns: 15 },
  );
});

test('whole months that settled before "since" are not read', (t) => {
  const store = openStore(join(folder(t), 'a.db'), 'acme');
  t.after(() => store.close());
  const at = (text: string) => Date.parse(text);
  const closed = (id: string, from: string, to: string) => finding(id, { status: 'closed', created_at: at(from), closed_at: at(to) });
  const findings = [
    closed('1', '2026-01-02', '2026-01-03'),
    closed('2', '2026-03-02', '2026-03-03'),
    finding('3', { created_at: at('2026-01-01') }),
  ];
  store.append(batch(at('2026-04-01')), findings, []);
  store.compact({ keep_history_from: 0 });

  const view = store.view({ as_of: at('2026-05-01'), since: at('2026-03-01') });

  assert.deepEqual(
    view.cold([0, 1]).map(({ native_id }) => native_id),
    ['2', '3'],
  );
  assert.equal(view.rows, 2);
});

test('a view older than the kept history is refused, and says since when it is kept', (t) => {
  const store = openStore(join(folder(t), 'a.db'), 'acme');
  t.after(() => store.close());
  const at = (text: string) => Date.parse(text);
  store.append(batch(at('2026-01-01')), [finding('1')], []);
  store.append(batch(at('2026-02-01')), [finding('1', { title: 'changed' })], []);
  store.compact({ keep_history_from: at('2026-06-01') });

  assert.throws(() => store.view({ as_of: at('2026-01-15') }), /2026-01-15T00:00:00.000Z has been dropped.*2026-02-01T00:00/);
  assert.deepEqual(store.view({ as_of: at('2026-02-01') }).text('title').values, ['changed']);
  assert.equal(store.stats().observations, 1);
});
