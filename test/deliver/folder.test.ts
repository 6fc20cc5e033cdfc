import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ComingFiles, publishFolder } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';

async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-folder-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'client', 'r1');
}

test('a file is on the disk while the next one is made, and the folder is there only with the last', async (t) => {
  const folder = await place(t);
  const parent = join(folder, '..');
  async function* files(): ComingFiles {
    yield ['findings.csv', 'a,b\r\n'];
    const [fresh = ''] = await readdir(parent);
    assert.match(fresh, /^\.r1\..+\.tmp$/);
    assert.equal(await readFile(join(parent, fresh, 'findings.csv'), 'utf8'), 'a,b\r\n');
    yield ['manifest.json', '{}'];
  }
  await publishFolder(folder, files(), {}, realEffects);
  assert.deepEqual(await readdir(parent), ['r1']);
  assert.deepEqual((await readdir(folder)).sort(), ['findings.csv', 'manifest.json']);
});

test('what the making of a file throws is told as it is, and nothing is left behind', async (t) => {
  const folder = await place(t);
  class Unsound extends Error {}
  const wanted = new Unsound('its pages are not sound');
  async function* files(): ComingFiles {
    yield ['findings.csv', 'a,b\r\n'];
    throw wanted;
  }
  await assert.rejects(publishFolder(folder, files(), { replace: true, alone: true }, realEffects), (error) => error === wanted);
  assert.deepEqual(await readdir(join(folder, '..')), []);
});

test('a disk that refuses is told with the path, and no more files are asked for', async (t) => {
  const folder = await place(t);
  let made = 0;
  async function* files(): ComingFiles {
    for (const name of ['findings.csv', 'report.json']) {
      made++;
      yield [name, 'x'];
    }
  }
  const disk = { ...realEffects.disk, write: () => Promise.reject(new Error('no space left')) };
  await assert.rejects(publishFolder(folder, files(), {}, { ...realEffects, disk }), /r1 could not be published: no space left/);
  assert.equal(made, 1);
  assert.deepEqual(await readdir(join(folder, '..')), []);
});
