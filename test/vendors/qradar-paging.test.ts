import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../src/demo/chance.ts';
import { failure, type Qradar, type QradarOptions } from '../../src/demo/qradar.ts';
import type { TableRecord } from '../../src/demo/qradar-table.ts';
import { collect, day, effects, isList, month, offense, offenses, withQradar } from './qradar-console.ts';

test('nothing is lost while offenses change, come and go under the reader', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seeded(seed);
    const truth = new Map(offenses(400).map((each) => [Number(each.id), each]));
    const gone = new Set<number>();
    let clock = day + 500_000;
    const before: QradarOptions['before'] = (asked, table) => {
      if (!asked.headers.range?.endsWith('-49')) return;
      const write = (record: TableRecord) => {
        truth.set(Number(record.id), record);
        table.put(record);
      };
      clock += 1000;
      for (let updates = 0; updates < 5; updates++) {
        const id = 1 + Math.floor(random() * truth.size);
        const known = truth.get(id);
        if (known !== undefined && !gone.has(id)) write({ ...known, severity: Math.floor(random() * 11), last_persisted_time: clock });
      }
      write(offense(truth.size + 1, { first_persisted_time: clock, last_persisted_time: clock }));
      if (random() < 0.2) {
        const id = 1 + Math.floor(random() * 400);
        gone.add(id);
        table.remove(id);
      }
    };
    await withQradar({ offenses: [...truth.values()], before }, async (console) => {
      const first = await collect(console, { ...month, mode: 'changed' });
      assert.equal(first.collection.status, 'complete', first.collection.reason ?? '');
      const from = first.collection.watermark;
      assert.ok(from !== undefined && from <= clock, 'the watermark ran ahead');
      const second = await collect(console, { mode: 'changed', from, to: month.to });
      const stored = new Map(
        [...first.normalised.findings, ...second.normalised.findings].map((each) => [each.native_id, each.severity_raw]),
      );
      // What changed during the second collection is the third one's business: compare all that was settled by then.
      const settled = [...truth.values()].filter(
        (each) => !gone.has(Number(each.id)) && Number(each.last_persisted_time) < (second.collection.watermark ?? 0),
      );
      assert.ok(settled.length > 300);
      assert.deepEqual(
        settled.filter((each) => stored.get(String(each.id)) !== String(each.severity)),
        [],
        `seed ${seed}`,
      );
    });
  }
});

test('ids beyond 2^53 stay apart, and paging goes on from them', async () => {
  const ids = [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n];
  await withQradar({ offenses: ids.map((id) => offense(id)) }, async (console) => {
    const { collection, normalised } = await collect(console, month, { page_size: 1 });
    assert.deepEqual(
      normalised.findings.map((each) => each.native_id),
      ids.map(String),
    );
    assert.equal(collection.status, 'complete');
    assert.equal(collection.fetched, 3);
  });
});

test('one page for ever ends soon, and keeps what was read', async () => {
  const body = JSON.stringify(offenses(2));
  const faults = [{ when: isList, reply: { status: 200, headers: { 'content-range': 'items 0-1/2000' }, body } }];
  await withQradar({ offenses: offenses(2), faults }, async (console) => {
    const { collection } = await collect(console);
    assert.equal(collection.status, 'partial');
    assert.equal(collection.fetched, 2);
    assert.ok(console.requests.filter(isList).length <= 3, 'it went on asking');
  });
});

test('429 without Retry-After is waited out; for ever, it is a failure that says so', async () => {
  const slept: number[] = [];
  const world = { ...effects, random: () => 0.5, sleep: async (ms: number) => void slept.push(ms) };
  const reply = failure(429, 1, 'too many requests');
  await withQradar({ offenses: offenses(120), faults: [{ when: isList, times: 2, reply }] }, async (console) => {
    const { collection } = await collect(console, month, {}, world);
    assert.deepEqual([collection.status, collection.fetched, collection.retries], ['complete', 120, 2]);
    assert.ok(slept.length === 2 && slept.every((ms) => ms > 0));
  });
  await withQradar({ offenses: offenses(120), faults: [{ reply }] }, async (console) => {
    const { collection } = await collect(console, month, {}, world);
    assert.equal(collection.status, 'failed');
    assert.match(collection.reason ?? '', /429/);
  });
});

test('a cut answer, a conflict or a restart half-way keeps what came before', async () => {
  const second = (asked: Qradar['requests'][number]) => asked.query.get('filter')?.includes('id > 50') ?? false;
  for (const fault of [{ cut: true }, { reply: failure(409, 1, 'conflict') }, { reply: failure(503, 1, 'restarting') }]) {
    await withQradar({ offenses: offenses(120), faults: [{ ...fault, when: second }] }, async (console) => {
      const { collection, normalised } = await collect(console);
      assert.deepEqual([collection.status, normalised.findings.length, collection.expected], ['partial', 50, 120]);
      assert.equal(collection.watermark, undefined);
    });
  }
});
