import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { crossFoot } from '../../src/analyse/index.ts';
import { hasValue } from '../../src/outcome.ts';
import { analysisOf, capable, client, finding, monthly } from './view.ts';

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const berlin = 'Europe/Berlin';
const noon = at('2026-10-05T10:00:00Z');

function figure(analysis: Analysis, kpi: string): number {
  const entry = analysis.kpis[kpi];
  assert.ok(entry && hasValue(entry), `${kpi} is ${entry?.status}`);
  return entry.value;
}

/** The values of a series' only group by label. */
function bars(analysis: Analysis, series: string): Record<string, number | string> {
  const drawn = analysis.series[series];
  return Object.fromEntries(drawn?.labels.map((label, i) => [label, cellText(drawn.groups[0]?.cells[i])]) ?? []);
}

const cellText = (cell: unknown) => (typeof cell === 'object' && cell !== null && 'value' in cell ? Number(cell.value) : 'no data');

test('one finding: every headline is a figure or says why it is none, and all totals foot', () => {
  const analysis = analysisOf([finding({ created_at: noon })], '2026-10', berlin);
  assert.deepEqual(crossFoot(analysis), []);
  assert.equal(analysis.kpis['VOL-01']?.status, 'ok');
  const reasons = Object.values(analysis.kpis).flatMap((kpi) => (kpi.status === 'no-denominator' ? [kpi.id] : []));
  // Without a verdict, an analyst, an escalation, a service level, a calendar and shifts there is nothing to divide by.
  const expected =
    'ESC-01 QUA-01 QUA-02 QUA-03 QUA-04 QUA-05 TIM-01 TIM-05 TIM-06 SLA-01 SLA-02 BKL-05 REO-01 WRK-01 WRK-02 AUT-01 WRK-04 WRK-05 RUL-04';
  assert.deepEqual(
    reasons.filter((id) => expected.includes(id)),
    expected.split(' '),
  );
});

test('an empty but covered period is 0, with a rate that has no denominator and no NaN anywhere', () => {
  const analysis = analysisOf([], '2026-10', berlin);
  assert.equal(figure(analysis, 'VOL-01'), 0);
  assert.equal(analysis.kpis['VOL-02']?.status, 'no-denominator');
  assert.equal(analysis.series['VOL-01.days']?.title, 'No findings in this period');
  assert.doesNotMatch(
    JSON.stringify(analysis, (_, v) => (typeof v === 'number' && !Number.isFinite(v) ? 'BROKEN' : v)),
    /BROKEN|NaN/,
  );
});

test('days are local: the lost hour and the repeated hour belong to their day, and hours are the clock’s', () => {
  const stamps = ['2026-10-24T22:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'];
  const analysis = analysisOf(
    stamps.map((stamp) => finding({ created_at: at(stamp) })),
    '2026-10',
    berlin,
  );
  const days = bars(analysis, 'VOL-01.days');
  assert.deepEqual([days['2026-10-24'], days['2026-10-25'], days['2026-10-26']], [0, 4, 1]);
  const hours = bars(analysis, 'VOL-07.hours');
  assert.deepEqual([hours['00'], hours['02'], hours['23']], [2, 2, 1]); // 02:30 occurred twice
});

test('verdicts: the client’s word for a closing reason wins, and what nobody judged is in no share', () => {
  const closed = { created_at: noon, closed_at: noon + 1000, status: 'closed' } as const;
  const analysis = analysisOf(
    [
      finding({ ...closed, verdict_raw: 'Real one' }),
      finding({ ...closed, verdict_raw: 'NOISE', verdict: 'true_positive' }),
      finding({ ...closed, verdict: 'benign_positive' }),
      finding({ ...closed, verdict_raw: 'closing reason 54' }),
    ],
    '2026-10',
    berlin,
    {
      client: client(berlin, {
        verdicts: new Map([
          ['real one', 'true_positive'],
          ['noise', 'false_positive'],
        ]),
      }),
    },
  );
  assert.equal(figure(analysis, 'QUA-01'), 3 / 4);
  assert.deepEqual(
    ['QUA-02', 'QUA-03', 'QUA-04', 'QUA-05'].map((id) => figure(analysis, id)),
    [1 / 3, 1 / 3, 1 / 3, 2 / 3],
  );
  assert.deepEqual(bars(analysis, 'QUA-02.verdicts'), { 'True positive': 1, 'Benign positive': 1, 'False positive': 1, Unclassified: 1 });
  assert.equal(bars(analysis, 'QUA-01.reasons')['closing reason 54'], 1);
});

test('escalated: without an analyst it is shown as such, open ones are pending, and the fallback to the day of creation is said', () => {
  const analysis = analysisOf(
    [
      finding({ created_at: noon, escalated: true, assignee: 'ann' }),
      finding({ created_at: noon, escalated: true }),
      finding({ created_at: noon, escalated: true, assignee: 'ann', escalated_at: at('2026-10-07T10:00:00Z') }),
      finding({ created_at: noon, escalated: false }),
      finding({ created_at: noon, escalated: false, status: 'closed', closed_at: noon + 1 }),
      finding({ created_at: noon }),
    ],
    '2026-10',
    berlin,
  );
  assert.equal(figure(analysis, 'ESC-01'), 3 / 4);
  assert.deepEqual(bars(analysis, 'ESC-02.analysts'), { ann: 2, 'no analyst': 1 });
  assert.deepEqual([bars(analysis, 'ESC-02.days')['2026-10-05'], bars(analysis, 'ESC-02.days')['2026-10-07']], [2, 1]);
  assert.match(analysis.kpis['ESC-02']?.notes.join() ?? '', /^2 of 3 have no time of escalation/);
  assert.match(
    analysis.kpis['ESC-01']?.notes.join() ?? '',
    /3 escalated, 1 ended without, 1 open finding not yet decided.*1 finding the source/s,
  );
});

