import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { vendorPages } from '../../scripts/write-vendors.ts';
import { loadVendor } from '../../src/vendors/index.ts';

const root = resolve(import.meta.dirname, '../..');

test('every product has a page, written from its file, and no page is of a product that is gone', async () => {
  const pages = await vendorPages();
  for (const [path, text] of pages) {
    assert.equal(readFileSync(join(root, path), 'utf8'), text, `${path} is not what the code says; run: node scripts/write-vendors.ts`);
  }
  assert.deepEqual(readdirSync(join(root, 'docs/vendors')).sort(), [...pages.keys()].map((path) => path.split('/').at(-1)).sort());
});

test('a page says what the account needs, every setting, every question, and where what is particular comes from', async () => {
  const pages = await vendorPages();
  const page = pages.get('docs/vendors/vectra.md') ?? '';
  const { permissions } = await loadVendor('vectra');
  for (const permission of permissions) assert.ok(page.includes(permission));
  assert.match(page, /With `platform: qux`.*`api_token` \| yes \| a secret.*With `platform: rux`.*`client_secret` \| yes/s);
  assert.match(page, /`lookback_days` \| no \| a whole number; `90` where it is not given. Detections and closed assignments/);
  assert.match(page, /\| verdict at \| yes \| when the assignment was resolved \|/);
  assert.match(page, /- \[vat\]: modules\/vectra.py/);
  assert.match(page, /"next" says only whether there is more: recorded links lead to http and to other hosts \[soar\]/);
});
