import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectClient, openClientStore } from '../../src/gather/index.ts';
import { parsePeriod } from '../../src/period.ts';
import suricata from '../../src/vendors/suricata.ts';
import { load } from '../config-files.ts';
import { collectFiles } from './collect-files.ts';
import { noData, recorded, recordedIn, specs } from './recorded.ts';

const fixtures = join(import.meta.dirname, '../fixtures/suricata');
const day = Date.UTC(2026, 9, 1);
const october = { mode: 'created', from: day, to: Date.UTC(2026, 10, 1) } as const;

test('suricata: alerts among other events, with the rest told as it is', async () => {
  const { collection, normalised } = await collectFiles(suricata, { path: `${fixtures}/eve.json` }, october);
  assert.deepEqual([collection.status, collection.fetched, collection.since], ['complete', 5, day + 8000]);
  assert.deepEqual(
    normalised.rejections.map(({ place, reason }) => [place, reason]),
    [['eve.json line 7', 'its JSON ends in the middle']],
  );
  assert.deepEqual(
    normalised.findings.map(({ title, severity, severity_raw }) => [title, severity, severity_raw]),
    [
      ['ET EXPLOIT made up', 4, '1'],
      ['SURICATA Ethertype unknown', 2, '3'],
      ['one of two', 1, '5'],
      ['two of two', 99, '300'],
    ],
  );
  const [first, second] = normalised.findings;
  assert.equal(first?.created_at, Date.UTC(2026, 9, 1, 8, 0, 0, 712));
  assert.deepEqual(first?.rules, [{ id: '1:2221014', name: 'ET EXPLOIT made up' }]);
  assert.deepEqual(first?.entities, [
    { type: 'ip', value: '198.51.100.4', role: 'actor' },
    { type: 'ip', value: '192.0.2.4', role: 'target' },
  ]);
  assert.deepEqual([first?.attacks, first?.log_sources], [[{ tactic: 'TA0008' }, { technique: 'T1021' }], ['sensor-1']]);
  assert.deepEqual(first?.tags, ['Attempted Administrator Privilege Gain', 'blocked']);
  assert.deepEqual([second?.entities, second?.log_sources, second?.status], [[], [], 'unknown']);
});

test('suricata: a sensor that has stopped is told where somebody asked for it', async () => {
  const settings = { path: `${fixtures}/eve.json`, silent_after_minutes: 60 };
  const { collection } = await collectFiles(suricata, settings, october);
  assert.equal(collection.status, 'partial');
  assert.match(collection.reason ?? '', /the last line in .* is of 2026-10-01T08:00:03\.000Z: has the sensor stopped\?/);
});

test('suricata: days before a log begins are not covered by it, and asking for them alone is an error', async (t) => {
  const sources = `sources:\n  ids:\n    vendor: suricata\n    path: ${fixtures}/eve.json\n`;
  const config = await load(t, { 'clients/acme.yaml': `name: Acme\ntimezone: UTC\n${sources}reports: [monthly]\n` });
  const client = config.clients.get('acme') ?? assert.fail();
  const store = openClientStore(config, 'acme');
  t.after(() => store.close());
  const days = { ...parsePeriod('2026-10', 'UTC') };
  const { realEffects } = await import('../../src/effects.ts');
  const effects = { ...realEffects, now: () => Date.UTC(2026, 9, 2) };
  const some = { ...days, days: days.days.slice(0, 1) };
  const [batch] = await collectClient(store, client, { days: some, base_dir: config.dir }, effects);
  assert.deepEqual([batch?.window_from, batch?.window_to], [day + 8000, Date.UTC(2026, 9, 2)]);
  const before = parsePeriod('2026-09-30', 'UTC');
  const [failed] = await collectClient(store, client, { days: before, base_dir: config.dir }, effects);
  assert.equal(failed?.status, 'failed');
  assert.match(failed?.reason ?? '', /hold nothing from before 2026-10-01T00:00:08\.000Z: the time asked for is not in them/);
});

test('suricata: real events; five alerts, and nothing of the other kinds', async (t) => {
  const folder = 'suricata-eve/samples';
  if (recordedIn(folder).length === 0) return t.skip(noData(folder));
  const window = { mode: 'created', from: Date.UTC(2009, 0, 1), to: Date.UTC(2010, 0, 1) } as const;
  const { collection, normalised } = await collectFiles(suricata, { path: join(specs, folder, '*.ndjson') }, window);
  assert.deepEqual([collection.status, normalised.rejections], ['complete', []]);
  assert.deepEqual(
    normalised.findings.map(({ severity, title }) => [severity, title]),
    (recorded(`${folder}/tenzir-alert.ndjson`) ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).alert)
      .map(({ severity, signature }) => [[4, 3, 2][severity - 1], signature]),
  );
  assert.equal(normalised.findings.length, 5);
});
