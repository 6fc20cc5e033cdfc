import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, finding, monthly, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const history = parsePeriod('2026-08-06..2026-10-31', zone);
const days = history.days; // 56 of them before October
const month = parsePeriod('2026-10', zone);
const asOf = month.end + 3_600_000;

const findingsOf = (counts: readonly (number | null)[]) =>
  counts.flatMap((n, day) => Array.from({ length: n ?? 0 }, (_, i) => finding({ created_at: (days[day]?.start ?? 0) + i * 1000 })));

/** null: the day was never collected. */
function driftOf(counts: readonly (number | null)[]) {
  const findings = findingsOf(counts);
  const batches = days.flatMap(({ start, end }, i) =>
    counts[i] === null ? [] : [batch({ start, end }, { id: i + 1, started_at: asOf - 2, finished_at: asOf - 1 })],
  );
  const report = { ...monthly, reader: 'engineer' as const };
  const analysis = analysisOf(findings, '2026-10', zone, { since: history.start, view: viewOf(findings, batches, asOf), asOf, report });
  return { entry: analysis.kpis['ANO-03'], series: analysis.series['ANO-03.days'] };
}

const figure = (entry: ReturnType<typeof driftOf>['entry']) => (entry !== undefined && 'value' in entry ? entry.value : entry?.status);

interface Point {
  value: number;
  low: number;
  high: number;
}

/** All of it once more, day by day. */
function naive(counts: readonly (number | null)[]): (Point | undefined)[] | undefined {
  const before = counts.slice(0, 56).flatMap((n, i) => (n === null ? [] : [{ n, weekday: i % 7 }]));
  if (before.length < 28) return undefined;
  const usual = before.reduce((sum, { n }) => sum + n, 0) / before.length;
  const weekday = (day: number) => {
    const own = before.filter((one) => one.weekday === day % 7);
    return own.length === 0 ? undefined : own.reduce((sum, { n }) => sum + n, 0) / own.length;
  };
  const squares = before.reduce((sum, one) => sum + (one.n - (weekday(one.weekday) ?? 0)) ** 2, 0);
  const freedom = before.length - new Set(before.map((one) => one.weekday)).size;
  const variance = usual === 0 ? 0.5 : Math.max(squares / freedom, usual) * (Math.max(usual, 0.5) / usual);
  const points: (Point | undefined)[] = [];
  const steps: number[] = [];
  for (let day = 56; day < counts.length; day += 1) {
    const n = counts[day] ?? null;
    const mean = weekday(day);
    if (n === null || mean === undefined) points.push(undefined);
    else {
      steps.push(n - mean);
      // The average as one weighted sum instead of step by step, its variance as the sum of the squared weights.
      const value = usual + steps.reduce((sum, step, i) => sum + step * 0.2 * 0.8 ** (steps.length - 1 - i), 0);
      const weights = steps.reduce((sum, _, i) => sum + (0.2 * 0.8 ** i) ** 2, 0);
      const half = 3 * Math.sqrt(variance * weights);
      points.push({ value, high: usual + half, low: usual - half });
    }
  }
  return points;
}

test('ANO-03 is the weighted sum that an EWMA stands for, with the days that are not known left out of it', () => {
  const count = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 9 }) }, { weight: 1, arbitrary: fc.constant(null) });
  fc.assert(
    fc.property(fc.array(count, { minLength: 87, maxLength: 87 }), fc.integer({ min: 0, max: 6 }), (base, more) => {
      const counts = base.map((n, i) => (n === null ? null : n + (i % 7 === 2 ? 6 : 0) + (i > 70 ? more : 0)));
      const expected = naive(counts);
      const { entry, series } = driftOf(counts);
      if (expected === undefined) return assert.equal(figure(entry), 'too-few');
      const known = expected.filter((point) => point !== undefined);
      assert.equal(figure(entry), known.filter(({ value, low, high }) => value < low || value > high).length);
      assert.equal(entry !== undefined && 'n' in entry && entry.n, known.length);
      for (const [group, name] of (['value', 'low', 'high'] as const).entries()) {
        for (const [i, cell] of (series?.groups[group]?.cells ?? []).entries()) {
          const point: Point | undefined = expected[i];
          if (point === undefined) assert.equal(cell.status, 'no-data');
          else assert.ok('value' in cell && Math.abs(cell.value - Math.max(name === 'low' ? 0 : -Infinity, point[name])) < 1e-9);
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('a third more from the fifteenth on is seen, though no day is unusual by itself; a busy weekday is no drift', () => {
  const level = (day: number) => 30 + (day % 7 === 3 ? 40 : 0) + (day % 5) * 2;
  const flat = driftOf(days.map((_, day) => level(day)));
  assert.equal(figure(flat.entry), 0);
  assert.equal(flat.series?.title, 'The volume stays in its band');
  const risen = driftOf(days.map((_, day) => level(day) + (day >= 70 ? 10 : 0)));
  assert.ok(Number(figure(risen.entry)) >= 10);
  assert.match(String(risen.series?.title), /^Volume above its band from 1[5-9] October 2026$/);
  assert.match(String(driftOf(days.map((_, day) => level(day) - (day >= 70 ? 10 : 0))).series?.title), /^Volume below its band/);
});

test('without four known weeks before there is no drift to tell, and none is 0', () => {
  assert.equal(figure(driftOf(days.map((_, day) => (day < 29 ? null : 5))).entry), 'too-few');
  assert.equal(figure(driftOf(days.map((_, day) => (day < 28 ? null : 5))).entry), 0);
});
