import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/finding.ts';
import { Secret } from '../../src/secret.ts';
import defender from '../../src/vendors/defender/index.ts';
import { sharedSpec } from './sample.ts';

const settings = defender.settings.parse({ tenant_id: 'x', client_id: 'x', client_secret: new Secret('not-a-token', 'test') });
const finding = (key: 'alert' | 'incident', record: unknown): Finding =>
  defender.normalise(defender.raw.parse({ [key]: record }), { settings, lookups: {}, collected_at: 0 });

interface Schema {
  enums: Record<string, { members: string[] }>;
}

test("Microsoft's own examples are read", (t) => {
  const alerts = sharedSpec('microsoft-defender/graph-docs-alert-sample.json');
  const incidents = sharedSpec('microsoft-defender/graph-docs-incident-sample.json');
  if (alerts === undefined || incidents === undefined) return t.skip('skipped: no real data here (specs/microsoft-defender)');
  const [alert] = JSON.parse(alerts).value;
  const one = finding('alert', alert);
  assert.deepEqual([one.severity, one.status, one.verdict, one.verdict_raw], [2, 'new', null, undefined]);
  assert.deepEqual(one.attacks, [{ tactic: 'TA0005' }, { technique: 'T1564', sub: 'T1564.001' }]);
  assert.deepEqual(
    one.entities.map(({ type, value }) => `${type} ${value}`.slice(0, 12)),
    ['host tempDns', 'hash 8963a19', 'user SYSTEM'],
  );
  const [incident] = JSON.parse(incidents).value;
  const other = finding('incident', incident);
  assert.deepEqual([other.kind, other.severity, other.status, other.verdict], ['case', 3, 'new', 'true_positive']);
  assert.deepEqual([other.tags, other.events?.length], [['Demo', 'Defender Experts'], 1]);
});

test('every word of the metadata has a meaning, but for those that say it is unknown', (t) => {
  const schema = sharedSpec('microsoft-defender/graph-security.derived-schema.json');
  if (schema === undefined) return t.skip('skipped: no real data here (specs/microsoft-defender)');
  const { enums }: Schema = JSON.parse(schema);
  const words = (name: string): string[] =>
    (enums[name]?.members ?? assert.fail(name)).filter((word) => word !== 'unknownFutureValue' && word !== 'unknown');
  const read = (key: 'alert' | 'incident', field: string, word: string) => finding(key, { id: '1', createdDateTime: '', [field]: word });
  for (const word of words('alertStatus')) assert.notEqual(read('alert', 'status', word).status, 'unknown', word);
  for (const word of words('incidentStatus')) assert.notEqual(read('incident', 'status', word).status, 'unknown', word);
  for (const word of words('alertSeverity')) assert.notEqual(read('alert', 'severity', word).severity, 99, word);
  for (const word of words('alertClassification')) assert.notEqual(read('alert', 'classification', word).verdict, null, word);
});

test('lines of a robustness corpus are findings too', (t) => {
  const alerts = sharedSpec('microsoft-defender/tenzir/defender-alerts.ndjson');
  const incidents = sharedSpec('microsoft-defender/tenzir/defender-incidents.ndjson');
  if (alerts === undefined || incidents === undefined) return t.skip('skipped: no real data here (specs/microsoft-defender)');
  const lines = (text: string): unknown[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const findings = [...lines(alerts).map((each) => finding('alert', each)), ...lines(incidents).map((each) => finding('incident', each))];
  assert.deepEqual(
    findings.map(({ kind, status, verdict, merged_into }) => [kind, status, verdict, merged_into]),
    [
      ['alert', 'new', 'true_positive', undefined],
      ['case', 'resolved', 'true_positive', undefined],
      ['case', 'closed', null, 'incident-1'],
    ],
  );
});
