import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnection } from '../../src/collect.ts';
import { loadVendor } from '../../src/vendors/index.ts';
import { now } from '../worlds/engine.ts';
import type { World, WorldOptions } from '../worlds/world.ts';
import { stillEffects } from './replay.ts';
import { items } from './scenario.ts';

/** What doctor prints of a source that works. */
const lines: Readonly<Record<string, RegExp>> = {
  'carbon-black': /3 alerts in two weeks/,
  'cortex-xdr': /3 incidents/,
  darktrace: /model breaches and AI Analyst incident events can be read/,
  crowdstrike: /2 alerts, 1 cases/,
  defender: /alerts and incidents can be read/,
  'cortex-xsoar': /incidents can be searched/,
  extrahop: /detections can be read/,
  jira: /issues can be searched/,
  sentinelone: /3 threats/,
  servicenow: /security incidents can be read/,
  sophos: /alerts can be read/,
  elastic: /space default: 2 alerts/,
  'google-secops': /cases can be read/,
  qradar: /QRadar API/,
  sentinel: /last change 2026-10/,
  splunk: /Splunk 10\.0\.1/,
  wazuh: /3 records/,
  thehive: /alerts and cases can be read/,
  vectra: /detections and assignments can be read/,
  'trend-vision-one': /alerts can be read/,
};

for (const [name, line] of Object.entries(lines)) {
  test(`${name}: a check asks little, says what it found, and fails where a collection would`, async () => {
    assert.match(await check(name), line);
    const { default: world }: { default: World } = await import(`../worlds/${name}.ts`);
    for (const status of [401, 403])
      await assert.rejects(check(name, { faults: [{ reply: world.failure(status) }] }), new RegExp(String(status)));
  });
}

async function check(name: string, options: WorldOptions = {}): Promise<string> {
  const { default: world }: { default: World } = await import(`../worlds/${name}.ts`);
  const vendor = await loadVendor(name);
  const running = await world.start(items(3), options);
  try {
    const settings: unknown = vendor.settings.parse(running.settings);
    const effects = stillEffects(now);
    const said = await vendor.check({ http: await openConnection(vendor, settings, effects), settings, effects });
    assert.ok(running.requests.length <= 5, `${running.requests.length} requests`);
    return said;
  } finally {
    await running.close();
  }
}
