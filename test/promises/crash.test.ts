import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { backup } from '../../src/cli/backup.ts';
import { loadConfig } from '../../src/config/index.ts';
import { type Failpoint, failpoints, realEffects } from '../../src/effects.ts';
import { runDue } from '../../src/run/index.ts';
import { openPrinter } from '../../src/render/index.ts';
import { heals, killed, left, prepared, runner } from './crash.ts';
import { scripted } from './smtp-script.ts';
import { firing, hour, noticed, world } from './world.ts';

const all = process.env.SOC_KPI_KILLS !== undefined;
const kills = Number(process.env.SOC_KPI_KILLS ?? 3);

/** Not on the way of `run`: each has a test of its own. */
const elsewhere: readonly Failpoint[] = ['backup.mid', 'shutdown.signal'];
const onTheWay = failpoints.filter((name) => !elsewhere.includes(name));
const printing = (name: string): boolean => name.startsWith('pdf.');
/** Several times in each run; the sweep has them all. */
const commits = (name: string): boolean => name.startsWith('state.');
const some: readonly Failpoint[] = ['fetch.mid_body', 'html.mid_write', 'smtp.mid_data'];

/** Why nothing can be printed here; undefined when it can. */
async function noBrowser(): Promise<string | undefined> {
  try {
    await (await openPrinter()).close();
    return undefined;
  } catch (error) {
    return `no browser here: ${String(error)}`;
  }
}
const unprintable = await noBrowser();

const chosen = (all ? onTheWay : some).filter((name) => !commits(name) && (unprintable === undefined || !printing(name)));

test(`S5 a kill -9 at a failpoint is healed by a restart (${chosen.length} of ${failpoints.length})`, async (t) => {
  if (unprintable !== undefined) t.diagnostic(unprintable);
  const { server, ready, calm } = await prepared(t);
  for (const name of chosen) {
    const place = ready.copy(t);
    const before = server.arrived.length;
    assert.equal(await killed(runner(place.dir, name, printing(name))), 'SIGKILL', `${name} is never reached`);
    await place.run(firing);
    heals(left(place, server, before), calm, name);
  }
});

test('S5 a kill -9 right before and after each commit of a run is healed by a restart', async (t) => {
  const { server, ready, calm } = await prepared(t);
  for (const name of ['state.before_commit', 'state.after_commit']) {
    // Every fifth where time is short.
    for (let nth = 2; ; nth += all ? 1 : 5) {
      const place = ready.copy(t);
      const before = server.arrived.length;
      const signal = await killed(runner(place.dir, `${name}:${nth}`));
      if (signal !== 'SIGKILL') {
        assert.ok(nth > 7, `only ${nth - 1} commits in a run?`);
        break;
      }
      await place.run(firing);
      // The mail's last commit comes after the server's answer.
      heals(left(place, server, before), calm, `${name}:${nth}`, true);
    }
  }
});

test('S5 a kill -9 while the server has MAIL, RCPT or the dot, and has not answered', async (t) => {
  let doomed: { child: ChildProcess; step: string } | undefined;
  const at = (step: string) => () => {
    if (doomed?.step !== step) return '250 ok';
    doomed.child.kill('SIGKILL');
    doomed = undefined;
    return 'silence' as const;
  };
  const { server, ready, calm } = await prepared(t, { mail: at('mail'), rcpt: at('rcpt'), dot: at('dot') });
  for (const step of ['mail', 'rcpt', 'dot']) {
    const name = `smtp.after_${step}`;
    const place = ready.copy(t);
    const before = server.arrived.length;
    doomed = { child: runner(place.dir, ''), step };
    assert.equal(await killed(doomed.child), 'SIGKILL', name);
    await place.run(firing);
    heals(left(place, server, before), calm, name);
  }
});

test(`S5 an error thrown at a failpoint is healed by going on (${all ? onTheWay.length : some.length} of ${failpoints.length})`, async (t) => {
  const { server, ready, calm } = await prepared(t);
  for (const name of (all ? onTheWay : some).filter((name) => name !== 'lock.acquired' && !printing(name))) {
    const place = ready.copy(t);
    const before = server.arrived.length;
    let thrown = false;
    const failpoint = (here: Failpoint): void => {
      if (here !== name || thrown) return;
      thrown = true;
      throw new Error(`thrown at ${name}`);
    };
    await place.run(firing, { effects: { failpoint } }).catch((error: unknown) => assert.match(String(error), /thrown at/));
    assert.ok(thrown, `${name} is never reached`);
    await place.run(firing + hour);
    await place.run(firing + 2 * hour);
    heals(left(place, server, before), calm, name);
  }
});

test(`S5 M1 ${kills} random kills lose and double nothing`, async (t) => {
  const { server, ready, calm } = await prepared(t);
  const start = performance.now();
  assert.equal(await killed(runner(ready.copy(t).dir, '')), 'null');
  const whole = performance.now() - start;
  server.arrived.length = 0;
  let unknown = 0;
  let caught = 0;
  for (let kill = 0; kill < kills; kill++) {
    const place = ready.copy(t);
    const before = server.arrived.length;
    // Spread evenly over what a run takes here, whatever the number of kills.
    if ((await killed(runner(place.dir, ''), whole * 0.8 * ((kill * 0.618_034) % 1))) === 'SIGKILL') caught++;
    await place.run(firing);
    const found = left(place, server, before);
    if (found.mail === 'unknown') unknown++;
    heals(found, calm, `random ${kill}`, true);
  }
  t.diagnostic(`${kills} kills, ${caught} before the end, ${unknown} mails unknown, 0 lost, 0 doubled`);
});

test('S5 every failpoint is on the way of a run, or has its own', async (t) => {
  const { ready } = await prepared(t);
  const hit = new Set<string>(['lock.acquired']); // by the runner, which holds the lock
  const effects = { ...realEffects, now: () => firing, failpoint: (name: string) => void hit.add(name) };
  if (unprintable === undefined) await runDue(await loadConfig(ready.dir, effects), effects);
  else await ready.run(firing, { effects });
  await backup({ config: ready.dir, debug: false, effects, print: () => {} }, 'acme', join(ready.dir, 'copy.sqlite'));
  const missed = failpoints.filter((name) => !hit.has(name) && (unprintable === undefined || !printing(name)));
  assert.deepEqual(missed, ['shutdown.signal']); // see below
});

test('S5 a kill -9 while the daemon stops: the next one goes on', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'daemon.ts'), place.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data'); // started
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'], 'shutdown.signal is never reached');
  await place.run(noticed);
  await place.run(firing);
  assert.equal(server.arrived.length, 1);
});

test('S6 running again changes nothing and mails nobody', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  for (let again = 0; again < 10; again++) await place.run(firing + again * hour);
  const found = left(place, server, 0);
  assert.deepEqual([found.run, found.mail, found.arrived], ['done', 'sent', 1]);
});
