import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { Shift } from '../../src/config/index.ts';
import { hasValue } from '../../src/outcome.ts';
import { analysisOf, client, finding, type Sketch } from './view.ts';

const zone = 'Europe/Berlin';
const local = (text: string) => Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds;
const nine = [{ from: '09:00', to: '17:00' }];
const office = { zone, weekly: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine }, holidays: ['2026-10-06'], extra: [] };
const early: Shift = { name: 'early', days: [1, 2, 3, 4, 5], from: '06:00', to: '14:00', analysts: 2 };
const night: Shift = { name: 'night', days: [6], from: '22:00', to: '06:00', analysts: 1 };

function worked(sketches: readonly Sketch[], shifts: readonly Shift[] = [early], label = '2026-10', asOf?: number): Analysis {
  const rows = sketches.map((sketch) => finding({ created_at: local('2026-10-05T08:00'), ...sketch }));
  return analysisOf(rows, label, zone, { client: { ...client(zone), calendar: office, shifts }, ...(asOf === undefined ? {} : { asOf }) });
}

const figure = (analysis: Analysis, id: string) => {
  const entry = analysis.kpis[id];
  return entry && hasValue(entry) ? entry.value : entry?.status;
};
const touchedAt = (text: string): Sketch => ({ created_at: local(text) - 60_000, acknowledged_at: local(text) });

test('findings per analyst and shift: a shift without any is one of the shifts', () => {
  const shifts = ['05', '06', '07', '08', '09', '12', '13', '14'].map((date) => `2026-10-${date}T06:00`);
  const touches = shifts.slice(0, 5).flatMap((start) => Array.from({ length: 4 }, () => touchedAt(start)));
  const analysis = worked([...touches, touchedAt('2026-10-05T14:00'), touchedAt('2026-10-10T10:00')], [early], '2026-10-05..2026-10-14');
  assert.equal(figure(analysis, 'WRK-01'), 2); // 2 2 2 2 2 0 0 0
  assert.equal(analysis.kpis['WRK-01']?.n, 8);
  assert.equal(analysis.series['WRK-01.shifts']?.title, '8 shifts took on 20 findings');
});

test('a night shift runs into the next day and through the hour that is repeated', () => {
  const touches = ['2026-10-24T22:00', '2026-10-25T05:59', '2026-10-25T06:00'].map(touchedAt);
  const weeks = [{ ...night, days: [1, 2, 3, 4, 5, 6, 7] }];
  const analysis = worked(touches, weeks, '2026-10-19..2026-10-25');
  // The one that began on Sunday ends after the period and is not over at the data cut.
  assert.equal(worked(touches, weeks, '2026-10-19..2026-10-25', local('2026-10-26T00:30')).kpis['WRK-01']?.n, 6);
  assert.match(String(analysis.series['WRK-01.shifts']?.title), /took on 2 findings/);
});

test('without shifts, or too few of them, there is no figure', () => {
  assert.equal(figure(worked([touchedAt('2026-10-05T07:00')], []), 'WRK-01'), 'no-denominator');
  assert.equal(figure(worked([touchedAt('2026-10-05T07:00')], [early], '2026-10-05..2026-10-09'), 'WRK-01'), 'too-few');
});

test('after hours: nights, weekends and holidays', () => {
  const stamps = ['2026-10-05T09:00', '2026-10-05T16:59', '2026-10-05T17:00', '2026-10-06T12:00', '2026-10-10T12:00'];
  const rows = stamps.map((text) => ({ created_at: local(text) }));
  assert.equal(figure(worked(rows), 'WRK-04'), 3 / 5);
  const none = analysisOf(
    rows.map((row) => finding(row)),
    '2026-10',
    zone,
  );
  assert.deepEqual([figure(none, 'WRK-04'), figure(none, 'WRK-05')], ['no-denominator', 'no-denominator']);
});

test('the delay after hours is the difference of the two medians, with those that still wait', () => {
  const at = (text: string, minutes?: number): Sketch => ({
    created_at: local(text),
    ...(minutes === undefined ? {} : { acknowledged_at: local(text) + minutes * 60_000 }),
  });
  const days = [1, 2, 3, 4, 5, 6].map((minutes) => at('2026-10-05T10:00', minutes));
  const nights = [10, 20, 30, 40].map((minutes) => at('2026-10-05T20:00', minutes));
  const analysis = worked([...days, ...nights, at('2026-10-05T20:00'), at('2026-10-05T20:00')]);
  assert.equal(figure(analysis, 'WRK-05'), (30 - 3) * 60);
  assert.equal(figure(worked([...days, ...nights]), 'WRK-05'), 'too-few');
});

test('the delay has an interval around it where both medians have one', () => {
  const at = (text: string, minutes: number): Sketch => ({ created_at: local(text), acknowledged_at: local(text) + minutes * 60_000 });
  const twelve = Array.from({ length: 12 }, (_, i) => i + 1);
  const rows = [
    ...twelve.map((minutes) => at('2026-10-05T10:00', minutes)),
    ...twelve.map((minutes) => at('2026-10-05T20:00', minutes + 60)),
  ];
  const entry = worked(rows).kpis['WRK-05'];
  assert.ok(entry?.status === 'ok' && entry.low !== undefined && entry.high !== undefined);
  assert.equal(entry.value, 3600);
  assert.ok(entry.low > 0 && entry.low < 3600 && entry.high > 3600, `${entry.low} to ${entry.high}`);
});

test('the busiest fifth of eleven analysts is three', () => {
  const names = Array.from({ length: 11 }, (_, i) => `a${String(i).padStart(2, '0')}`);
  const rows = names.flatMap((assignee, i) => Array.from({ length: i < 3 ? 5 : 1 }, () => ({ assignee })));
  const analysis = worked([...rows, {}]);
  assert.equal(figure(analysis, 'WRK-02'), 15 / 23);
  assert.match(analysis.kpis['WRK-02']?.notes.join(' ') ?? '', /busiest fifth is 3 of 11 analysts/);
});

test('automation: only what no human had acknowledged', () => {
  const closed = { status: 'closed', closed_at: local('2026-10-05T09:00') } as const;
  const machine = { ...closed, closed_by_kind: 'automation' } as const;
  const rows: Sketch[] = [machine, { ...machine, acknowledged_at: local('2026-10-05T08:30') }, { ...closed, closed_by_kind: 'human' }];
  const analysis = worked(rows);
  assert.equal(figure(analysis, 'AUT-01'), 1 / 3);
  const cells = analysis.series['AUT-01.closers']?.groups[0]?.cells.map((cell) => 'value' in cell && cell.value);
  assert.deepEqual(cells, [1, 1, 1, 0]);
});
