import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Mutation {
  name: string;
  file: string;
  from: string;
  to: string;
  tests: string[];
}

test('every listed fault still has its place in the sources and its tests; scripts/mutate.ts sees whether they notice it', () => {
  const mutations: Mutation[] = JSON.parse(read('test/mutations.json'));
  const stale = mutations.filter(({ file, from, to }) => read(file).split(from).length !== 2 || from === to);
  assert.deepEqual(
    stale.map(({ name }) => name),
    [],
  );
  for (const { tests, name } of mutations) assert.ok(tests.length > 0 && tests.every((file) => read(file).includes('test(')), name);
  assert.equal(new Set(mutations.map(({ name }) => name)).size, mutations.length);
});
