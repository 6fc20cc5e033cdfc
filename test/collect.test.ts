import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Collection, collectSource } from '../src/collect.ts';
import { realEffects } from '../src/effects.ts';
import { SourceError } from '../src/http.ts';
import { type AnyVendor, defineVendor, type Page } from '../src/vendors/vendor.ts';
import { collectable } from './collectable.ts';

const window = { mode: 'created', from: 0, to: 1 } as const;
const http = { request: () => Promise.reject(new Error('not asked for')), stats: { requests: 4, retries: 1, bytes: 9 } };

/** Collects from a vendor that gives these pages, and then what `then` does. */
async function collect(
  pages: Page[],
  then: () => void = () => {},
  changes: Partial<AnyVendor> = {},
): Promise<Collection & { taken: number[] }> {
  const taken: number[] = [];
  const vendor = defineVendor<object, object>({
    ...collectable,
    async *pages() {
      yield* pages;
      then();
    },
    ...changes,
  });
  const collection = await collectSource({
    vendor,
    settings: {},
    window,
    effects: realEffects,
    http,
    max_pages: 5,
    take: (_page, number) => void taken.push(number),
  });
  return { ...collection, taken };
}

const fail = (): never => {
  throw new SourceError('server-error', 'GET /list answered 503');
};

test('all pages: complete, with its counts and watermark', async () => {
  const result = await collect([
    { records: [1, 2], expected: 3 },
    { records: [3], watermark: 7 },
  ]);
  const { status, reason, fetched, expected, pages, watermark, requests, taken } = result;
  assert.deepEqual(
    { status, reason, fetched, expected, pages, watermark, requests, taken },
    { status: 'complete', reason: undefined, fetched: 3, expected: 3, pages: 2, watermark: 7, requests: 4, taken: [1, 2] },
  );
});

test('a failure before anything is failed, after something partial; neither has a watermark', async () => {
  const first = await collect([], fail);
  assert.deepEqual([first.status, first.reason, first.fetched], ['failed', 'GET /list answered 503', 0]);
  const later = await collect([{ records: [1], watermark: 7 }], fail);
  assert.deepEqual([later.status, later.fetched, later.taken, later.watermark], ['partial', 1, [1], undefined]);
});

test('fewer than the source said, or a page that says so, is partial', async () => {
  const fewer = await collect([{ records: [1, 2], expected: 3 }]);
  assert.deepEqual([fewer.status, fewer.reason], ['partial', 'the source said 3 records, its pages gave 2']);
  const marked = await collect([{ records: [1], incomplete: 'a limit of 10,000 was hit' }]);
  assert.deepEqual([marked.status, marked.reason], ['partial', 'a limit of 10,000 was hit']);
  const unread = await collect([{ records: [1], expected: 2, rejected: [{ place: 'line 2', reason: 'broken', raw: '' }] }]);
  assert.deepEqual([unread.status, unread.fetched], ['complete', 2]);
});

test('endless pages end: the same again, ever empty, ever more', async () => {
  const same = await collect([{ records: [1, 2] }, { records: [3] }, { records: [1, 2] }]);
  assert.deepEqual([same.status, same.fetched], ['partial', 3]);
  assert.match(same.reason ?? '', /same page twice/);
  const empty = await collect(Array.from({ length: 9 }, () => ({ records: [] })));
  assert.match(empty.reason ?? '', /three empty pages/);
  assert.deepEqual([empty.status, empty.pages], ['failed', 2]);
  const more = await collect(Array.from({ length: 9 }, (_, index) => ({ records: [index] })));
  assert.match(more.reason ?? '', /more than 5 pages/);
  assert.equal(more.fetched, 5);
});

test('a file may repeat its rows', async () => {
  const { connection: _, ...offline } = collectable;
  const vendor = {
    ...offline,
    pages: async function* () {
      yield* [{ records: [1] }, { records: [1] }];
    },
  };
  const { status, fetched } = await collectSource({ vendor, settings: {}, window, effects: realEffects, take: () => {} });
  assert.deepEqual([status, fetched], ['complete', 2]);
});

test('a vendor without a connection finds the door shut; one that cannot connect is a failed value', async () => {
  const { connection: _, ...offline } = collectable;
  const curious: AnyVendor = {
    ...offline,
    pages: async function* ({ http }) {
      await http.request({ path: '/' });
      yield { records: [] };
    },
  };
  const shut = await collectSource({ vendor: curious, settings: {}, window, effects: realEffects, take: () => {} });
  assert.match(shut.reason ?? '', /uses no network/);
  const lost: AnyVendor = { ...collectable, connection: () => ({ base_url: 'no address' }) };
  const result = await collectSource({ vendor: lost, settings: {}, window, effects: realEffects, take: () => {} });
  assert.equal(result.status, 'failed');
});

test('what the taker throws is our fault and is not swallowed', async () => {
  const vendor = {
    ...collectable,
    pages: async function* () {
      yield { records: [1] };
    },
  };
  const full = new Error('disk full');
  const take = () => {
    throw full;
  };
  await assert.rejects(collectSource({ vendor, settings: {}, window, effects: realEffects, http, take }), (error) => error === full);
});
