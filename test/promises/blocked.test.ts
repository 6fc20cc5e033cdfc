import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { start } from '../../src/cli/run.ts';
import { realEffects } from '../../src/effects.ts';
import { openStore } from '../../src/store/index.ts';
import { scripted } from './smtp-script.ts';
import { firing, withoutBrowser, world } from './world.ts';

/** In seconds; three minutes of the program's clock. */
const blocked = Number(process.env.SOC_KPI_BLOCK ?? 1.5);

test(`S8 a loop that is blocked for ${blocked} s over three due slots loses none of them`, async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  const clients = ['acme', 'bolt', 'cola'];
  const own = readFileSync(join(place.dir, 'clients/acme.yaml'), 'utf8');
  for (const [index, client] of clients.entries())
    writeFileSync(join(place.dir, `clients/${client}.yaml`), own.replace('"0 6 * * *"', `"${index + 1} 6 * * *"`));
  const minute = (blocked * 1000) / 3;
  let begun: number | undefined;
  const now = (): number => firing + 30_000 + (begun === undefined ? 0 : ((performance.now() - begun) / minute) * 60_000);
  const everyMinute = async (tick: () => void) => {
    const timer = setInterval(tick, minute);
    return async () => clearInterval(timer);
  };
  const shell = { config: place.dir, debug: false, effects: { ...realEffects, now: () => Math.round(now()) }, print: () => {} };
  const running = start(shell, {}, { everyMinute, steps: withoutBrowser });
  t.after(() => process.emit('SIGTERM'));
  const due = (): string[] =>
    clients.map((client) => {
      const store = openStore(join(place.dir, `data/${client}.sqlite`), client, { read_only: true });
      try {
        return store.ledger
          .runs()
          .map(({ period }) => period)
          .join();
      } finally {
        store.close();
      }
    });
  // Every client is looked at once, before its slot and before the clock goes on.
  while (!clients.every((client) => looked(place.dir, client))) await delay(5);
  begun = performance.now();
  assert.deepEqual(due(), ['', '', '']);
  while (performance.now() < begun + blocked * 1000); // nothing runs meanwhile
  const free = performance.now();
  while (due().includes('') && performance.now() - free < 30_000) await delay(20);
  assert.deepEqual(due(), ['2026-11-02', '2026-11-02', '2026-11-02']);
  t.diagnostic(`all three rows ${Math.round(performance.now() - free)} ms after the loop was free`);
  process.emit('SIGTERM');
  assert.equal(await running, 0);
});

function looked(dir: string, client: string): boolean {
  try {
    const store = openStore(join(dir, `data/${client}.sqlite`), client, { read_only: true });
    try {
      return store.ledger.looked('daily') !== undefined;
    } finally {
      store.close();
    }
  } catch {
    return false; // not there yet
  }
}
