import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openStore, type Store } from '../../src/store/index.ts';
import { batch, finding, folder } from './fixtures.ts';

function opened(t: TestContext): Store {
  const store = openStore(join(folder(t), 'acme.db'), 'acme');
  t.after(() => store.close());
  return store;
}

type Column = Parameters<ReturnType<Store['view']>['number']>[0];

/** One column of the only finding; undefined where it is unknown. */
function only(store: Store, name: Column, asOf = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = store.view({ as_of: asOf }).number(name as 'key')?.[0];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

test('collecting the same window again changes nothing', (t) => {
  const store = opened(t);
  const findings = [finding('1'), finding('2', { entities: [{ type: 'ip', value: '10.0.0.1' }] })];
  const first = store.append(batch(10_000), findings, [], 'page 2');
  const before = store.stats();

  const second = store.append(batch(20_000), structuredClone(findings), [], 'page 3');

  assert.deepEqual([first.stored, second.stored], [2, 0]);
  assert.deepEqual(store.stats().segments, before.segments);
  assert.deepEqual(store.stats().observations, 2);
  assert.equal(store.cursor('qradar'), 'page 3');
  assert.equal(only(store, 'seen_at'), 10_000);
});

test('a batch keeps what was said of it, and its rejections', (t) => {
  const store = opened(t);
  const rejections = [
    { place: 'page 3, record 17', reason: 'no id', raw: '{}' },
    { place: 'page 3, record 18', reason: 'no time', raw: '{"id":1}' },
  ];
  const stored = store.append(
    batch(10_000, { status: 'partial', reason: 'page 4 missing', expected: 9, fetched: 3, rejected: 2 }),
    [],
    rejections,
  );

  assert.deepEqual(store.rejections(stored.id), rejections);
  assert.deepEqual(store.batches(), [stored]);
  assert.deepEqual(store.batches(9_999), []);
  assert.match(stored.digest, /^[0-9a-f]{64}$/);
  assert.equal(store.append(batch(20_000), [], []).reason, undefined);
  assert.equal(store.batches()[1]?.reason, undefined);
});

test('an undated first touch lies between the batch that saw it untouched and the one that saw it touched', (t) => {
  const store = opened(t);
  store.append(batch(10_000), [finding('1')], []);
  store.append(batch(20_000), [], []); // complete and silent: nothing had changed
  store.append(batch(30_000, { status: 'partial' }), [], []); // partial: its silence says nothing
  store.append(batch(40_000), [finding('1', { status: 'in_progress' })], []);
  store.append(batch(50_000), [finding('1', { status: 'in_progress', assignee: 'ada' })], []);

  // The record may have been read at the start of the batch that finished at 20,000.
  assert.deepEqual([only(store, 'ack_after'), only(store, 'ack_before')], [19_000, 40_000]);
  assert.deepEqual([only(store, 'ack_after', 35_000), only(store, 'ack_before', 35_000)], [undefined, undefined]);
});

test('a first touch of a finding first seen touched lies after its creation', (t) => {
  const store = opened(t);
  store.append(batch(10_000), [], []);
  store.append(batch(20_000), [finding('1', { created_at: 5_000, assignee: 'ada' })], []);

  assert.deepEqual([only(store, 'ack_after'), only(store, 'ack_before')], [5_000, 20_000]);
});

test('a collection of another window could not have seen the touch', (t) => {
  const store = opened(t);
  store.append(batch(10_000), [finding('1', { created_at: 5_000 })], []);
  store.append(batch(20_000, { mode: 'created', window_from: 10_000 }), [], []);
  store.append(batch(30_000), [finding('1', { created_at: 5_000, status: 'closed', closed_at: 25_000 })], []);

  assert.equal(only(store, 'ack_after'), 9_000);
});

test('where the product dates the first touch nothing is derived', (t) => {
  const store = opened(t);
  store.append(batch(10_000), [finding('1', { status: 'closed', acknowledged_at: 4_000, closed_at: 5_000 })], []);

  assert.deepEqual([only(store, 'acknowledged_at'), only(store, 'ack_after'), only(store, 'ack_before')], [4_000, undefined, undefined]);
});

test('reopening is counted, the first close and the first severity are kept', (t) => {
  const store = opened(t);
  store.append(batch(10_000), [finding('1', { severity: 5 })], []);
  store.append(batch(20_000), [finding('1', { severity: 3, status: 'closed', closed_at: 15_000 })], []);
  store.append(batch(30_000), [finding('1', { severity: 3, status: 'in_progress' })], []);
  store.append(batch(40_000), [finding('1', { severity: 3, status: 'closed', closed_at: 35_000 })], []);
  const shown = (asOf?: number) =>
    (['severity_initial', 'reopen_count', 'first_closed_at', 'closed_at'] as const).map((name) => only(store, name, asOf));

  assert.deepEqual(shown(), [5, 1, 15_000, 35_000]);
  assert.deepEqual(shown(30_000), [5, 1, 15_000, undefined]);
  assert.deepEqual(shown(20_000), [5, 0, 15_000, 15_000]);
  store.compact({ keep_history_from: 0 });
  assert.deepEqual(shown(), [5, 1, 15_000, 35_000]);
  assert.deepEqual(shown(10_000), [5, 0, undefined, undefined]);
});

test("the product's own count of reopenings and its first close go before ours", (t) => {
  const store = opened(t);
  store.append(batch(10_000), [finding('1', { status: 'closed', closed_at: 9_000, reopen_count: 2 })], []);

  assert.deepEqual([only(store, 'reopen_count'), only(store, 'first_closed_at')], [2, undefined]);
});

test('lists run side by side, hold no separator of an attacker, and entities come back as they were given', (t) => {
  const store = opened(t);
  const entities = [
    { type: 'ip', value: '10.0.0.1', role: 'actor' },
    { type: 'user', value: 'eve\u001fadmin' },
    { type: 'ip', value: '10.0.0.1', role: 'actor' },
    { type: 'host', value: 'a|b:c', role: 'target' },
  ] as const;
  const rules = [{ name: 'one' }, { id: '7', name: 'two' }];
  const attacks = [{ tactic: 'TA0002', technique: 'T1059' }];
  const events = [{ at: 5, type: 'created' as const }];
  store.append(batch(10_000), [finding('1', { entities: [...entities], rules, attacks, events })], []);
  const view = store.view({ as_of: 10_000 });
  const text = (name: Parameters<typeof view.text>[0]) => view.text(name)?.values[0];

  assert.equal(text('rules'), 'one\u001ftwo');
  assert.equal(text('rule_ids'), '\u001f7');
  assert.equal(text('actors'), '10.0.0.1');
  assert.equal(text('targets'), 'a|b:c');
  assert.equal(text('users'), 'eve␟admin');
  assert.equal(text('entities'), 'ip:10.0.0.1\u001fuser:eve␟admin\u001fhost:a|b:c');
  assert.equal(text('attacks'), 'TA0002/T1059/');
  assert.deepEqual(JSON.parse(view.cold([0])[0]?.extra ?? ''), { entities, attacks, events });
  assert.equal(view.text('no such column'), undefined);
});

test('editions of a report and period are numbered, each report and period by itself', (t) => {
  const store = opened(t);
  const edition = { report: 'monthly', period: '2026-10', as_of: 1, built_at: 2, status: 'complete', path: 'r', digest: 'd' } as const;

  assert.equal(store.addEdition(edition).revision, 1);
  assert.equal(store.addEdition({ ...edition, built_at: 3 }).revision, 2);
  assert.equal(store.addEdition({ ...edition, period: '2026-11', built_at: 4 }).revision, 1);
  assert.deepEqual(store.editions()[1], { ...edition, built_at: 3, revision: 2 });
  assert.equal(store.editions().length, 3);
});
