import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { on } from 'node:events';
import type { Readable } from 'node:stream';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { startQradar } from '../../src/demo/qradar.ts';
import { openStore } from '../../src/store/index.ts';
import { offenses } from './offenses.ts';
import { parsePeriod } from '../../src/period.ts';
import { desk, files, qradarSource } from './desk.ts';

const kills = Number(process.env.SOC_KPI_KILLS ?? 6);
const cli = resolve(import.meta.dirname, '../../bin/soc-kpi.js');

test('a collect killed at any moment loses nothing acknowledged and repeats without duplicates', async (t) => {
  const period = parsePeriod('2026-10', 'Europe/Berlin');
  const all = offenses(6000, period);
  const qradar = await startQradar({ offenses: all });
  t.after(() => qradar.close());
  const env = { URL: qradar.url, TOKEN: qradar.token };
  const place = await desk(t, { files: files(qradarSource), env, now: '2026-11-01T06:00:00Z' });
  const start = () =>
    spawn(process.execPath, [cli, '--config', place.dir, 'collect', '--from', '2026-10-01', '--to', '2026-10-31'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });

  const told = async (stderr: Readable): Promise<void> => {
    for await (const [data] of on(stderr, 'data')) if (String(data).includes('"event":"batch"')) return;
  };
  let acknowledged = 0;
  for (let kill = 0; kill < kills; kill++) {
    const child = start();
    const ended = new Promise((done) => child.once('exit', done));
    // A batch is told only after it is committed.
    child.stderr.on('data', (data: Buffer) => (acknowledged += data.toString().split('"event":"batch"').length - 1));
    // On a busy machine the first batch comes late; every other kill waits for one.
    if (kill % 2 === 1) await told(child.stderr);
    else await wait(900);
    await wait((kill * 337) % 700);
    child.kill('SIGKILL');
    await ended;
    const store = openStore(join(place.dir, 'data', 'acme.sqlite'), 'acme');
    assert.deepEqual(store.check(), []);
    assert.ok(store.batches().length >= acknowledged, `${acknowledged} batches were told, ${store.batches().length} are there`);
    store.close();
  }
  assert.ok(acknowledged > 0, 'every kill came before the first batch: the test shows nothing');

  const whole = start();
  assert.equal(await new Promise((done) => whole.once('exit', done)), 0);
  const store = openStore(join(place.dir, 'data', 'acme.sqlite'), 'acme');
  t.after(() => store.close());
  const view = store.view({ as_of: Date.now() });
  const ids = view.cold(Array.from({ length: view.rows }, (_, row) => row)).map(({ native_id }) => native_id);
  assert.deepEqual(ids.sort(), all.map(({ id }) => String(id)).sort());
  assert.equal(store.stats().observations, all.length, 'what was known already is not stored again');
});