test('the client’s own rule for escalated makes it known even where the product cannot say', () => {
  const rule = { field: 'verdict_raw', equals: 'escalated' } as const;
  const given = { client: client(berlin, { escalated: rule }), capabilities: capable({ escalated: { answer: 'no' } }) };
  const analysis = analysisOf([finding({ created_at: noon, verdict_raw: 'Escalated' })], '2026-10', berlin, given);
  assert.equal(figure(analysis, 'ESC-02'), 1);
});

test('what no source can answer is not available, naming product and question', () => {
  const analysis = analysisOf([finding({ created_at: noon })], '2026-10', berlin, {
    capabilities: capable({ networks: { answer: 'no' } }),
    report: { ...monthly, reader: 'client' },
  });
  const entry = analysis.kpis['ENT-05'];
  assert.equal(entry?.status, 'not-available-from-source');
  assert.equal(entry?.status === 'not-available-from-source' && entry.reason, 'networks not available from IBM QRadar');
  assert.deepEqual(entry?.series, []);
});

test('weekdays stand in the order of the client’s week, each with its own findings', () => {
  const week = (week_start: number) => {
    const analysis = analysisOf([finding({ created_at: noon })], '2026-10', berlin, { client: { ...client(berlin), week_start } });
    const groups = analysis.series['VOL-07.week']?.groups ?? [];
    return groups.map(({ name, cells }) => [String(name), cells.filter((cell) => 'value' in cell && cell.value === 1).length]);
  };
  const busy = week(1).find(([, n]) => n === 1)?.[0];
  assert.equal(week(1)[0]?.[0], 'Monday');
  assert.deepEqual(
    week(7)
      .map(([name]) => name)
      .slice(0, 2),
    ['Sunday', 'Monday'],
  );
  assert.equal(week(7).find(([, n]) => n === 1)?.[0], busy);
});

test('a client reads pseudonyms, by rank and without any name', () => {
  const names = ['ann', 'bob', 'bob'];
  const findings = names.map((assignee) => finding({ created_at: noon, assignee, escalated: true }));
  const analysis = analysisOf(findings, '2026-10', berlin, { report: { ...monthly, reader: 'client' } });
  assert.deepEqual(bars(analysis, 'WRK-02.analysts'), { 'Analyst A': 2, 'Analyst B': 1 });
  assert.doesNotMatch(JSON.stringify(analysis), /\bann\b|\bbob\b/);
});

test('left out and counted: tests, merged, deleted, future and contradictory stamps', () => {
  const analysis = analysisOf(
    [
      finding({ created_at: noon }),
      finding({ created_at: noon, verdict: 'test' }),
      finding({ created_at: noon, merged_into: '7' }),
      finding({ created_at: noon, status: 'deleted' }),
      finding({ created_at: Number.NaN }),
      finding({ created_at: at('2027-01-01T00:00:00Z') }),
      finding({ created_at: noon, status: 'closed', closed_at: noon - 60_000 }),
      finding({ created_at: noon, status: 'closed', closed_at: noon - 1500 }),
      finding({ created_at: noon, status: 'closed' }),
      finding({ created_at: noon, status: 'unknown' }),
    ],
    '2026-10',
    berlin,
  );
  assert.equal(figure(analysis, 'VOL-01'), 5);
  assert.equal(figure(analysis, 'VOL-05'), 2);
  assert.deepEqual(analysis.excluded, [
    { reason: 'no creation time', n: 1 },
    { reason: 'created after the data cut', n: 1 },
    { reason: 'test or exercise', n: 1 },
    { reason: 'merged into another finding', n: 1 },
    { reason: 'deleted in the product', n: 1 },
    { reason: 'closed before it was created (out of durations)', n: 1 },
    { reason: 'ended without a closing time (out of closings and backlog)', n: 1 },
    { reason: 'status nobody knows (out of the backlog)', n: 1 },
  ]);
  const open = analysis.kpis['BKL-01'];
  assert.equal(open?.status, 'partial');
  assert.equal(figure(analysis, 'BKL-01'), 1);
});

test('hostile and broken titles: one title whatever its blanks, printed as data, never in a heading', () => {
  const hostile = '<script>alert(1)</script>{{7*7}}';
  const titles = [hostile, `${hostile}\n`, 'malware  report\n containing x', 'malware report containing x ', '\u001fseparator\u001f'];
  const analysis = analysisOf(
    titles.map((title) => finding({ created_at: noon, title })),
    '2026-10',
    berlin,
  );
  assert.deepEqual(bars(analysis, 'RUL-01.rules'), { [hostile]: 2, 'malware report containing x': 2, separator: 1 });
  const headings = Object.values(analysis.series).map((series) => series.title);
  assert.ok(
    headings.every((title) => title.split(' ').length <= 10 && !title.includes('<script')),
    headings.join('\n'),
  );
  assert.deepEqual(crossFoot(analysis), []);
});
