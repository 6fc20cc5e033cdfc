import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import type { Client, Source } from '../../src/config/index.ts';
import { realEffects } from '../../src/effects.ts';
import { collectClient } from '../../src/gather/index.ts';
import { openStore } from '../../src/store/index.ts';
import { defineVendor } from '../../src/vendors/vendor.ts';
import { collectable } from '../collectable.ts';
import { serve } from '../http-loopback.ts';

const pages = 7;

/** A product whose pages are asked for at once, as far as its own rate lets them. */
const paged = defineVendor({
  ...collectable,
  settings: z.any(),
  connection: ({ base_url, requests_per_second }) => ({ base_url, requests_per_second, concurrency: 10 }),
  async *pages({ http }) {
    const answers = await Promise.all(Array.from({ length: pages }, (_, page) => http.request({ path: 'page', query: { page } })));
    for (const { json } of answers) yield { records: z.array(z.unknown()).parse(json) };
  },
});

test('ten sources are collected at the same time, each within its own rate', { timeout: 30_000 }, async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-ten-'));
  t.after(() => rm(dir, { recursive: true }));
  const rates = Array.from({ length: 10 }, (_, i) => 4 + i / 2);
  const arrivals = new Map<number, number[]>(rates.map((rate) => [rate, []]));
  // Nobody is answered before all ten have been asked: one after the other, this would never end.
  const all = Promise.withResolvers<void>();
  const sources = new Map<string, Source>();
  for (const rate of rates) {
    const base_url = await serve(t, (asked, answer) => {
      const own = arrivals.get(rate) ?? [];
      own.push(performance.now());
      if ([...arrivals.values()].every((times) => times.length > 0)) all.resolve();
      const page = new URL(asked.url ?? '', 'http://x').searchParams.get('page');
      const records = [{ id: `${rate}-${page}`, at: Date.UTC(2026, 9, 1), title: 'x' }];
      void all.promise.then(() => answer.setHeader('content-type', 'application/json').end(JSON.stringify(records)));
    });
    const settings = { base_url, requests_per_second: rate };
    sources.set(`s${rate}`, { id: `s${rate}`, vendor: paged, settings, unresolved: [], required: true });
  }
  const store = openStore(join(dir, 'a.sqlite'), 'a');
  t.after(() => store.close());
  const client = { id: 'a', timezone: 'UTC', history_days: 30, sources } as unknown as Client; // of a client no more is asked here
  const batches = await collectClient(store, client, { base_dir: dir }, { ...realEffects, now: () => Date.UTC(2026, 9, 2) });
  assert.deepEqual(
    batches.map(({ status, stored }) => [status, stored]),
    rates.map(() => ['complete', pages]),
  );
  for (const [rate, times] of arrivals) {
    const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
    // A third of what the rate asks for: the first may have arrived half a second late. Unbridled, all would come at once.
    assert.ok(took > (1000 * (pages - 1)) / rate / 3, `${times.length} requests at ${rate} a second took ${took} ms`);
  }
});
