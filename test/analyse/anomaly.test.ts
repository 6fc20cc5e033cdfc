import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { negativeBinomialLimit, negativeBinomialTail } from '../../src/analyse/stats/index.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const since = month.start - 56 * 24 * 3_600_000;
const history = parsePeriod('2026-08-06..2026-10-31', zone);

const many = (day: number, n: number, rule = 'scan') =>
  Array.from({ length: n }, (_, i) =>
    finding({ created_at: (history.days[day]?.start ?? 0) + i * 60_000, rules: [{ name: rule }], title: rule }),
  );
const usual = (n: number) => history.days.flatMap((_, day) => many(day, n + (day % 3)));

function value(analysis: Analysis, kpi: string): number | string {
  const entry = analysis.kpis[kpi];
  return entry !== undefined && hasValue(entry) ? entry.value : String(entry?.status);
}

test('the tail of a negative binomial, against term by term multiplication', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.double({ min: 0.5, max: 40, noNaN: true }),
      fc.constantFrom(1, 1.5, 3, 6),
      (k, mean, phi) => {
        // P(X = i) by recursion from P(X = 0), the other way round than the code goes.
        let term = phi === 1 ? Math.exp(-mean) : phi ** (-mean / (phi - 1));
        let below = 0;
        for (let i = 0; i < k; i += 1) {
          below += term;
          term *= phi === 1 ? mean / (i + 1) : ((i + mean / (phi - 1)) / (i + 1)) * (1 - 1 / phi);
        }
        assert.ok(Math.abs(negativeBinomialTail(k, mean, phi) - (1 - below)) < 1e-9);
      },
    ),
  );
});

test('oracle: mean 12 has the limits 24, 38 and 54 at dispersion 1, 3 and 6, and their tails are below 0.1 %', () => {
  assert.deepEqual(
    [1, 3, 6].map((phi) => negativeBinomialLimit(12, phi)),
    [24, 38, 54],
  );
  for (const phi of [1, 3, 6]) assert.ok(negativeBinomialTail(negativeBinomialLimit(12, phi) + 1, 12, phi) <= 0.001);
});

test('a day with five times the usual is a spike of its rule, with what was usual and the limit; noise is none', () => {
  const spike = many(70, 45); // 15 October
  const analysis = analysisOf([...usual(8), ...spike], '2026-10', zone, { since });
  const rows = analysis.tables['ANO-01.spikes']?.rows ?? [];
  assert.deepEqual(
    rows.find(({ kind }) => kind === 'Rule'),
    { day: '2026-10-15', kind: 'Rule', name: 'scan', n: 54, expected: 9, limit: 20, z: (0.6745 * (54 - 9)) / 1 },
  );
  assert.ok(rows.every(({ day }) => day === '2026-10-15'));
  assert.match(analysis.series['ANO-01.worst']?.title ?? '', /54, usual 9$/);
  assert.equal(value(analysisOf(usual(8), '2026-10', zone, { since }), 'ANO-01'), 0);
});

test('a jump from 1 to 4 is no spike, nor is twice as much, however regular the days before were', () => {
  assert.equal(value(analysisOf([...usual(0), ...many(70, 4, 'scan')], '2026-10', zone, { since }), 'ANO-01'), 0);
  assert.equal(value(analysisOf([...usual(40), ...many(70, 45)], '2026-10', zone, { since }), 'ANO-01'), 0);
});

test('a weekday that always varies so much has no spike; where its days are all alike the limit alone decides', () => {
  const october15 = 70;
  const thursdays = (n: (week: number) => number) =>
    history.days.flatMap((_, day) => (day % 7 !== 0 ? many(day, 20) : many(day, day === october15 ? 60 : n(day / 7))));
  const varying = analysisOf(
    thursdays((week) => (week % 2 === 0 ? 2 : 30)),
    '2026-10',
    zone,
    { since },
  );
  assert.equal(value(varying, 'ANO-01'), 0); // 16 ± 14 are usual: 60 is 2.1 robust deviations away, though above the limit
  const alike = analysisOf(
    thursdays(() => 16),
    '2026-10',
    zone,
    { since },
  );
  const rows = alike.tables['ANO-01.spikes']?.rows ?? [];
  assert.deepEqual(
    rows.map(({ day, n, expected, z }) => [day, n, expected, z]),
    rows.map(() => ['2026-10-15', 60, 16, null]),
  );
  assert.equal(rows.length > 0, true);
});

