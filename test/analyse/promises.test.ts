import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { SlaPolicy } from '../../src/config/index.ts';
import type { LifecycleEvent } from '../../src/finding.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, client, finding, type Sketch } from './view.ts';

const berlin = 'Europe/Berlin';
const month = parsePeriod('2026-10', berlin);
const hour = 3_600_000;
const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds; // a Monday
const nine = [{ from: '09:00', to: '17:00' }];
const office = { zone: berlin, weekly: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine }, holidays: [], extra: [] };

const policy = (rest: Partial<SlaPolicy> = {}): SlaPolicy => ({
  name: 'close in 4h',
  metric: 'close',
  severity_at: 'start',
  target_s: 4 * 3600,
  clock: 'calendar',
  pause_on: new Set(),
  ...rest,
});

function judged(sketches: readonly Sketch[], sla: readonly SlaPolicy[] = [policy()], asOf = month.end + hour): Analysis {
  const rows = sketches.map((sketch, i) => finding({ created_at: noon, native_id: String(i + 1), ...sketch }));
  return analysisOf(rows, '2026-10', berlin, { asOf, client: { ...client(berlin), calendar: office, sla } });
}

const lines = (analysis: Analysis) =>
  analysis.tables['SLA-01.policies']?.rows.map(({ severity, met, breached, pending, unknown }) => [
    severity,
    met,
    breached,
    pending,
    unknown,
  ]);
const figure = (analysis: Analysis, id: string) => {
  const entry = analysis.kpis[id];
  return entry && hasValue(entry) ? entry.value : entry?.status;
};
const closedAfter = (hours: number): Sketch => ({ status: 'closed', closed_at: noon + hours * hour });

test('breached includes what is still open past due; open and not yet due is pending and in neither', () => {
  const asOf = noon + 6 * hour;
  const young = { created_at: asOf - hour };
  const analysis = judged([closedAfter(4), closedAfter(5), {}, young], [policy()], asOf);
  assert.deepEqual(lines(analysis), [['Medium', 1, 2, 1, 0]]);
  assert.equal(figure(analysis, 'SLA-01'), 1 / 3);
  assert.equal(analysis.kpis['SLA-01']?.n, 3);
  assert.equal(figure(analysis, 'SLA-02'), 2);
});

test('the breaches are listed by how late, with owner and whether they are still open', () => {
  const analysis = judged([{ ...closedAfter(5), verdict_raw: 'Waited for parts' }, { assignee: 'ann' }], [policy()], noon + 24 * hour);
  const rows = analysis.tables['SLA-02.list']?.rows ?? [];
  assert.deepEqual(
    rows.map(({ id, overrun, state, reason, owner }) => [id, overrun, state, reason, owner]),
    [
      ['2', 20 * 3600, 'still open', null, 'ann'],
      ['1', 3600, 'done late', 'Waited for parts', null],
    ],
  );
});

test('the cohort is what falls due in the period, whenever it was created', () => {
  const before = { created_at: month.start - hour, status: 'closed', closed_at: month.start + hour } as const;
  const after = { created_at: month.end - hour, status: 'closed', closed_at: month.end - 1 } as const;
  const edge = { created_at: month.end - 4 * hour, status: 'closed', closed_at: month.end - 1 } as const;
  assert.deepEqual(lines(judged([before, after, edge])), [['Medium', 1, 0, 0, 0]]);
});

test('per metric the first policy that fits counts, by the severity at the start', () => {
  const critical = policy({ severities: new Set([5]), target_s: 3600 });
  const raised = { ...closedAfter(2), severity: 5 as const, severity_initial: 3 } as Sketch;
  const sla = [critical, policy(), policy({ target_s: 1 })];
  const analysis = judged([{ ...closedAfter(2), severity: 5 }, raised], sla);
  assert.deepEqual(lines(analysis), [
    ['Critical', 0, 1, 0, 0],
    ['Critical', 1, 0, 0, 0],
  ]);
  assert.match(analysis.kpis['SLA-01']?.notes.join(' ') ?? '', /severity of 1 finding created was changed later/);
  const now = judged([raised], [policy({ severities: new Set([5]), target_s: 3600, severity_at: 'now' }), policy()]);
  assert.deepEqual(lines(now), [['Critical', 0, 1, 0, 0]]);
});

test('a policy may name its findings by any field', () => {
  const vip = policy({ when: { field: 'tags', equals: 'vip' }, target_s: 3600 });
  assert.deepEqual(lines(judged([{ ...closedAfter(2), tags: ['vip'] }, closedAfter(2)], [vip])), [['Medium', 0, 1, 0, 0]]);
});

test('a business clock stands still at night, also for the overrun', () => {
  const sla = [policy({ clock: 'sla' })]; // noon in UTC is 12:00 in Berlin: due at 16:00
  const late = noon + 22 * hour; // 10:00 on Tuesday: one hour on Monday and one on Tuesday late
  const analysis = judged([{ status: 'closed', closed_at: late }, closedAfter(4)], sla);
  assert.deepEqual(lines(analysis), [['Medium', 1, 1, 0, 0]]);
  assert.equal(analysis.tables['SLA-02.list']?.rows[0]?.overrun, 2 * 3600);
});

const hold = (from: number, to?: number): LifecycleEvent[] => [
  { at: noon + from * hour, type: 'status', to: 'On hold' },
  ...(to === undefined ? [] : [{ at: noon + to * hour, type: 'status' as const, to: 'In progress' }]),
];

