import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnection } from '../../src/collect.ts';
import { Secret } from '../../src/secret.ts';
import { signature } from '../../src/vendors/darktrace/appliance.ts';
import { loadVendor } from '../../src/vendors/index.ts';
import { now } from '../worlds/engine.ts';
import world from '../worlds/darktrace.ts';
import { noData, normalised, only, recorded, tally } from './recorded.ts';
import { stillEffects } from './replay.ts';
import { items } from './scenario.ts';

const open = new Secret('pub', 'test');
const hidden = new Secret('priv', 'test');

test('darktrace: the signature is the one that two other implementations give', () => {
  const target = '/modelbreaches?endtime=2&includeacknowledged=true&starttime=1';
  const headers = signature(target, Date.UTC(2024, 0, 2, 3, 4, 5), open, hidden);
  assert.equal(headers['DTAPI-Date'], '20240102T030405');
  assert.equal(Object(headers['DTAPI-Signature']).reveal(), 'e2e72c07f4d36116ff41c2d68f0ae5c9f8223baa');
});

test('darktrace: each try is signed anew, by the time at which it is made', async () => {
  const faults = [{ times: 2, reply: world.failure(429, { 'Retry-After': '60' }) }];
  const running = await world.start(items(1), { faults });
  try {
    const vendor = await loadVendor('darktrace');
    const settings: unknown = vendor.settings.parse({ ...running.settings, ai_analyst: false });
    let clock = now;
    const sleep = async (ms: number) => {
      clock += ms;
    };
    const effects = { ...stillEffects(now), now: () => clock, sleep };
    await vendor.check({ http: await openConnection(vendor, settings, effects), settings, effects });
    const sent = (name: string) => new Set(running.requests.map(({ headers }) => headers[name]));
    assert.deepEqual([running.requests.length, sent('dtapi-date').size, sent('dtapi-signature').size], [3, 3, 3]);
    assert.ok(sent('dtapi-date').has('20261102T000000') && sent('dtapi-date').has('20261102T000100'));
  } finally {
    await running.close();
  }
});

test('darktrace: a recorded model breach', async (t) => {
  const path = 'darktrace/rapid7-pull_alerts.json';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const done = await normalised('darktrace', [{ breach: JSON.parse(text) }], { base_url: 'https://darktrace.example/' });
  assert.deepEqual(tally(done), { findings: 1, rejected: 0, unknown: 0 });
  const { native_id, title, severity, status, created_at, first_activity_at, url, entities } = only(done.findings);
  assert.deepEqual([native_id, title, severity, status], ['11', 'System::Packet Loss', 2, 'new']);
  assert.deepEqual([first_activity_at, created_at], [1599807736000, 1599807740000]);
  assert.deepEqual([url, entities], ['https://darktrace.example/#modelbreach/11', []]);
});
