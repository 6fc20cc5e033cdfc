import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossFoot } from '../../src/analyse/index.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, client, finding, monthly, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;
const engineer = { ...monthly, reader: 'engineer' } as const;

/** No figure, series or table may hold a number that is none. */
function sound(analysis: ReturnType<typeof analysisOf>): void {
  assert.doesNotMatch(
    JSON.stringify(analysis, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? 'BROKEN' : value)) ?? '',
    /BROKEN|NaN|Infinity/,
  );
  assert.deepEqual(crossFoot(analysis), []);
}

test('a period in the future: no data, and nothing of it is called silent, blind, unusual or changed', () => {
  const findings = [finding({ created_at: noon })];
  const asOf = noon + 3_600_000;
  const view = viewOf(findings, [batch({ start: 0, end: asOf }, { finished_at: asOf })], asOf);
  const analysis = analysisOf(findings, '2027-01', zone, { asOf, view, report: engineer });
  sound(analysis);
  assert.equal(analysis.kpis['VOL-01']?.status, 'no-data');
  assert.equal(analysis.kpis['BKL-01']?.status, 'no-data'); // what is open now says nothing about January
  for (const id of ['ANO-01', 'ANO-02', 'RUL-07', 'LOG-01', 'TUN-01', 'CHG-01']) assert.notEqual(analysis.kpis[id]?.status, 'ok', id);
  const blind = analysis.kpis['LOG-02'];
  assert.ok(blind === undefined || blind.status === 'no-data' || ('value' in blind && blind.value === 0), String(blind?.status));
});

test('a client without findings: every figure says 0 or why it is none', () => {
  const analysis = analysisOf([], '2026-10', zone, { report: engineer });
  sound(analysis);
  const status = (id: string) => analysis.kpis[id]?.status;
  assert.deepEqual(['RUL-02', 'RUL-07', 'ANO-01', 'ANO-02', 'TUN-02', 'TUN-03', 'LOG-01', 'ATT-03', 'QUA-06', 'DQ-03'].map(status), [
    'too-few',
    'too-few',
    'too-few',
    'no-data',
    'ok',
    'no-denominator',
    'too-few',
    'no-denominator',
    'no-denominator',
    'no-data',
  ]);
});

test('a source that was never collected: no data everywhere, and the whole time is blind', () => {
  const analysis = analysisOf([], '2026-10', zone, { view: viewOf([], []), report: engineer });
  sound(analysis);
  assert.equal(analysis.incomplete, 'siem: 1–31 October 2026 never collected');
  assert.ok(Object.values(analysis.kpis).every(({ status }) => status !== 'ok'));
  assert.deepEqual(analysis.tables['LOG-02.sources']?.rows, [{ source: 'siem', required: 'yes', hours: 31 * 24 + 1 }]);
});

test('two findings with one id, of two sources, are two; a status nobody knows is in no backlog and yet counted', () => {
  const twin = { created_at: noon, native_id: '7' };
  const analysis = analysisOf(
    [finding(twin), finding({ ...twin, source: 'edr' }), finding({ created_at: noon, status: 'unknown' })],
    '2026-10',
    zone,
    { client: client(zone, {}, ['siem', 'edr']) },
  );
  sound(analysis);
  const created = analysis.kpis['VOL-01'];
  assert.ok(created !== undefined && 'value' in created && created.value === 3);
  const open = analysis.kpis['BKL-01'];
  assert.ok(open !== undefined && 'value' in open && open.value === 2);
});

test('a day that does not exist: Apia had no 30 December 2011, and nothing is divided by it', () => {
  const apia = 'Pacific/Apia';
  const month = parsePeriod('2011-12', apia);
  const findings = month.days.flatMap((day) => [finding({ created_at: day.start, rules: [{ name: 'scan' }] })]);
  const analysis = analysisOf(findings, '2011-12', apia, { report: engineer });
  sound(analysis);
  assert.equal(month.days.length, 30);
  assert.equal(analysis.series['VOL-01.days']?.labels.includes('2011-12-30'), false);
  const created = analysis.kpis['VOL-01'];
  assert.equal(created?.status === 'ok' && created.value, 30);
});

test('missing, zero, negative and future stamps, and a close before creation, break no figure', () => {
  const odd = [Number.NaN, 0, -5, noon + 10 * 366 * 24 * 3_600_000].flatMap((stamp) => [
    finding({ created_at: stamp, rules: [{ name: 'scan' }] }),
    finding({ created_at: noon, closed_at: stamp, status: 'closed', verdict: 'true_positive', rules: [{ name: 'scan' }] }),
  ]);
  sound(analysisOf(odd, '2026-10', zone, { report: engineer }));
});

test('blind hours: an outage of five hours on the longest day of the year is five hours', () => {
  const month = parsePeriod('2026-10', zone);
  const night = month.days[24]?.start ?? 0; // 25 October, of 25 hours
  const batches = [batch({ start: 0, end: night }), batch({ start: night + 5 * 3_600_000, end: month.end })];
  const asOf = month.end + 3_600_000;
  const analysis = analysisOf([], '2026-10', zone, { view: viewOf([], batches, asOf), asOf });
  const entry = analysis.kpis['LOG-02'];
  assert.ok(entry !== undefined && 'value' in entry);
  assert.equal(entry.value, 5);
});
