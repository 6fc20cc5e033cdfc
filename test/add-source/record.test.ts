import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { collect } from '../../src/cli/collect.ts';
import { realEffects } from '../../src/effects.ts';
import { now } from '../worlds/engine.ts';
import crowdstrike from '../worlds/crowdstrike.ts';
import { items } from '../vendors/scenario.ts';
import { add, asFlags, place } from './desk.ts';

test('collect --record writes every exchange, with no secret and no token in it, and enough to see what was asked', async (t) => {
  const at = await place(t);
  const running = await crowdstrike.start(items(25), { page_size: 10 });
  t.after(() => running.close());
  const { set, env } = await asFlags(running.settings, at.dir);
  assert.equal((await add(at, 'edr', { vendor: 'crowdstrike', set }, env)).code, 0);
  const before = running.requests.length;
  const folder = join(at.dir, 'recorded');
  const effects = { ...realEffects, env, now: () => now, sleep: async () => {} };
  const flags = { source: 'edr', from: '2026-10-01', to: '2026-10-01', record: folder };
  assert.equal(await collect({ config: at.dir, debug: false, effects, print: () => {} }, flags), 0);
  const files = (await readdir(folder)).sort();
  assert.equal(files.length, running.requests.length - before);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const whole = texts.join('\n');
  for (const secret of [...Object.values(env), 'token-1', 'token-2'])
    assert.ok(!whole.includes(`"${secret}`) && !whole.includes(` ${secret}`), secret);
  const exchanges: { path: string; answer: { status: number; body: { resources?: unknown[] } } }[] = texts.map((text) => JSON.parse(text));
  const alerts = exchanges.filter(({ path }) => path.includes('/alerts/combined/'));
  assert.deepEqual(
    alerts.map(({ answer }) => answer.body.resources?.length),
    [10, 3],
  );
  assert.ok(exchanges.some(({ path }) => path.includes('oauth2/token')));
});
