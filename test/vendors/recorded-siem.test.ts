import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noData, normalised, only, recorded, recordedIn, tally } from './recorded.ts';
import { flat } from './recordings.ts';

test('splunk: recorded notables', async (t) => {
  const path = 'splunk/recorded/demisto-test_notable_event.json';
  const [text, older] = [recorded(path), recorded('splunk/recorded/demisto-response_two_events.first.json')];
  if (text === undefined || older === undefined) return t.skip(noData(path));
  const notable = JSON.parse(text);
  const done = await normalised('splunk', [{ notable, reviews: [] }]);
  assert.deepEqual(tally(done), { findings: 1, rejected: 0, unknown: 0 });
  const finding = only(done.findings);
  assert.deepEqual([finding.native_id, finding.title, finding.severity_raw], [notable.event_id, notable.rule_title, notable.urgency]);
  assert.equal(finding.created_at, Date.parse(notable._time));
  assert.deepEqual([finding.status, finding.verdict, finding.assignee], ['new', 'undetermined', undefined]);
  // An older one without the id that the macro adds cannot be told from its like.
  assert.deepEqual(tally(await normalised('splunk', [{ notable: JSON.parse(older), reviews: [] }])), {
    findings: 0,
    rejected: 1,
    unknown: 0,
  });
});

test('sentinel: the official example and a recorded incident', async (t) => {
  const path = 'sentinel/recorded/azure-rest-api-specs-GetIncidents.example.json';
  const [text, real] = [recorded(path), recorded('sentinel/recorded/rapid7-example_incident.json')];
  if (text === undefined || real === undefined) return t.skip(noData(path));
  const incidents = [...JSON.parse(text).responses['200'].body.value, JSON.parse(real)];
  const done = await normalised(
    'sentinel',
    incidents.map((incident) => ({ incident })),
  );
  assert.deepEqual(tally(done), { findings: incidents.length, rejected: 0, unknown: 0 });
  const [first, last] = [done.findings[0], done.findings.at(-1)];
  assert.deepEqual([first?.status, first?.verdict, first?.assignee], ['closed', 'false_positive', 'john@contoso.com']);
  assert.equal(first?.closed_at, undefined, 'the object has no such time');
  assert.deepEqual([last?.native_id, last?.status, last?.severity], ['1505', 'in_progress', 2]);
  assert.equal(last?.created_at, Date.UTC(2022, 5, 2, 9, 52, 0, 564));
});

test('elastic: a recorded alert', async (t) => {
  const path = 'elastic/ecs-rfc0031-example-alert.json';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const document = JSON.parse(text);
  const done = await normalised('elastic', [{ _id: document['kibana.alert.uuid'], fields: flat(document, '') }]);
  assert.deepEqual(tally(done), { findings: 1, rejected: 0, unknown: 0 });
  const finding = only(done.findings);
  assert.deepEqual([finding.title, finding.severity, finding.status], [document['kibana.alert.rule.name'], 4, 'new']);
  assert.equal(finding.created_at, Date.parse(document['@timestamp']));
  assert.equal(finding.first_activity_at, Date.parse(document['kibana.alert.original_time']));
  assert.ok(finding.entities.some(({ type, value }) => type === 'hash' && value === document.process.hash.sha256));
});

test('wazuh: the sample alerts of 4.x', async (t) => {
  const path = 'wazuh/wazuh-4x-alerts.sample.json';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // The samples leave their times open.
  const sources = lines.map((line) => JSON.parse(line.replaceAll('{timestamp}', '2026-10-02T10:23:45.123+0200')));
  const done = await normalised(
    'wazuh',
    sources.map((_source, index) => ({ _id: String(index), _source })),
  );
  assert.deepEqual(tally(done), { findings: sources.length, rejected: 0, unknown: 0 });
  assert.ok(done.findings.every(({ created_at }) => created_at === Date.UTC(2026, 9, 2, 8, 23, 45, 123)));
  const levels = (wanted: number[]) => sources.filter(({ rule }) => wanted.includes(Number(rule.level))).length;
  const severity = (wanted: number) => done.findings.filter((each) => each.severity === wanted).length;
  assert.deepEqual([severity(1), severity(3), severity(5)], [levels([0, 1, 2, 3]), levels([7, 8, 9, 10, 11]), levels([15, 16])]);
});

test('wazuh: the sample findings of 5.x', async (t) => {
  const folder = 'wazuh/wazuh-5x-findings-samples';
  const files = recordedIn(folder);
  if (files.length === 0) return t.skip(noData(folder));
  const lines = files.flatMap((file) => (recorded(file) ?? '').split('\n').filter((line) => line.trim() !== ''));
  const sources = lines.map((line) => JSON.parse(line));
  const done = await normalised(
    'wazuh',
    sources.map((_source, index) => ({ _id: String(index), _source })),
  );
  assert.deepEqual(tally(done), { findings: sources.length, rejected: 0, unknown: 0 });
  const tagged = sources.filter(({ wazuh }) => wazuh.rule.mitre?.technique?.id?.length > 0).length;
  assert.equal(done.findings.filter(({ attacks }) => attacks.some(({ technique }) => technique !== undefined)).length, tagged);
  assert.ok(
    done.findings.every(({ status }) => status === 'new'),
    'nobody has touched them',
  );
});

test('google-secops: recorded detections', async (t) => {
  const path = 'google-secops/recorded/elastic-test-alert-v2.partial.log';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const detections = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
  const done = await normalised(
    'google-secops',
    detections.map((detection) => ({ detection })),
  );
  assert.deepEqual(tally(done), { findings: 2, rejected: 0, unknown: 0 });
  assert.deepEqual(
    done.findings.map(({ native_id, title, created_at }) => [native_id, title, created_at]),
    detections.map(({ id, detection, createdTime }) => [id, detection[0].ruleName, Math.trunc(Date.parse(createdTime))]),
  );
});
