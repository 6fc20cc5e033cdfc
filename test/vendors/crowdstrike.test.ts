import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../src/secret.ts';
import { record } from '../../src/vendors/crowdstrike/records.ts';
import crowdstrike from '../../src/vendors/crowdstrike/index.ts';
import { type Definitions, sampleOf, sharedSpec } from './sample.ts';

const kinds = [
  ['alert', 'alerts', 'DetectsAlert'],
  ['case', 'cases', 'SdkCaseVM'],
] as const;

for (const [kind, file, definition] of kinds) {
  test(`every field of the vendor's own model of ${file} is read in its type`, (t) => {
    const spec = sharedSpec(`crowdstrike/${file}.derived-spec.json`);
    if (spec === undefined) return t.skip('skipped: no real data here (specs/crowdstrike)');
    const { definitions }: { definitions: Definitions } = JSON.parse(spec);
    const sample = sampleOf(definitions, definition);
    const read = crowdstrike.raw.parse({ [kind]: sample });
    const settings = crowdstrike.settings.parse({
      base_url: 'https://api.example',
      client_id: 'x',
      client_secret: new Secret('not-a-token', 'test'),
    });
    const finding = crowdstrike.normalise(read, { settings, lookups: {}, collected_at: 0 });
    assert.deepEqual([finding.kind, finding.severity, finding.status], [kind, 1, 'unknown']);
    assert.equal(finding.created_at, Date.parse('2026-10-01T08:00:00.123Z'));
    // What we ask of a record must be in the model, or it would be looked for in vain for ever.
    const known = Object.keys(Object(sample));
    const used = record.options.flatMap((option) => Object.entries(option.shape)).filter(([name]) => name === kind);
    const missing = used.flatMap(([, inner]) => Object.keys(inner.shape)).filter((name) => !known.includes(name));
    assert.deepEqual(missing, kind === 'alert' ? ['source_endpoint_host_name', 'source_account_name'] : []);
  });
}
