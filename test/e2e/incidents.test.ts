import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { desk, files } from './desk.ts';

const log = resolve(import.meta.dirname, '../../../shared/data/uci-incident-log/incident_event_log-5998rows-dd-mm-yyyy.csv');

const source = `    vendor: file
    path: ${log}
    time: { format: dd-MM-yyyy HH:mm, zone: America/New_York }
    kind: case
    unknown: ['?']
    columns:
      id: number
      title: category
      created_at: opened_at
      closed_at: resolved_at
      updated_at: sys_updated_at
      status: incident_state
      severity: priority
      assignee: assigned_to
    values:
      status: { New: new, Active: in_progress, Awaiting User Info: on_hold, Awaiting Problem: on_hold, Awaiting Vendor: on_hold, Resolved: resolved, Closed: closed }
      severity: { 1 - Critical: critical, 2 - High: high, 3 - Moderate: medium, 4 - Low: low }
`;

/** Counted again with nothing but a split at commas: no field of these columns holds one. */
function recount(): { perDay: Record<string, number>; perPriority: Record<string, number>; total: number } {
  const last = new Map<string, string[]>();
  for (const line of readFileSync(log, 'utf8').trim().split(/\r?\n/).slice(1)) {
    const cells = line.split(',');
    last.set(cells[0] ?? '', cells);
  }
  const perDay: Record<string, number> = {};
  const perPriority: Record<string, number> = {};
  for (const cells of last.values()) {
    const [day = '', month = '', year = ''] = (cells[9] ?? '').slice(0, 10).split('-');
    const date = `${year}-${month}-${day}`;
    perDay[date] = (perDay[date] ?? 0) + 1;
    const priority = cells[22] ?? '';
    perPriority[priority] = (perPriority[priority] ?? 0) + 1;
  }
  return { perDay, perPriority, total: last.size };
}

test('890 real incidents through the file vendor: the report agrees with an independent recount', async (t) => {
  if (!existsSync(log)) return t.skip('skipped: no real data here (shared/data/uci-incident-log)');
  const configuration = files(source);
  configuration['clients/acme.yaml'] = (configuration['clients/acme.yaml'] ?? '').replace('Europe/Berlin', 'America/New_York');
  const place = await desk(t, { files: configuration, now: '2017-06-01T00:00:00Z' });
  const collected = await place.collect('2016-02-29', '2016-03-02');
  assert.equal(collected.code, 0, collected.said);
  const reported = await place.report('2016-02-29..2016-03-02');
  assert.equal(reported.code, 0, reported.said);
  const { kpis, series, period } = JSON.parse(await readFile(join(reported.folder, 'report.json'), 'utf8'));
  const expected = recount();
  assert.deepEqual(expected.perDay, { '2016-02-29': 207, '2016-03-01': 315, '2016-03-02': 368 });
  assert.deepEqual([kpis['VOL-01'].status, kpis['VOL-01'].value, period.days], ['ok', expected.total, 3]);
  const perDay = Object.values(series).find((one) => isSeries(one) && one.axis === 'day' && one.id.startsWith('VOL-01'));
  assert.ok(isSeries(perDay));
  assert.deepEqual(Object.fromEntries(perDay.labels.map((day, index) => [day, perDay.groups[0]?.cells[index]?.value])), expected.perDay);
  const bySeverity = Object.values(series).find((one) => isSeries(one) && one.id.startsWith('VOL-02'));
  assert.ok(isSeries(bySeverity));
  const counts = bySeverity.groups
    .flatMap(({ cells }) => cells.map(({ value }) => value))
    .filter((value) => value !== undefined && value > 0);
  assert.deepEqual(counts.sort(), Object.values(expected.perPriority).sort());
});

interface SeriesJson {
  id: string;
  axis: string;
  labels: string[];
  groups: { cells: { value?: number }[] }[];
}

function isSeries(one: unknown): one is SeriesJson {
  return typeof one === 'object' && one !== null && 'groups' in one && 'id' in one;
}
