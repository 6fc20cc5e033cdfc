import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { repeatsOf, timeOrder } from '../../src/analyse/tuning/repeats.ts';
import type { Verdict } from '../../src/finding.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod, previousPeriod } from '../../src/period.ts';
import { analysisOf, client, finding } from './view.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const before = previousPeriod(month);
// 61 days of history: chosen on the first 42, judged on the last 19 (from 13 October).
const days = [...before.days, ...month.days];

/** One finding of a rule from a source at noon of a day of the history, closed with a verdict a minute later. */
function closed(day: number, verdict: Verdict | null, rest: Parameters<typeof finding>[0] | Record<string, unknown> = {}) {
  const created_at = (days[day]?.start ?? Number.NaN) + 12 * 3_600_000;
  return finding({
    created_at,
    closed_at: created_at + 60_000,
    status: 'closed',
    verdict,
    rules: [{ name: 'scan' }],
    entities: [{ type: 'ip', value: '10.0.0.1', role: 'actor' }],
    native_id: `${day}`,
    ...rest,
  });
}

const everyDay = (verdict: Verdict | null, perDay = 2) =>
  days.flatMap((_, day) => Array.from({ length: perDay }, () => closed(day, verdict)));

function candidate(analysis: Analysis, name: string) {
  return analysis.tables['TUN-01.candidates']?.rows.find((row) => row.candidate === name);
}

function value(analysis: Analysis, kpi: string): number {
  const entry = analysis.kpis[kpi];
  assert.ok(entry && hasValue(entry), `${kpi}: ${entry?.status}`);
  return entry.value;
}

test('accepted: 38 verdicts in the holdout, none of them real, leave at most 7.6% possible', () => {
  const analysis = analysisOf(everyDay('false_positive'), '2026-10', zone);
  const row = candidate(analysis, 'scan: source 10.0.0.1');
  assert.deepEqual([row?.suppressed, row?.noise, row?.real, row?.unjudged], [38, 38, 0, 0]);
  assert.ok(Math.abs(Number(row?.bound) - (1 - 0.05 ** (1 / 38))) < 1e-12);
  assert.match(String(row?.verdict), /^accepted/);
  assert.equal(value(analysis, 'TUN-01'), (38 * 15) / 60);
});

test('one real finding in the holdout, or already in the training part, and its id is what would have been hidden', () => {
  for (const day of [50, 3]) {
    const analysis = analysisOf([...everyDay('false_positive'), closed(day, 'true_positive', { native_id: 'real-one' })], '2026-10', zone);
    assert.equal(candidate(analysis, 'scan: source 10.0.0.1')?.verdict, 'would have hidden: real-one');
    assert.equal(value(analysis, 'TUN-01'), 0);
  }
});

test('what was escalated counts as real, whatever its verdict', () => {
  const analysis = analysisOf(
    [...everyDay('false_positive'), closed(55, null, { escalated: true, native_id: 'handed-on' })],
    '2026-10',
    zone,
  );
  assert.equal(candidate(analysis, 'scan: source 10.0.0.1')?.verdict, 'would have hidden: handed-on');
});

test('29 verdicts are too few, 30 are enough; what nobody judged is no verdict', () => {
  const some = (judged: number) => {
    const train = days.slice(0, 42).flatMap((_, day) => [closed(day, 'false_positive')]);
    const holdout = Array.from({ length: 40 }, (_, i) => closed(42 + (i % 19), i < judged ? 'benign_positive' : null));
    return candidate(analysisOf([...train, ...holdout], '2026-10', zone), 'scan: source 10.0.0.1');
  };
  assert.equal(some(29)?.verdict, 'too few verdicts to decide (29 of 30)');
  assert.match(String(some(30)?.verdict), /^accepted/);
  assert.equal(some(30)?.unjudged, 10);
});

test('two accepted candidates that cover the same findings save them once', () => {
  const both = everyDay('false_positive').map((one) => ({
    ...one,
    entities: [...one.entities, { type: 'user' as const, value: 'svc-backup' }],
  }));
  const analysis = analysisOf(both, '2026-10', zone);
  assert.match(String(candidate(analysis, 'scan: user svc-backup')?.verdict), /^accepted/);
  assert.equal(value(analysis, 'TUN-01'), (38 * 15) / 60);
});

