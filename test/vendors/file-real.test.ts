import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { realEffects } from '../../src/effects.ts';
import type { Finding } from '../../src/finding.ts';
import file from '../../src/vendors/file.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const incidents = join(data, 'uci-incident-log');
const alerts = join(data, 'sentinel-alerts');
const skip = (folder: string) => (existsSync(folder) ? false : `skipped: no real data here (${folder.slice(data.length + 1)})`);
const noHttp = { request: () => Promise.reject(new Error('no network here')), stats: { requests: 0, retries: 0, bytes: 0 } };

const uci = {
  kind: 'case',
  unknown: ['?'],
  columns: {
    id: 'number',
    title: 'category',
    created_at: 'opened_at',
    updated_at: 'sys_updated_at',
    closed_at: 'resolved_at',
    status: 'incident_state',
    severity: 'priority',
    verdict: 'closed_code',
    assignee: 'assigned_to',
    assignee_group: 'assignment_group',
  },
  acknowledged_when: { column: 'incident_state', equals: 'Active' },
  values: {
    status: {
      New: 'new',
      Active: 'in_progress',
      Resolved: 'resolved',
      Closed: 'closed',
      'Awaiting User Info': 'on_hold',
      'Awaiting Problem': 'on_hold',
    },
    severity: { '1 - Critical': 'critical', '2 - High': 'high', '3 - Moderate': 'medium', '4 - Low': 'low' },
  },
};

async function collect(declared: object): Promise<Finding[]> {
  const settings = file.settings.parse(declared);
  const window = { mode: 'created', from: 0, to: Date.UTC(2090, 0, 1) } as const;
  const pages = await Array.fromAsync(file.pages({ settings, window, effects: realEffects, http: noHttp }));
  assert.deepEqual(
    pages.flatMap(({ rejected = [] }) => rejected),
    [],
  );
  const records = pages.flatMap(({ records }) => records);
  return records.map((record) => file.normalise(file.raw.parse(record), { settings, lookups: {}, collected_at: 0 }));
}