test('on hold the clock stands still, in our word or the product’s own', () => {
  const sla = [policy({ pause_on: new Set(['on_hold']) })];
  const own = { status: 'on_hold', status_raw: 'Awaiting parts', created_at: month.end - hour } as const;
  const events = [
    { at: noon + hour, type: 'status' as const, to: 'awaiting parts' },
    { at: noon + 9 * hour, type: 'status' as const, to: 'x' },
  ];
  const analysis = judged([{ ...closedAfter(10), events: hold(1, 9) }, { ...closedAfter(10), events }, { ...closedAfter(10) }, own], sla);
  assert.deepEqual(lines(analysis), [['Medium', 2, 1, 0, 0]]);
});

test('while it is on hold there is no due time: pending', () => {
  const sla = [policy({ pause_on: new Set(['on_hold']) })];
  assert.deepEqual(lines(judged([{ status: 'on_hold', events: hold(1) }], sla)), [['Medium', 0, 0, 1, 0]]);
  assert.deepEqual(lines(judged([{ status: 'on_hold', events: hold(1) }])), [['Medium', 0, 1, 0, 0]]); // no pause is agreed
});

test('an acknowledgement between two observations is judged only where both lie on one side of the due time', () => {
  const sla = [policy({ metric: 'acknowledge', target_s: 3600 })];
  const derived = (after: number, by: number) =>
    ({ assignee: 'ann', ack_after: noon + after * 60_000, ack_before: noon + by * 60_000 }) as Sketch;
  const clear = [derived(0, 60), derived(10, 20), derived(60, 90), derived(70, 80)];
  const analysis = judged([...clear, derived(50, 70)], sla);
  assert.deepEqual(lines(analysis), [['Medium', 2, 2, 0, 1]]);
  assert.equal(analysis.kpis['SLA-01']?.status, 'partial');
  const vague = judged([derived(0, 60), derived(50, 70)], sla);
  assert.equal(vague.kpis['SLA-01']?.status, 'not-available-from-source');
});

test('without a policy, or with nothing due, there is no share', () => {
  assert.equal(judged([closedAfter(1)], []).kpis['SLA-01']?.status, 'no-denominator');
  assert.equal(judged([]).kpis['SLA-01']?.status, 'no-denominator');
});

test('contain and escalate: only what needed it and has a time', () => {
  const sla = [policy({ metric: 'contain', target_s: 3600 }), policy({ metric: 'escalate', target_s: 3600 })];
  const hit = { verdict: 'true_positive' as const };
  const rows: Sketch[] = [
    { ...hit, contained_at: noon + hour },
    { ...hit, ...closedAfter(2) },
    hit,
    { verdict: 'false_positive' },
    { escalated: true, escalated_at: noon + 2 * hour },
    { escalated: true },
    { escalated: false },
  ];
  assert.deepEqual(lines(judged(rows, sla)), [
    ['Medium', 1, 1, 0, 0],
    ['Medium', 0, 1, 0, 0],
  ]);
});

test('open past the target and untouched', () => {
  const asOf = noon + 2 * hour;
  const sla = [policy({ metric: 'acknowledge', target_s: 3600 })];
  const rows: Sketch[] = [{}, { acknowledged_at: noon + 1 }, { created_at: asOf - 1 }, closedAfter(1)];
  const analysis = judged(rows, sla, asOf);
  assert.equal(figure(analysis, 'BKL-05'), 1);
  assert.equal(analysis.kpis['BKL-05']?.n, 3);
  assert.equal(figure(judged(rows, [policy()], asOf), 'BKL-05'), 'no-denominator');
});

interface Case {
  created: number;
  life: number | null;
  severity: 3 | 5;
}

/** Independent: every case is looked at by itself, hour by hour. */
function recount(cases: readonly Case[], asOf: number): { met: number; breached: number; pending: number } {
  const counts = { met: 0, breached: 0, pending: 0 };
  for (const { created, life, severity } of cases) {
    const due = created + (severity === 5 ? 1 : 8) * hour;
    if (created > asOf || due < month.start || due >= month.end) continue;
    const closed = life === null ? Number.POSITIVE_INFINITY : created + life;
    const done = closed <= asOf;
    if (done && closed <= due) counts.met += 1;
    else if (due < (done ? closed : asOf)) counts.breached += 1;
    else counts.pending += 1;
  }
  return counts;
}

test('met, breached and pending agree with looking at every case by itself', () => {
  const instant = fc.integer({ min: month.start - 20 * hour, max: month.end });
  const one = fc.record({
    created: fc.oneof(instant, fc.constantFrom(month.start - hour, month.end - hour, month.start)),
    life: fc.option(fc.oneof(fc.integer({ min: 0, max: 20 * hour }), fc.constantFrom(hour, 8 * hour))),
    severity: fc.constantFrom(3 as const, 5 as const),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: month.start + hour, max: month.end + hour }), (cases, asOf) => {
      const rows = cases.map(({ created, life, severity }): Sketch => {
        const closed = life === null ? {} : { status: 'closed' as const, closed_at: created + life };
        return { created_at: created, severity, ...closed };
      });
      const sla = [policy({ severities: new Set([5]), target_s: 3600 }), policy({ target_s: 8 * 3600 })];
      const analysis = judged(rows, sla, asOf);
      const got = { met: 0, breached: 0, pending: 0 };
      for (const row of analysis.tables['SLA-01.policies']?.rows ?? [])
        for (const key of ['met', 'breached', 'pending'] as const) got[key] += Number(row[key]);
      assert.deepEqual(got, recount(cases, asOf));
    }),
    { numRuns: 60 },
  );
});
