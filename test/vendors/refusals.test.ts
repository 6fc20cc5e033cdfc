import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadVendor, vendorNames } from '../../src/vendors/index.ts';
import { json } from '../worlds/engine.ts';
import type { World } from '../worlds/world.ts';
import { refusals, situations } from './refusals.ts';
import * as s from './scenario.ts';

const login = /token|oauth|whoami|\/login/;
const marks = new Map<string, string>();

for (const [name, known] of Object.entries(refusals)) {
  for (const situation of situations) {
    const refusal = known[situation];
    if (typeof refusal === 'string') {
      marks.set(`${name} ${situation}`, '–');
      continue;
    }
    test(`${name}: ${situation} is told with the setting, permission or licence to look at`, async () => {
      marks.set(`${name} ${situation}`, '✗');
      const { status, body, headers, on, says } = refusal;
      const { default: world }: { default: World } = await import(`../worlds/${name}.ts`);
      const put = { world, vendor: await loadVendor(name) };
      const when = ({ path }: { path: string }) => (on === undefined ? !login.test(path) : on.test(path));
      await s.inWorld(put, s.items(3), { faults: [{ when, reply: json(body, headers, status) }] }, async (running) => {
        const { collection, findings } = await s.collect(put, running, s.created);
        assert.deepEqual([collection.status, findings.size], ['failed', 0]);
        assert.match(collection.reason ?? '', says);
        assert.ok(!collection.reason?.includes('loopback-token'), 'a secret is printed');
      });
      marks.set(`${name} ${situation}`, '✓');
    });
  }
}

test('every vendor with an API has an answer to each of them, or says why not', async (t) => {
  const withApi: string[] = [];
  for (const name of vendorNames) if ((await loadVendor(name)).connection !== undefined) withApi.push(name);
  assert.deepEqual(Object.keys(refusals).sort(), withApi);
  t.diagnostic(`${''.padEnd(20)}${situations.map((each) => each.padStart(24)).join('')}`);
  for (const name of withApi)
    t.diagnostic(`${name.padEnd(20)}${situations.map((each) => (marks.get(`${name} ${each}`) ?? ' ').padStart(24)).join('')}`);
  for (const [name, known] of Object.entries(refusals))
    for (const situation of situations) {
      const why = known[situation];
      if (typeof why === 'string') t.diagnostic(`${name}: ${situation} is not tried: ${why}`);
    }
});
