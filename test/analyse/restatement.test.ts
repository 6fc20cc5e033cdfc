import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const september = parsePeriod('2026-09', zone);
const october = parsePeriod('2026-10', zone);
const issued = september.end + 3_600_000;
const later = october.end + 3_600_000;
const noon = (day: number) => (september.days[day]?.start ?? 0) + 43_200_000;

type Row = ReturnType<typeof finding> & { first_seen_at: number; seen_at: number };

/** A finding as the store knows it: when it was first seen, and when this version of it was. */
const seen = (sketch: Parameters<typeof finding>[0], first_seen_at: number, seen_at = first_seen_at): Row => ({
  ...finding(sketch),
  first_seen_at,
  seen_at,
});

const analysed = (label: string, rows: readonly Row[], asOf: number, rest: { lastEdition?: Analysis } = {}) =>
  analysisOf(rows, label, zone, {
    view: viewOf(rows, [batch({ start: 0, end: october.end }, { finished_at: asOf })], asOf),
    asOf,
    ...rest,
  });

const open = (day: number) => seen({ created_at: noon(day) }, noon(day) + 1);
const then = analysed('2026-09', [open(1), open(2)], issued);

function restated(rows: readonly Row[]): [unknown, unknown, unknown, unknown][] {
  const analysis = analysed('2026-10', rows, later, { lastEdition: then });
  return analysis.tables['DQ-03.figures']?.rows.map(({ name, reported, now, cause }) => [name, reported, now, cause]) ?? [];
}

test('nothing changed: the last report still holds', () => {
  const analysis = analysed('2026-10', [open(1), open(2)], later, { lastEdition: then });
  const entry = analysis.kpis['DQ-03'];
  assert.equal(entry?.status === 'ok' && entry.value, 0);
  assert.ok(entry?.status === 'ok' && entry.n > 10);
  assert.equal(analysis.tables['DQ-03.figures']?.title, 'The last report still holds');
});

test('a finding that came late: created and open are restated, with that cause', () => {
  const rows = restated([open(1), open(2), seen({ created_at: noon(3) }, issued + 1)]);
  assert.deepEqual(
    rows.find(([name]) => name === 'Findings created'),
    ['Findings created', '2', '3', 'late arrival (1 finding)'],
  );
});

test('a close that became known late: closings are restated, creations are not', () => {
  const rows = restated([open(1), seen({ created_at: noon(2), status: 'closed', closed_at: noon(4) }, noon(2) + 1, issued + 1)]);
  assert.deepEqual(
    rows.find(([name]) => name === 'Findings closed'),
    ['Findings closed', '0', '1', 'late closure or verdict (1 finding)'],
  );
  assert.equal(
    rows.find(([name]) => name === 'Findings created'),
    undefined,
  );
});

test('a severity raised since: changed, and no late arrival', () => {
  const rows = restated([open(1), seen({ created_at: noon(2), severity: 5 }, noon(2) + 1, issued + 1)]);
  assert.deepEqual(
    rows.find(([name]) => name === 'High or worse severity'),
    ['High or worse severity', '0%', '50%', 'changed or re-tagged since (1 finding)'],
  );
});

test('the same findings under other tag rules: the rules changed', () => {
  const rows = [open(1), open(2)];
  const categories = [{ category: 'Scan', when: { field: 'title', contains: 'Scanner' }, place: 'categories.yaml:1' }] as const;
  const view = viewOf(rows, [batch({ start: 0, end: october.end }, { finished_at: later })], later);
  const analysis = analysisOf(rows, '2026-10', zone, { view, asOf: later, lastEdition: then, categories });
  const row = analysis.tables['DQ-03.figures']?.rows.find(({ name }) => name === 'Findings in no category');
  assert.deepEqual([row?.reported, row?.now, row?.cause], ['100%', '0%', 're-tag: the rules or the configuration changed']);
});

test('without an edition of the period before there is nothing to hold against', () => {
  assert.equal(analysed('2026-10', [open(1)], later).kpis['DQ-03']?.status, 'no-data');
  const foreign = { ...then, period: { ...then.period, label: '2026-08' } };
  assert.equal(analysed('2026-10', [open(1)], later, { lastEdition: foreign }).kpis['DQ-03']?.status, 'no-data');
});
