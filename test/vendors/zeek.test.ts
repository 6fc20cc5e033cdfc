import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { realEffects } from '../../src/effects.ts';
import zeek from '../../src/vendors/zeek/index.ts';
import { collectFiles } from './collect-files.ts';
import { noData, recorded, recordedIn, shared, specs } from './recorded.ts';

const fixtures = join(import.meta.dirname, '../fixtures/zeek');
const october = { mode: 'created', from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 10, 1) } as const;
const always = { mode: 'created', from: Date.UTC(2000, 0, 1), to: Date.UTC(2026, 10, 1) } as const;

test('zeek: TSV by its own header, also where another one follows', async () => {
  const settings = { path: `${fixtures}/notice.log`, severities: { 'SSL::Invalid_Server_Cert': 'low' } };
  const { collection, normalised } = await collectFiles(zeek, settings, october);
  assert.deepEqual([collection.status, collection.watermark], ['complete', 1790841720000]);
  assert.deepEqual(
    normalised.rejections.map(({ place, reason }) => [place, reason]),
    [['notice.log line 11', 'has 3 fields, the header has 15']],
  );
  assert.deepEqual(
    normalised.findings.map(({ created_at, rules, severity, tags, log_sources }) => [
      created_at,
      rules[0]?.name,
      severity,
      tags,
      log_sources,
    ]),
    [
      [1790841600629, 'SSL::Invalid_Server_Cert', 2, ['log', 'alarm'], ['zeek-1']],
      [1790841660000, 'SSH::Password_Guessing', 0, [], []],
      [1790841720000, 'ATTACK::Lateral_Movement', 0, [], []],
    ],
  );
  const [, guessing, attack] = normalised.findings;
  assert.deepEqual(guessing?.entities, [{ type: 'ip', value: '192.0.2.5', role: 'actor' }]);
  assert.equal(guessing?.event_count, 10);
  assert.deepEqual(attack?.attacks, [{ technique: 'T1021', sub: 'T1021.002' }]);
});

test('zeek: the same capture as TSV and as JSON gives the same 207 findings', async (t) => {
  const folder = 'zeek-corelight';
  const text = recorded(`${folder}/zeek-json-notice.ndjson`);
  if (text === undefined) return t.skip(noData(folder));
  const [tsv, json] = await Promise.all(
    ['zeek-tsv-notice.log', 'zeek-json-notice.ndjson'].map((name) => collectFiles(zeek, { path: join(specs, folder, name) }, always)),
  );
  assert.deepEqual([tsv?.collection.status, tsv?.normalised.rejections, tsv?.normalised.findings.length], ['complete', [], 207]);
  const plain = (each: typeof tsv) => each?.normalised.findings.map((finding) => ({ ...finding, tags: [...finding.tags] }));
  assert.deepEqual(plain(tsv), plain(json));
  const subjects = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).msg);
  assert.deepEqual(
    tsv?.normalised.findings.map(({ title }) => title),
    subjects,
  );
});

test("zeek: weird.log is telemetry, and the vendor's baselines with masked times are refused one by one", async (t) => {
  const folder = 'zeek-corelight';
  const baselines = recordedIn(folder).filter((name) => name.includes('baseline'));
  if (baselines.length === 0) return t.skip(noData(folder));
  const weird = await collectFiles(zeek, { path: join(specs, folder, 'zeek-json-weird.head300.ndjson') }, always);
  assert.deepEqual([weird.collection.status, weird.normalised.findings.length, weird.normalised.rejections.length], ['complete', 0, 0]);
  const settings = zeek.settings.parse({ path: join(specs, folder, '*baseline*') });
  const asked = { settings, effects: realEffects, http: { request: () => assert.fail(), stats: { requests: 0, retries: 0, bytes: 0 } } };
  assert.equal(baselines.length, 3);
  const rejected = await Array.fromAsync(zeek.pages({ ...asked, window: { ...always, mode: 'changed' } }));
  const reasons = rejected.flatMap((page) => page.rejected ?? []).map(({ reason }) => reason);
  assert.deepEqual(reasons, Array(5).fill('its ts is no time: XXXXXXXXXX.XXXXXX'));
});

test('zeek: two days of a real attack, all logs in one packed file, hold three notices', async (t) => {
  const path = shared('data/zeek-apt29');
  if (path === undefined) return t.skip('skipped: no real data here (shared/data/zeek-apt29)');
  const { collection, normalised } = await collectFiles(zeek, { path: `${path}/*.log.gz` }, always);
  assert.deepEqual([collection.status, normalised.rejections], ['complete', []]);
  assert.deepEqual(
    normalised.findings.map(({ created_at, log_sources, entities }) => [created_at, log_sources[0], entities[0]?.value]),
    [
      [1588207244740, 'bobs.bigwheel.local', '10.0.1.6'],
      [1588205718392, 'simplerockbuild.simplerock.lan', '10.0.1.4'],
      [1588316619758, 'test-nsm', '10.0.1.5'],
    ],
  );
});
