import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Secret } from '../../src/secret.ts';
import carbonBlack from '../../src/vendors/carbon-black/index.ts';
import { sharedSpec } from './sample.ts';

const settings = carbonBlack.settings.parse({
  base_url: 'https://defense.example',
  org_key: 'A',
  api_id: 'B',
  api_secret: new Secret('not-a-token', 'test'),
});
const single = z.looseObject({ id: z.string(), backend_timestamp: z.string() });
const several = z.object({ results: z.array(single) });

test("every alert of the vendor's SDK is a finding, whatever its kind", (t) => {
  const text = sharedSpec('carbon-black-cloud/sdk-mock-alerts-v7.json');
  if (text === undefined) return t.skip('skipped: no real data here (specs/carbon-black-cloud)');
  const fixtures = z.object({ fixtures: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text)).fixtures;
  const alerts = Object.values(fixtures).flatMap((each) => several.safeParse(each).data?.results ?? single.safeParse(each).data ?? []);
  const findings = alerts.map((each) => carbonBlack.normalise(carbonBlack.raw.parse(each), { settings, lookups: {}, collected_at: 0 }));
  t.diagnostic(`${findings.length} alerts of ${new Set(alerts.map(({ type }) => type)).size} kinds`);
  assert.equal(findings.length, 9);
  for (const finding of findings) {
    // The made-up new kind of alert has but a few fields.
    const bare = finding.native_id.startsWith('MYVERYFIRST');
    assert.ok(
      bare ? finding.severity === 0 : finding.severity >= 2 && finding.severity <= 5,
      `${finding.native_id} ${finding.severity_raw}`,
    );
    assert.ok(Number.isFinite(finding.created_at) && bare === (finding.status === 'unknown'), finding.native_id);
  }
  const log4j = findings.find(({ attacks }) => attacks.length > 0);
  assert.deepEqual(log4j?.attacks, [{ tactic: 'TA0001' }, { technique: 'T1190' }]);
});