function tally(values: Iterable<string | number>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function hours(from: number | undefined, to: number | undefined): number[] {
  return from === undefined || to === undefined ? [] : [(to - from) / 3_600_000];
}

function summary(values: number[]): { n: number; mean_h: number; median_h: number; min_h: number; max_h: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  const median = (at(Math.floor((sorted.length - 1) / 2)) + at(Math.ceil((sorted.length - 1) / 2))) / 2;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { n: sorted.length, mean_h: round(mean), median_h: round(median), min_h: round(at(0)), max_h: round(at(sorted.length - 1)) };
}

test('890 real incidents of a log with 5998 rows are what was computed elsewhere', { skip: skip(incidents) }, async () => {
  const computed = JSON.parse(readFileSync(join(incidents, 'computed-by-us.json'), 'utf8'));
  const time = { format: 'dd-MM-yyyy HH:mm', zone: 'UTC' };
  const findings = await collect({ ...uci, path: join(incidents, '*5998*'), time });
  assert.equal(findings.length, computed.incidents);
  assert.deepEqual(tally(findings.map(({ created_at }) => new Date(created_at).toISOString().slice(0, 10))), computed.opened_per_day);
  assert.deepEqual(tally(findings.map(({ severity_raw = '' }) => severity_raw)), computed.priority);
  assert.deepEqual(tally(findings.map(({ severity }) => severity)), { 2: 85, 3: 757, 4: 33, 5: 15 });
  assert.deepEqual(tally(findings.map(({ status_raw = '' }) => status_raw)), computed.final_state);
  assert.deepEqual(tally(findings.map(({ verdict_raw = '?' }) => verdict_raw)), computed.closed_code);
  assert.equal(findings.filter(({ assignee }) => assignee === undefined).length, 217);
  assert.equal(findings.filter(({ closed_at }) => closed_at === undefined).length, computed.resolved_at_missing);
  assert.equal(findings.filter(({ reopen_count = 0 }) => reopen_count > 0).length, computed.reopened);
  const resolved = findings.flatMap(({ created_at, closed_at }) => hours(created_at, closed_at));
  assert.deepEqual(summary(resolved), computed.time_to_resolve_hours_all);
  const acknowledged = findings.flatMap(({ created_at, acknowledged_at }) => hours(created_at, acknowledged_at));
  assert.deepEqual(summary(acknowledged), computed.first_Active_minus_opened_hours);
});

test('the same log recounted line by line, in a zone of its own', { skip: skip(incidents) }, async () => {
  // The file quotes nothing, so that cutting at commas is a reader of its own.
  const text = readFileSync(join(incidents, 'incident_event_log-5998rows-dd-mm-yyyy.csv'), 'utf8');
  assert.ok(!text.includes('"'));
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const position = (column: string) => header.split(',').indexOf(column);
  const last = new Map(lines.map((line) => [line.split(',')[0], line.split(',')]));
  const findings = await collect({
    ...uci,
    path: join(incidents, '*5998*'),
    time: { format: 'dd-MM-yyyy HH:mm', zone: 'America/Sao_Paulo' },
  });
  assert.equal(findings.length, last.size);
  for (const finding of findings) {
    const row = last.get(finding.native_id) ?? [];
    const [day, month, year, time] = (row[position('opened_at')] ?? '').split(/[- ]/);
    // Brazil's summer time had ended on 21 February 2016: UTC-3.
    assert.equal(finding.created_at, Date.parse(`${year}-${month}-${day}T${time}:00-03:00`));
    assert.equal(finding.assignee ?? '?', row[position('assigned_to')]);
    assert.equal(finding.closed_at === undefined, row[position('resolved_at')] === '?');
  }
});

test('the excerpt with single-digit days agrees with the long log where both have an incident', { skip: skip(incidents) }, async () => {
  const short = await collect({ ...uci, path: join(incidents, '*198*'), time: { format: 'd/M/yyyy HH:mm', zone: 'UTC' } });
  const long = await collect({ ...uci, path: join(incidents, '*5998*'), time: { format: 'dd-MM-yyyy HH:mm', zone: 'UTC' } });
  assert.equal(short.length, 32);
  const known = new Map(long.map((finding) => [finding.native_id, finding]));
  const both = short.filter(({ native_id }) => known.has(native_id));
  assert.ok(both.length >= 30, `${both.length} in both`);
  for (const { native_id, created_at } of both) assert.equal(created_at, known.get(native_id)?.created_at);
});

const loki = join(data, 'loki');

test("four reports of Loki's scanner, CSV without a header line: its alerts and warnings", { skip: skip(loki) }, async () => {
  const findings = await collect({
    path: join(loki, 'scan_result*'),
    format: 'csv',
    header: ['time', 'host', 'level', 'module', 'message'],
    only: { column: 'level', in: ['ALERT', 'WARNING'] },
    columns: { id: '(row)', title: 'message', created_at: 'time', severity: 'level', rule: 'module', target: 'host' },
    entities: { target: 'host' },
    values: { severity: { alert: 'high', warning: 'medium' } },
    time: { format: "yyyyMMdd'T'HH:mm:ssXXX" },
    product: 'Loki',
  });
  const computed = JSON.parse(readFileSync(join(loki, 'expected.json'), 'utf8'));
  const { ALERT, WARNING } = computed.level_counts;
  assert.deepEqual(tally(findings.map(({ severity }) => severity)), { 3: WARNING, 4: ALERT });
  const hosts = Object.entries<{ alerts: number; warnings: number }>(computed.alert_warning_by_host);
  const expected = hosts.map(([host, { alerts: a, warnings: w }]) => [host, a + w]).filter(([, n]) => n !== 0);
  assert.deepEqual(tally(findings.map(({ entities }) => entities[0]?.value ?? '')), Object.fromEntries(expected));
  assert.equal(Math.min(...findings.map(({ created_at }) => created_at)), Date.UTC(2021, 9, 13, 21, 27, 55));
});

const windows = join(data, 'otrf-psexec-lsa');

test('286 Windows events of a recorded attack, one JSON a line without an id', { skip: skip(windows) }, async () => {
  const settings = {
    path: join(windows, 'cmd_psexec*.json'),
    format: 'jsonl',
    columns: { id: '(row)', title: 'Message', created_at: 'TimeCreated', rule: 'EventID', target: 'Hostname', log_source: 'Channel' },
    entities: { target: 'host' },
    time: { format: 'yyyy-MM-dd HH:mm:ss.SSS', zone: 'UTC' },
  };
  const lines = readFileSync(join(windows, 'cmd_psexec_lsa_secrets_dump_2020-10-1903305471.json'), 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line));
  const ids = new Set(lines).size;
  const findings = await collect(settings);
  assert.equal(findings.length, ids);
  const clear = await collect({ ...settings, only: { column: 'EventID', in: ['104', '1102'] } });
  assert.deepEqual(
    clear.map(({ created_at, rules }) => [new Date(created_at).toISOString(), rules[0]?.name]).sort(),
    events
      .filter(({ EventID }) => EventID === 104 || EventID === 1102)
      .map(({ TimeCreated, EventID }) => [`${TimeCreated.replace(' ', 'T')}Z`, String(EventID)])
      .sort(),
  );
  assert.equal(clear.length, 2);
});

test('189 real alerts with JSON of many lines in quotes', { skip: skip(alerts) }, async () => {
  const findings = await collect({
    path: join(alerts, 'alertlist.csv'),
    columns: {
      id: 'SystemAlertId',
      title: 'AlertDisplayName',
      created_at: 'TimeGenerated',
      first_activity_at: 'StartTimeUtc',
      last_activity_at: 'EndTimeUtc',
      severity: 'Severity',
      product: 'VendorName',
      rule: 'AlertType',
      target: 'CompromisedEntity',
      tags: 'Entities',
    },
    values: { severity: { Informational: 1, Low: 'low', Medium: 'medium', High: 'high' } },
    time: { format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC' },
  });
  assert.equal(findings.length, 189);
  assert.equal(new Set(findings.map(({ title }) => title)).size, 66);
  assert.equal(findings.filter(({ severity }) => severity === 0).length, 0);
  const [first] = findings;
  assert.equal(first?.title, 'DC local group addition - Demo');
  assert.equal(first?.created_at, Date.parse('2019-01-12T06:41:44Z'));
  for (const { tags } of findings) for (const tag of tags) assert.ok(Array.isArray(JSON.parse(tag)));
});
