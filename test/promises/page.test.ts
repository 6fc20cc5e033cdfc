import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promised } from '../../scripts/promises.ts';
import { namedTests, promisesPage, testsOf } from '../../scripts/write-promises.ts';
import { failpoints } from '../../src/effects.ts';

const numbered = (letter: string, last: number) => Array.from({ length: last }, (_, n) => `${letter}${n + 1}`);

test('the page of the promises is fresh, has each of them once, and each has a test', () => {
  assert.deepEqual(
    promised.map(({ id }) => id),
    [...numbered('S', 11), ...numbered('M', 9), ...numbered('D', 7)],
  );
  const tests = namedTests();
  for (const one of promised) assert.ok(testsOf(one, tests).length > 0, one.id);
  const written = readFileSync(join(import.meta.dirname, '../../docs/promises.md'), 'utf8');
  assert.equal(written, promisesPage(), 'docs/promises.md is not what the tests say; run: node scripts/write-promises.ts');
  for (const name of failpoints) assert.ok(written.includes(`\`${name}\``), name);
});
