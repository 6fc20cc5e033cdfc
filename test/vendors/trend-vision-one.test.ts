import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Secret } from '../../src/secret.ts';
import trend from '../../src/vendors/trend-vision-one/index.ts';
import { sharedSpec } from './sample.ts';

const settings = trend.settings.parse({ base_url: 'https://api.example', api_key: new Secret('not-a-token', 'test') });
const mapping = z.object({ response: z.object({ jsonBody: z.object({ items: z.array(z.unknown()) }) }) });
const names = ['200', '200_next_link', '200_skip_token'].map((name) => `v3__workbench__alert__get_alert_list_${name}.json`);

test("every alert of the vendor's own mock server is a finding", (t) => {
  const texts = names.flatMap((name) => sharedSpec(`trend-vision-one/wiremock/${name}`) ?? []);
  if (texts.length < names.length) return t.skip('skipped: no real data here (specs/trend-vision-one)');
  const alerts = texts.flatMap((each) => mapping.parse(JSON.parse(each)).response.jsonBody.items);
  const findings = alerts.map((each) => trend.normalise(trend.raw.parse(each), { settings, lookups: {}, collected_at: 0 }));
  t.diagnostic(`${findings.length} alerts, ${findings.filter(({ status }) => status === 'unknown').length} of unknown status`);
  assert.equal(findings.length, 13);
  for (const finding of findings) {
    assert.deepEqual([finding.status, finding.verdict, finding.rules.length], ['new', null, 1], finding.native_id);
    assert.ok(finding.severity >= 2 && finding.severity <= 5 && Number.isFinite(finding.created_at), finding.native_id);
    assert.ok(finding.entities.length > 0 && finding.attacks.every(({ technique }) => /^T\d{4}$/.test(technique ?? '')), finding.native_id);
  }
});
