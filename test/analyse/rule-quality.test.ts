import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silenceProbability } from '../../src/analyse/stats/index.ts';
import type { Verdict } from '../../src/finding.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod, previousPeriod } from '../../src/period.ts';
import { analysisOf, batch, client, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const before = previousPeriod(month);
const days = [...before.days, ...month.days];
const noon = month.start + 36 * 3_600_000;

const closed = (rule: string, verdict: Verdict | null) =>
  finding({ created_at: noon, closed_at: noon + 1000, status: 'closed', verdict, rules: [{ name: rule }] });
const several = (rule: string, verdict: Verdict | null, n: number) => Array.from({ length: n }, () => closed(rule, verdict));

test('oracle, Wilson 3 of 12: a precision with its interval, and 9 judged findings are too thin for one', () => {
  const findings = [
    ...several('a', 'true_positive', 3),
    ...several('a', 'false_positive', 5),
    ...several('a', 'benign_positive', 4),
    ...several('a', null, 7),
    ...several('thin', 'false_positive', 9),
  ];
  const analysis = analysisOf(findings, '2026-10', zone);
  const rows = analysis.tables['RUL-02.rules']?.rows ?? [];
  const a = rows.find(({ rule }) => rule === 'a');
  assert.deepEqual([a?.real, a?.benign, a?.wrong, a?.unjudged, a?.precision, a?.correct], [3, 4, 5, 7, 0.25, 7 / 12]);
  assert.deepEqual([Number(a?.low).toFixed(4), Number(a?.high).toFixed(4)], ['0.0889', '0.5323']);
  const thin = rows.find(({ rule }) => rule === 'thin');
  assert.deepEqual([thin?.precision, thin?.low, thin?.high], [null, null, null]);
  const entry = analysis.kpis['RUL-02'];
  assert.deepEqual([entry?.status === 'ok' && entry.value, entry?.status === 'ok' && entry.n], [0, 1]); // up to 53% may be real
  assert.deepEqual(entry?.notes, ['1 rule with fewer than 10 judged findings: too thin for a share.']);
});

test('mostly noise is what surely is: 3 of 13 are not yet, 1 of 13 are', () => {
  const value = (real: number) => {
    const entry = analysisOf([...several('a', 'true_positive', real), ...several('a', 'false_positive', 13 - real)], '2026-10', zone).kpis[
      'RUL-02'
    ];
    return entry?.status === 'ok' ? entry.value : entry?.status;
  };
  assert.deepEqual([value(3), value(4), value(1)], [0, 0, 1]);
  assert.equal(analysisOf(several('a', 'true_positive', 9), '2026-10', zone).kpis['RUL-02']?.status, 'too-few');
});

test('RUL-03: noise at the stated minutes, which are said', () => {
  const findings = [
    ...several('a', 'false_positive', 6),
    ...several('b', 'benign_positive', 2),
    ...several('a', 'true_positive', 50),
    ...several('a', null, 9),
  ];
  const analysis = analysisOf(findings, '2026-10', zone, { client: { ...client(zone), minutes_per_finding: 30 } });
  const entry = analysis.kpis['RUL-03'];
  assert.equal(entry?.status === 'ok' && entry.value, 4);
  assert.match(entry?.notes.join() ?? '', /Assumed: 30 minutes/);
  assert.equal(analysis.series['RUL-03.rules']?.title, 'a costs 3 h');
});

test('precision per rule, counted once more with plain loops', () => {
  const verdict = fc.constantFrom<Verdict | null>('true_positive', 'benign_positive', 'false_positive', 'undetermined', 'duplicate', null);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.subarray(['a', 'b', 'c']), verdict), { maxLength: 50 }), (rows) => {
      const findings = rows.map(([rules, given]) => ({ ...closed('x', given), rules: rules.map((name) => ({ name })), title: 'titled' }));
      const table = analysisOf(findings, '2026-10', zone).tables['RUL-02.rules']?.rows ?? [];
      for (const name of ['a', 'b', 'c', 'titled']) {
        const own = rows.filter(([rules]) => (rules.length === 0 ? name === 'titled' : rules.includes(name)));
        const n = (...wanted: string[]) => own.filter(([, given]) => given !== null && wanted.includes(given)).length;
        const row = table.find(({ rule }) => rule === name);
        if (own.length === 0) assert.equal(row, undefined);
        else
          assert.deepEqual(
            [row?.real, row?.benign, row?.wrong, row?.unjudged],
            [
              n('true_positive'),
              n('benign_positive'),
              n('false_positive'),
              own.length - n('true_positive', 'benign_positive', 'false_positive'),
            ],
          );
      }
    }),
    { numRuns: 30 },
  );
});

