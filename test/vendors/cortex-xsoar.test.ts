import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadVendor } from '../../src/vendors/index.ts';
import { noData, recorded } from './recorded.ts';
import { sampleOf } from './sample.ts';

test("cortex-xsoar: an incident of every field the vendor's description names can be read", async (t) => {
  const path = 'cortex-xsoar/xsoar-server_api_swagger.json';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const { definitions } = JSON.parse(text);
  const vendor = await loadVendor('cortex-xsoar');
  assert.deepEqual(vendor.raw.safeParse(sampleOf(definitions, 'Incident')).error?.issues ?? [], []);
});
