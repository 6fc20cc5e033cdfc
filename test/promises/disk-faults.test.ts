import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Disk, realEffects } from '../../src/effects.ts';
import { heals, left, prepared } from './crash.ts';
import { firing, hour, type World } from './world.ts';

const all = process.env.SOC_KPI_CASES !== undefined;
const errors = ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'short write'] as const;

/** The real disk, of which the n-th step fails; `failed` says whether it came to that. */
function failing(nth: number, error: (typeof errors)[number]): { disk: Disk; failed(): boolean } {
  const { disk } = realEffects;
  let step = 0;
  const code = error === 'short write' ? 'ENOSPC' : error;
  const broken = Object.assign(new Error(`${code}: the disk refuses`), { code });
  const faulty = new Proxy(disk, {
    get:
      (target, name) =>
      async (...given: [string, string]) => {
        if (name === 'remove' || ++step !== nth) return (Reflect.get(target, name) as (...words: string[]) => unknown)(...given);
        if (name === 'write' && error === 'short write') await disk.write(given[0], given[1].slice(0, given[1].length / 2));
        throw broken;
      },
  });
  return { disk: faulty, failed: () => step >= nth };
}

/** What the ledger says of the one run. */
function reasonOf(place: World): string {
  const store = place.store();
  try {
    assert.deepEqual(store.check(), []);
    return store.ledger.runs()[0]?.reason ?? '';
  } finally {
    store.close();
  }
}

test('D4 a disk that refuses any one step of publishing: nothing half-written, the path is told, the next try succeeds', async (t) => {
  const { server, ready, calm } = await prepared(t);
  let tried = 0;
  for (const [index, error] of errors.entries()) {
    for (let nth = all ? 1 : 1 + index; ; nth += all ? 1 : errors.length) {
      const place = ready.copy(t);
      const before = server.arrived.length;
      const { disk, failed } = failing(nth, error);
      await place.run(firing, { effects: { disk } });
      if (!failed()) break;
      tried++;
      assert.match(reasonOf(place), /\/reports\/acme.* could not be published: .* refuses/, `${error} at step ${nth}`);
      await place.run(firing + hour);
      heals(left(place, server, before), calm, `${error} at step ${nth}`);
    }
  }
  t.diagnostic(`${tried} faults, each survived`);
  assert.ok(tried > 15);
});

test('D4 the database on a disk that refuses a write or a sync: nothing is lost, the next run succeeds', async (t) => {
  if (spawnSync('strace', ['-V']).error !== undefined) return t.skip('no strace here');
  const { server, ready, calm } = await prepared(t);
  const injected = async (place: World, call: string, error: string, nth: number): Promise<boolean> => {
    const log = join(place.dir, 'trace');
    const words = ['-f', '-o', log, '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${nth}`];
    const run = [process.execPath, join(import.meta.dirname, 'runner.ts'), place.dir, String(firing), ''];
    const child = spawn('strace', [...words, ...run], { stdio: ['ignore', 'ignore', 'ignore'] });
    await once(child, 'exit');
    return readFileSync(log, 'utf8').includes('(INJECTED)');
  };
  const tried: string[] = [];
  for (const [call, error] of [
    ['pwrite64', 'ENOSPC'],
    ['pwrite64', 'EIO'],
    ['fsync', 'EIO'],
  ] as const) {
    // A run has some 1,500 writes and 26 syncs.
    const [first, last, step] = call === 'fsync' ? [all ? 1 : 9, all ? 26 : 9, 1] : [all ? 10 : 700, all ? 1_500 : 700, 60];
    for (let nth = first; nth <= last; nth += step) {
      const place = ready.copy(t);
      const before = server.arrived.length;
      // In a shorter run it may not come to that.
      if (await injected(place, call, error, nth)) tried.push(`${call} ${error} ${nth}`);
      await place.run(firing + hour);
      await place.run(firing + 2 * hour);
      heals(left(place, server, before), calm, tried.at(-1) ?? '', true);
    }
  }
  t.diagnostic(`${tried.length} faults injected`);
  assert.ok(tried.length > 1);
});

test('D4 a full disk: no part of a report, and with more room it is made', async (t) => {
  const { server, ready, calm } = await prepared(t);
  const reports = join(ready.dir, 'reports');
  mkdirSync(reports, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', reports]);
  if (mounted.status !== 0) return t.skip(`no file system can be mounted here: ${mounted.stderr}`);
  try {
    const before = server.arrived.length;
    await ready.run(firing);
    assert.match(reasonOf(ready), /r1 could not be published: ENOSPC/);
    assert.ok(!existsSync(join(reports, 'acme/daily/2026-11-02/r1')));
    assert.equal(server.arrived.length, before);
    assert.equal(spawnSync('mount', ['-o', 'remount,size=16m', reports]).status, 0);
    await ready.run(firing + hour);
    heals(left(ready, server, before), calm, 'a full disk');
  } finally {
    spawnSync('umount', [reports]);
  }
});