test('a real finding that repeats a kept real one is not lost, one that repeats noise is', () => {
  const near = (day: number, minutes: number, verdict: Verdict, native_id: string) => {
    const one = closed(day, verdict, { native_id });
    return { ...one, created_at: one.created_at + minutes * 60_000, closed_at: (one.closed_at ?? 0) + minutes * 60_000 };
  };
  const noise = days.flatMap((_, day) => [near(day, 0, 'false_positive', 'a'), near(day, 1, 'false_positive', 'b')]);
  const kept = [near(50, 600, 'true_positive', 'first'), near(50, 601, 'true_positive', 'second')];
  assert.match(String(candidate(analysisOf([...noise, ...kept], '2026-10', zone), 'scan: repeats within 4 h')?.verdict), /^too few/);
  const hidden = [near(50, 2, 'true_positive', 'behind noise')];
  assert.equal(
    candidate(analysisOf([...noise, ...hidden], '2026-10', zone), 'scan: repeats within 4 h')?.verdict,
    'would have hidden: behind noise',
  );
});

test('under 14 days of history nothing is tuned', () => {
  const week = parsePeriod('2026-W42', zone);
  const analysis = analysisOf(everyDay('false_positive'), '2026-W42', zone, { since: week.start });
  assert.equal(analysis.kpis['TUN-01']?.status, 'too-few');
});

test('repeats: whatever the times and keys, the same as looking back one by one', () => {
  const hour = 3_600_000;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), fc.integer({ min: 0, max: 60 })), { maxLength: 40 }),
      fc.integer({ min: 0, max: 9 }),
      (rows, window) => {
        const keys = Int32Array.from(rows, ([key]) => key);
        const times = Float64Array.from(rows, ([, quarter]) => quarter * (hour / 4));
        const order = timeOrder(times);
        const ordered = rows.map((_, place) => place).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
        assert.deepEqual([...order], ordered);
        const expected = rows.map(() => -1);
        ordered.forEach((place, i) => {
          const earlier = ordered.slice(0, i).findLast((other) => keys[other] === keys[place] && expected[other] === -1);
          if ((keys[place] ?? -1) < 0 || earlier === undefined) return;
          if ((times[place] ?? 0) - (times[earlier] ?? 0) <= window * hour) expected[place] = earlier;
        });
        for (const size of [4, 2 ** 23]) assert.deepEqual([...repeatsOf(keys, size, times, order, window * hour)], expected);
      },
    ),
  );
});

test('TUN-02: an hour, four and a day of grouping', () => {
  const start = month.start;
  const hours = [0, 0.5, 3, 5, 30];
  const findings = hours.map((at) => closed(0, null, { created_at: start + at * 3_600_000, status: 'new', closed_at: undefined }));
  const analysis = analysisOf([...findings, closed(0, null, { created_at: start, entities: [] })], '2026-10', zone);
  assert.deepEqual(
    analysis.series['TUN-02.windows']?.groups[0]?.cells.map((cell) => ('value' in cell ? cell.value : null)),
    [1, 2, 3],
  );
  assert.equal(value(analysis, 'TUN-02'), 2);
});

test('TUN-03: what an adopted tuning did, per complete day, with the real findings of its rule on either side', () => {
  const tuning = { rule: 'scan', source: '10.0.0.1', from: '2026-10-01', owner: 'ann', expires: '2026-10-15' };
  const findings = days.flatMap((_, day) => [
    ...Array.from({ length: day < 30 ? 10 : 2 }, () => closed(day, 'false_positive')),
    closed(day, 'true_positive', { entities: [{ type: 'ip', value: '10.9.9.9', role: 'actor' }] }),
  ]);
  const analysis = analysisOf(findings, '2026-10', zone, { client: { ...client(zone), tunings: [tuning] } });
  const [row] = analysis.tables['TUN-03.effects']?.rows ?? [];
  assert.deepEqual([row?.before, row?.after, row?.real, row?.expires], [10, 2, '30, 31', '2026-10-15, expired']);
  assert.equal(row?.change, 'probably fell by 80% per complete day');
  assert.equal(value(analysis, 'TUN-03'), 1);
  const future = { ...tuning, from: '2026-11-01', expires: '2027-01-01' };
  assert.equal(
    analysisOf(findings, '2026-10', zone, { client: { ...client(zone), tunings: [future] } }).kpis['TUN-03']?.status,
    'no-denominator',
  );
});
