import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { registry } from '../../src/analyse/registry.ts';
import { kpisPage } from '../../scripts/write-kpis.ts';

test('the page of the figures is fresh and names each of them once', () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/kpis.md'), 'utf8');
  for (const { id } of registry) assert.equal(written.split(`| **${id}** `).length, 2, id);
  assert.equal(written, kpisPage(), 'docs/kpis.md is not what the registry and the tests say; run: node scripts/write-kpis.ts');
});
