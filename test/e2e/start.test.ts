import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const place = await mkdtemp(join(tmpdir(), 'soc-kpi-start-'));
after(() => rm(place, { recursive: true, force: true }));

/** Starts the copy of the program, and tells what node loaded to turn TypeScript into JavaScript. */
function start(home = place): string[] {
  const script = `process.argv.push('${join(place, 'bin/soc-kpi.js')}', '--help'); await import(process.argv[1]);
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => name.includes('amaro'))));`;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: place,
    env: { ...env, HOME: home },
    encoding: 'utf8',
  });
  assert.match(said, /collect[\s\S]*report/);
  return JSON.parse(said.trim().split('\n').at(-1) ?? '');
}

test('the program turns its sources into JavaScript at its first start only, and again what has changed', async () => {
  for (const part of ['bin', 'src', 'package.json']) await cp(join(root, part), join(place, part), { recursive: true });
  await mkdir(join(place, 'node_modules'));
  await symlink(join(root, 'node_modules/commander'), join(place, 'node_modules/commander'), 'dir');
  assert.notDeepEqual(start(), []);
  assert.deepEqual(start(), []);
  await appendFile(join(place, 'src/effects.ts'), '\nexport const changed: true = true;\n');
  assert.notDeepEqual(start(), []);
});

test('where nothing may be written beside the packages, it keeps it at home, and without a home it starts all the same', async () => {
  await rm(join(place, 'node_modules/.cache'), { recursive: true });
  // A file in the way: a folder without the right to write would not stop root.
  await writeFile(join(place, 'node_modules/.cache'), '');
  assert.notDeepEqual(start(), []);
  assert.deepEqual(start(), []);
  assert.notDeepEqual(start(join(place, 'package.json/none')), []);
});
