/**
 * Puts each statistical fault of test/mutations.json into a copy of the sources and runs the tests named beside it there.
 * A fault that no test notices survived: exit code 1. Arguments choose faults by a part of their name.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Mutation {
  /** What goes wrong, in words. */
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  from: string;
  to: string;
  tests: string[];
}

const root = resolve(import.meta.dirname, '..');

/** A tree like the repository's: what is mutated is copied, since the real path of a link would lead out of it. */
async function copyTree(): Promise<string> {
  const tree = join(await mkdtemp(join(tmpdir(), 'soc-kpi-mutate-')), 'main');
  await mkdir(tree);
  for (const name of ['src', 'test', 'config', 'templates', 'package.json']) await cp(join(root, name), join(tree, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  await symlink(join(root, '../shared'), join(tree, '../shared'));
  return tree;
}

/** Whether the tests pass in the tree. */
function pass(tree: string, tests: readonly string[]): Promise<boolean> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['--test', ...tests], { cwd: tree, stdio: 'ignore', env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
    child.on('error', failed);
    child.on('exit', (code) => done(code === 0));
  });
}

async function tryOne(tree: string, { file, from, to, tests }: Mutation): Promise<string> {
  const path = join(tree, file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) return 'STALE: its text does not stand in the file exactly once';
  await writeFile(path, text.replace(from, () => to));
  const survived = await pass(tree, tests);
  await writeFile(path, text);
  return survived ? 'SURVIVED' : 'caught';
}

const wanted = process.argv.slice(2);
const all: Mutation[] = JSON.parse(await readFile(join(root, 'test/mutations.json'), 'utf8'));
const chosen = all.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const tree = await copyTree();
try {
  const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
  if (!(await pass(tree, tests))) throw new Error(`the tests fail without any fault: ${tests.join(' ')}`);
  let caught = 0;
  for (const mutation of chosen) {
    const verdict = await tryOne(tree, mutation);
    if (verdict === 'caught') caught += 1;
    console.log(`${verdict.padEnd(9)} ${mutation.name}`);
  }
  console.log(`${caught} of ${chosen.length} caught`);
  process.exitCode = caught === chosen.length ? 0 : 1;
} finally {
  await rm(resolve(tree, '..'), { recursive: true, force: true });
}