test('every Thursday is busy: that is usual for a Thursday', () => {
  const thursdays = history.days.flatMap((day, i) => many(i, Temporal.PlainDate.from(day.date).dayOfWeek === 4 ? 60 : 5));
  assert.equal(value(analysisOf(thursdays, '2026-10', zone, { since }), 'ANO-01'), 0);
});

test('with fewer than four earlier weeks nothing is judged, and days that were not collected are no zeros', () => {
  const short = month.start - 20 * 24 * 3_600_000;
  assert.equal(value(analysisOf(many(60, 3), '2026-W40', zone, { since: short }), 'ANO-01'), 'too-few');
  // Half of the days before were never collected: the rest still says what is usual, 9 and not 0.
  const findings = [...usual(8), ...many(70, 45)].filter(({ created_at }) => created_at >= (history.days[28]?.start ?? 0));
  const asOf = month.end + 3_600_000;
  const view = viewOf(findings, [batch({ start: history.days[28]?.start ?? 0, end: month.end })], asOf);
  const row = analysisOf(findings, '2026-10', zone, { since, view, asOf }).tables['ANO-01.spikes']?.rows.find(
    ({ kind }) => kind === 'Rule',
  );
  assert.equal(row?.expected, 9);
});

/** Findings at one hour, each naming a user. */
const logons = (hour: number, users: readonly string[], from = month.start) =>
  users.map((user, i) =>
    finding({
      created_at: from + hour * 3_600_000 + i * 1000,
      title: 'logon',
      entities: [
        { type: 'user', value: user },
        { type: 'ip', value: '10.6.6.6', role: 'actor' },
      ],
    }),
  );
const people = Array.from({ length: 20 }, (_, i) => `user${i}`);

test('ANO-02: twenty accounts once each within an hour is spraying, one account twenty times is not', () => {
  const quiet = Array.from({ length: 40 }, (_, i) => logons(i * 5, ['ann'])).flat();
  const sprayed = analysisOf([...quiet, ...logons(300, people)], '2026-10', zone);
  assert.equal(value(sprayed, 'ANO-02'), 1);
  const [row] = sprayed.tables['ANO-02.hours']?.rows ?? [];
  assert.deepEqual([row?.from, row?.n, row?.users, row?.sources], [new Date(month.start + 300 * 3_600_000).toISOString(), 20, 20, 1]);
  assert.equal(
    value(
      analysisOf(
        [
          ...quiet,
          ...logons(
            300,
            people.map(() => 'ann'),
          ),
        ],
        '2026-10',
        zone,
      ),
      'ANO-02',
    ),
    0,
  );
  const often = Array.from({ length: 6 }, () => people.slice(0, 5)).flat();
  assert.equal(value(analysisOf([...quiet, ...logons(300, often)], '2026-10', zone), 'ANO-02'), 0);
  assert.equal(value(analysisOf([...quiet, ...logons(300, people.slice(0, 4))], '2026-10', zone), 'ANO-02'), 0);
});

test('ANO-02: an hour like every other is no growth, and without accounts there is nothing to say', () => {
  const always = Array.from({ length: 300 }, (_, hour) => logons(hour, people)).flat();
  assert.equal(value(analysisOf(always, '2026-10', zone), 'ANO-02'), 1); // the very first, after a quiet September
  assert.equal(value(analysisOf(usual(2), '2026-10', zone), 'ANO-02'), 'no-data');
});
