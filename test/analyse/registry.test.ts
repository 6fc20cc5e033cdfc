import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { crossFoot } from '../../src/analyse/index.ts';
import type { Kpi } from '../../src/analyse/kpi.ts';
import { chapterTitles, registry } from '../../src/analyse/registry.ts';
import { questions } from '../../src/vendors/vendor.ts';
import { analysisOf, finding, monthly } from './view.ts';

const folder = new URL('../../src/analyse/chapters/', import.meta.url);
const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;
const some = [finding({ created_at: noon }), finding({ created_at: noon + 1, status: 'closed', closed_at: noon + 2 })];

test('every KPI of every file in the chapters folder is registered, once', async () => {
  const files = readdirSync(folder);
  const chapters = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<Record<string, Kpi[]>>));
  const written = chapters.flatMap((chapter) => Object.values(chapter).flat());
  assert.deepEqual(registry.map(({ id }) => id).sort(), written.map(({ id }) => id).sort());
  assert.equal(new Set(registry.map(({ id }) => id)).size, registry.length);
});

test('every definition says what a reader needs to check it', () => {
  for (const kpi of registry) {
    assert.match(kpi.id, /^[A-Z]{2,3}-\d{2}$/);
    assert.ok(chapterTitles.has(kpi.chapter), kpi.id);
    assert.ok(kpi.question.endsWith('?') && kpi.formula.length > 20 && kpi.statistic !== '' && kpi.sources.length > 0, kpi.id);
    assert.ok(
      kpi.needs.every((need) => questions.includes(need)),
      kpi.id,
    );
  }
});

test('what a KPI shows carries its id, states its finding in ten words, and is listed with it', () => {
  const analysis = analysisOf(some, '2026-10', 'Europe/Berlin', { report: { ...monthly, reader: 'engineer' } });
  for (const [id, drawn] of [...Object.entries(analysis.series), ...Object.entries(analysis.tables)]) {
    assert.ok(drawn.title.split(' ').length <= 10, drawn.title);
    assert.match(drawn.caption, /1\s?–\s?31 October 2026, Europe\/Berlin$/);
    assert.ok(analysis.kpis[id.split('.')[0] ?? ''], id);
  }
  for (const kpi of Object.values(analysis.kpis)) {
    assert.ok(kpi.series.every((id) => analysis.series[id]) && kpi.tables.every((id) => analysis.tables[id]), kpi.id);
  }
  assert.deepEqual(
    Object.keys(analysis.definitions),
    registry.flatMap(({ id, joined }) => (joined ? [] : [id])),
  );
});

test('a report prints only its reader’s KPIs of its own chapters, in its order', () => {
  const analysis = analysisOf(some, '2026-10', 'Europe/Berlin', {
    report: { ...monthly, reader: 'client', chapters: ['quality', 'volume'] },
  });
  assert.deepEqual(
    analysis.chapters.map(({ id }) => id),
    ['quality', 'volume'],
  );
  assert.equal(analysis.kpis['QUA-05'], undefined); // not for clients
  assert.equal(analysis.kpis['RUL-01'], undefined);
});

test('the same input gives the same bytes', () => {
  const bytes = () => JSON.stringify(analysisOf(some, '2026-10', 'Europe/Berlin'));
  assert.equal(bytes(), bytes());
});

test('a total that does not foot is named with both sums', () => {
  const analysis = analysisOf(some, '2026-10', 'Europe/Berlin');
  const cell = analysis.series['VOL-01.days']?.groups[0]?.cells[4];
  assert.ok(cell && 'value' in cell && cell.value === 2);
  cell.value = 1;
  assert.deepEqual(crossFoot(analysis), ['VOL-01.days adds up to 1, but VOL-01 is 2']);
});

test('the cell that does not foot is named: by itself, or by another drawing of the same total', () => {
  const analysis = analysisOf(some, '2026-10', 'Europe/Berlin');
  const day = analysis.series['VOL-01.days']?.groups[0]?.cells[4];
  assert.ok(day && 'value' in day);
  day.value = 3;
  assert.deepEqual(crossFoot(analysis), [
    'VOL-01.days, 2026-10-05 is 3, which is no part of VOL-01, 2',
    'VOL-01.days adds up to 3, but VOL-01 is 2',
  ]);
  day.value = 2;
  const [noon, one] = [12, 13].map((hour) => analysis.series['VOL-07.hours']?.groups[0]?.cells[hour]);
  assert.ok(noon && one && 'value' in noon && 'value' in one);
  [noon.value, one.value] = [noon.value - 1, one.value + 1]; // the sum still foots
  assert.deepEqual(crossFoot(analysis), [
    'VOL-07.hours has 1 at 12, but VOL-07.week has 2',
    'VOL-07.hours has 1 at 13, but VOL-07.week has 0',
  ]);
});

test('a table whose rows are all printed foots too', () => {
  const analysis = analysisOf(some, '2026-10', 'Europe/Berlin');
  const table = { id: 'X-01.rows', title: '', caption: '', columns: [], rows: [{ n: 1 }], sums_to: { kpi: 'VOL-01', column: 'n' } };
  assert.deepEqual(crossFoot({ ...analysis, tables: { x: { ...table, total_rows: 1 } } }), [
    'X-01.rows adds up to 1 in "n", but VOL-01 is 2',
  ]);
  assert.deepEqual(crossFoot({ ...analysis, tables: { x: { ...table, total_rows: 2 } } }), []);
});