/** A finding of a rule at noon of each day of the history that passes. */
const onDays = (rule: string, passes: (day: number) => boolean) =>
  days.flatMap((day, i) =>
    passes(i) ? [finding({ created_at: day.start + 43_200_000, rules: [{ name: rule }], log_sources: [`log of ${rule}`] })] : [],
  );

test('oracle: at half a finding a day, 7 days of silence are 3.0%, 10 are 0.67%, 14 are 0.09%', () => {
  assert.deepEqual(
    [7, 10, 14].map((gap) => (silenceProbability(0.5 * gap, 1) * 100).toFixed(2)),
    ['3.02', '0.67', '0.09'],
  );
});

test('RUL-07 and LOG-01: silent for 11 of 61 days at one every second day is told, for 8 it is not', () => {
  const findings = [
    ...onDays('quiet', (day) => day % 2 === 0 && day < 50),
    ...onDays('late', (day) => day % 2 === 0 && day < 53),
    ...onDays('alive', () => true),
  ];
  const analysis = analysisOf(findings, '2026-10', zone);
  const rows = analysis.tables['RUL-07.rules']?.rows ?? [];
  assert.deepEqual(
    rows.map(({ name, gap, lastDay }) => [name, gap, lastDay]),
    [['quiet', 12, '2026-10-19']],
  );
  // Weekday by weekday: how many of its days so far had one, summed over the 12 silent days.
  const share = (weekday: number) => {
    const own = Array.from({ length: 49 }, (_, day) => day).filter((day) => day % 7 === weekday);
    return own.filter((day) => day % 2 === 0).length / own.length;
  };
  const expected = Array.from({ length: 12 }, (_, i) => share((49 + i) % 7)).reduce((a, b) => a + b);
  assert.ok(Math.abs(Number(rows[0]?.probability) - Math.exp(-expected)) < 1e-12);
  const log = analysis.kpis['LOG-01'];
  assert.equal(log?.status === 'ok' && log.value, 2 / 3);
  assert.match(log?.notes.join() ?? '', /not available from the source/);
});

test('days that were not collected are no silence', () => {
  const findings = onDays('quiet', (day) => day % 2 === 0 && day < 50);
  const asOf = month.end + 1;
  const lastCollected = days[51]?.end ?? 0;
  const batches = [
    batch({ start: 0, end: lastCollected }),
    batch({ start: lastCollected, end: month.end }, { status: 'failed', reason: 'down' }),
  ];
  const entry = analysisOf(findings, '2026-10', zone, { view: viewOf(findings, batches, asOf), asOf }).kpis['RUL-07'];
  assert.equal(entry && hasValue(entry) && entry.value, 0);
});

test('a rule of working days is not silent on the weekend that ends the period, and bursts are no rate', () => {
  const isWorkday = (day: number) => Temporal.PlainDate.from(days[day]?.date ?? '').dayOfWeek < 6;
  const office = Array.from({ length: 8 }, () => onDays('office', isWorkday)).flat(); // 31 October is a Saturday
  const bursts = Array.from({ length: 40 }, () => onDays('bursts', (day) => day % 20 === 0)).flat();
  const entry = analysisOf([...office, ...bursts], '2026-10', zone).kpis['RUL-07'];
  assert.deepEqual([entry?.status === 'ok' && entry.value, entry?.status === 'ok' && entry.n], [0, 2]);
  assert.ok(silenceProbability(5, 4) > silenceProbability(5, 1));
});

test('a rule with nine findings, or seen over six days only, is no rule with a rate', () => {
  const few = onDays('few', (day) => day < 9);
  const brief = Array.from({ length: 30 }, () => onDays('brief', (day) => day === 3)).flat();
  assert.equal(analysisOf([...few, ...brief], '2026-10', zone).kpis['RUL-07']?.status, 'too-few');
});
