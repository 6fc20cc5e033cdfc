import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type FileContents, publishFile, publishFolder } from '../../src/deliver/index.ts';
import type { Disk } from '../../src/effects.ts';
import { CrashDisk, PowerLoss } from './crash-disk.ts';
import { prepared } from './crash.ts';
import { randomOf } from './random.ts';
import { firing } from './world.ts';

const cases = Number(process.env.SOC_KPI_CASES ?? 400);
const place = '/reports/acme/daily/2026-11-02';
const archive = '/reports/acme/index.html';

function edition(revision: number): FileContents {
  const files = new Map(['index.html', 'report.json', 'report.pdf'].map((name) => [name, `${name} of r${revision} `.repeat(50)]));
  const listing = Object.fromEntries([...files].map(([name, text]) => [name, hash('sha256', text)]));
  return files.set('manifest.json', JSON.stringify(listing));
}

async function publish(disk: Disk, revision: number): Promise<void> {
  const options = { replace: true, alone: true };
  await publishFolder(`${place}/r${revision}`, edition(revision), options, { disk, failpoint: () => {} });
  await publishFile(archive, `editions up to r${revision}`, disk);
}

/** What a reader finds wrong: an edition that is not whole, an archive that is neither the old nor the new. */
function wrong(disk: CrashDisk, published: number, archives: readonly string[]): string | undefined {
  for (const name of disk.names(place).filter((found) => !found.startsWith('.'))) {
    const files = edition(Number(name.slice(1)));
    if (disk.names(`${place}/${name}`).length !== files.size) return `${name} has other files`;
    for (const [file, text] of files) {
      if (disk.read(`${place}/${name}/${file}`)?.toString() !== text) return `${name}/${file} is not what was written`;
    }
  }
  for (let revision = 1; revision <= published; revision++)
    if (!disk.names(place).includes(`r${revision}`)) return `r${revision} was published and is gone`;
  const text = disk.read(archive)?.toString();
  return archives.includes(text ?? '') ? undefined : `the archive says ${text}`;
}

/** Publishes r2 after r1 with the power going at random, twice; what the reader then finds wrong. */
async function ordeal(seed: number, disk: (real: CrashDisk) => Disk): Promise<string | undefined> {
  const random = randomOf(seed);
  let real = new CrashDisk();
  await publish(real, 1);
  real = real.survivors(() => 1); // all that was not synced is gone
  const lost = wrong(real, 1, ['editions up to r1']);
  if (lost !== undefined) return lost;
  for (let crash = 0; crash < 2; crash++) {
    real.left = Math.floor(random() * 24);
    const done = await publish(disk(real), 2).then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof PowerLoss, String(error));
        return false;
      },
    );
    real = real.survivors(random);
    const found = wrong(real, done ? 2 : 1, done ? ['editions up to r2'] : ['editions up to r1', 'editions up to r2']);
    if (found !== undefined) return found;
  }
  await publish(disk(real), 2);
  assert.deepEqual(real.names(place).sort(), ['r1', 'r2'], 'nothing is left behind');
  return wrong(real.survivors(random), 2, ['editions up to r2']);
}

test(`D1 a published edition survives power loss, or is not there at all (${cases} crash points)`, async () => {
  for (let seed = 1; seed <= cases; seed++) assert.equal(await ordeal(seed, (real) => real), undefined, `seed ${seed}`);
});

test('D1 the same without syncing is found out', async () => {
  const lazy = (real: CrashDisk): Disk =>
    new Proxy(real, {
      get: (target, name) => {
        if (name === 'sync') return async () => {};
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  let found = 0;
  for (let seed = 1; seed <= 50; seed++) if ((await ordeal(seed, lazy)) !== undefined) found++;
  assert.ok(found > 25, `only ${found} of 50`);
});

/** The calls of the program that concern files, in order: "fsync /path". */
function calls(trace: string): string[] {
  return trace.split('\n').flatMap((line) => {
    const renamed = /rename(?:at2?)?\((?:AT_FDCWD[^,]*, )?"([^"]+)", (?:AT_FDCWD[^,]*, )?"([^"]+)"/.exec(line);
    if (renamed !== null) return [`rename ${renamed[1]} ${renamed[2]}`];
    const call = /(write|pwrite64|fsync|fdatasync)\(\d+<([^>]+)>/.exec(line);
    return call === null ? [] : [`${call[1]?.replace('pwrite64', 'write')} ${call[2]}`];
  });
}

test('D1 the real program writes, syncs, renames and syncs the folder, the manifest last', async (t: TestContext) => {
  if (spawnSync('strace', ['-V']).error !== undefined) return t.skip('no strace here');
  const { ready } = await prepared(t);
  const log = join(ready.dir, 'trace');
  const traced = spawn('strace', [
    ...['-f', '-y', '-o', log, '-e', 'trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2', process.execPath],
    ...[join(import.meta.dirname, 'runner.ts'), ready.dir, String(firing), ''],
  ]);
  const [code] = await once(traced, 'exit');
  if (code !== 0) return t.skip(`strace may not trace here: it ended with ${code}`);
  const done = calls(readFileSync(log, 'utf8')).filter((call) => call.includes('/reports/'));
  const parent = join(ready.dir, 'reports/acme/daily/2026-11-02');
  const rename = done.findIndex((call) => call.startsWith('rename ') && call.endsWith(` ${parent}/r1`));
  const fresh = done[rename]?.split(' ')[1] ?? '';
  const own = done.slice(0, rename).filter((call) => call.includes(fresh));
  const files = ['report.json', 'phrases.json', 'index.html', 'manifest.json'].map((name) => `${fresh}/${name}`);
  const steps = [...files.flatMap((file) => [`write ${file}`, `fsync ${file}`]), `fsync ${fresh}`];
  assert.deepEqual([...new Set(own)], steps); // a long file takes several writes
  const after = done.slice(rename + 1);
  assert.equal(after[0], `fsync ${parent}`);
  // Every folder that was made for it lasts, too.
  for (const made of ['daily', 'daily/2026-11-02']) {
    const above = join(ready.dir, 'reports/acme', made, '..');
    assert.ok(done.slice(0, rename).includes(`fsync ${above}`), above);
  }
  assert.ok(after.some((call) => call.endsWith(`${join(ready.dir, 'reports/acme')}/index.html`) && call.startsWith('rename ')));
  const database = calls(readFileSync(log, 'utf8')).filter((call) => call.includes('/data/acme.sqlite'));
  assert.ok(database.filter((call) => /^f(data)?sync /.test(call)).length > 10, 'each commit is synced');
});
