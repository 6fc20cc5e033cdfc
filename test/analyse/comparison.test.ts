import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePeriod, previousPeriod } from '../../src/period.ts';
import { rateRatio } from '../../src/analyse/stats/index.ts';
import { analysisOf, batch, client, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const before = previousPeriod(month);
const failed = '/api/siem/offenses answered 503: Service Unavailable. Try again later';

/** `perDay` findings on every day of both months, `perDayNow` on the days of October that are not among the missing. */
function twoMonths(perDayBefore: number, perDayNow: number, missing: readonly number[], reason = failed) {
  const days = [
    ...before.days.map((day) => ({ day, n: perDayBefore })),
    ...month.days.map((day, i) => ({ day, n: missing.includes(i) ? 0 : perDayNow })),
  ];
  const findings = days.flatMap(({ day, n }) =>
    Array.from({ length: n }, (_, i) => finding({ created_at: day.start + 3_600_000 * (i % 23) })),
  );
  const batches = [
    batch({ start: 0, end: before.end }),
    ...month.days.map((day, i) => batch(day, missing.includes(i) ? { status: 'failed', reason } : {})),
  ];
  const asOf = month.end + 3_600_000;
  return analysisOf(findings, '2026-10', zone, { view: viewOf(findings, batches, asOf), asOf, client: client(zone) });
}

test('one missing day: counts are compared as rates per complete day, and the reason stands once', () => {
  const analysis = twoMonths(10, 20, [13]);
  const entry = analysis.kpis['VOL-01'];
  assert.equal(entry?.status === 'partial' && entry.reason, '1 of 31 days not complete');
  assert.equal(entry?.change, 'clearly rose to 2 times as much per complete day');
  assert.equal(entry?.sentence, 'Findings created clearly rose to 2 times as much per complete day: 20 vs 10 (at least 600 in all).');
  assert.equal(analysis.incomplete, 'siem: 14 October 2026 could not be collected (the source answered 503)');
  assert.equal(analysis.marked, '1 of 31 days not complete');
  const { coverage, ...rest } = analysis;
  assert.equal(coverage[13]?.reason, failed);
  assert.doesNotMatch(JSON.stringify(rest), /api\/siem/);
});

test('the exposure is the complete days: a month with three days missing and the same rate shows no change', () => {
  const analysis = twoMonths(10, 10, [3, 4, 5]);
  assert.equal(analysis.kpis['VOL-01']?.change, 'no clear change per complete day');
  assert.equal(analysis.incomplete, 'siem: 4–6 October 2026 could not be collected (the source answered 503)');
  // What the same counts over whole months would have claimed: that they fell.
  const naive = rateRatio({ a: 300, exposureA: 30, b: 280, exposureB: 31, dispersion: 1 });
  assert.ok(naive.status === 'ok' && naive.ratio < 0.91);
});

test('below 70% of complete days nothing is compared, at 70% it is', () => {
  const open = (n: number) => Array.from({ length: n }, (_, i) => i);
  assert.equal(twoMonths(10, 20, open(10)).kpis['VOL-01']?.change, 'not comparable: only 21 of 31 days complete');
  assert.match(twoMonths(10, 20, open(9)).kpis['VOL-01']?.change ?? '', /rose to 2 times as much per complete day/);
});

test('rates are compared as they are, with the mark', () => {
  const entry = twoMonths(10, 20, [13]).kpis['VOL-02'];
  assert.equal(entry?.status, 'partial');
  assert.equal(entry?.change, 'no clear change');
});

test('scattered and differently failed days are each said in plain words', () => {
  assert.equal(
    twoMonths(1, 1, [0, 9], 'connection refused').incomplete,
    'siem: 2 of 31 days, the first 1 October 2026, could not be collected (the source refused the connection)',
  );
  assert.equal(twoMonths(1, 1, [0], 'quota of tenant 7').incomplete, 'siem: 1 October 2026 could not be collected');
});

test('weekends are no signal: five busy days a week, as every week, are no clear change', () => {
  const counts = [...before.days, ...month.days].flatMap((day) => {
    const weekend = Temporal.PlainDate.from(day.date).dayOfWeek > 5;
    return Array.from({ length: weekend ? 1 : 40 }, (_, i) => finding({ created_at: day.start + i * 60_000 }));
  });
  assert.equal(analysisOf(counts, '2026-10', zone).kpis['VOL-01']?.change, 'no clear change');
});

test('a change of the whole names the category that made most of it, a service level its target', () => {
  const rows = [...before.days.map((day) => ({ day, logons: 2, scans: 3 })), ...month.days.map((day) => ({ day, logons: 9, scans: 4 }))];
  const findings = rows.flatMap(({ day, logons, scans }) => [
    ...Array.from({ length: logons }, (_, i) => finding({ created_at: day.start + 3_600_000 * i, title: 'Logon failure' })),
    ...Array.from({ length: scans }, (_, i) => finding({ created_at: day.start + 3_600_000 * i, title: 'Port scan', severity: 4 })),
  ]);
  const sla = [
    {
      name: 'close in 1 h',
      metric: 'close',
      severity_at: 'start',
      target_s: 3600,
      clock: 'calendar',
      pause_on: new Set<never>(),
      goal: 0.95,
    },
  ] as const;
  const analysis = analysisOf(findings, '2026-10', zone, {
    view: viewOf(findings, [batch({ start: 0, end: month.end })], month.end + 3_600_000),
    categories: [{ category: 'Logon', when: { field: 'title', matches: 'logon' }, place: 'categories.yaml:2' }],
    client: { ...client(zone), sla: [...sla] },
  });
  // 30 days of September and 31 of October: +219 logons, +34 others.
  assert.match(analysis.kpis['VOL-01']?.sentence ?? '', /largest part “Logon” \(\+219 of \+253\)/);
  assert.equal(analysis.kpis['SLA-01']?.target, 0.95);
  assert.match(analysis.kpis['SLA-01']?.sentence ?? '', /target 95\s?% missed/);
});
