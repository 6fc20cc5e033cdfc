import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { AnalyseInput } from '../../src/analyse/index.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, capable, client, finding, type Sketch } from './view.ts';

const berlin = 'Europe/Berlin';
const month = parsePeriod('2026-10', berlin);
const hour = 3_600_000;
const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;

function analysed(sketches: readonly (Sketch & { created_at?: number })[], rest: Partial<AnalyseInput> = {}): Analysis {
  return analysisOf(
    sketches.map((sketch) => finding({ created_at: noon, ...sketch })),
    '2026-10',
    berlin,
    rest,
  );
}

function figure(analysis: Analysis, kpi: string): number {
  const entry = analysis.kpis[kpi];
  assert.ok(entry && hasValue(entry), `${kpi} is ${entry?.status}: ${entry && 'reason' in entry ? entry.reason : ''}`);
  return entry.value;
}

const notes = (analysis: Analysis, kpi: string) => analysis.kpis[kpi]?.notes.join(' ') ?? '';
const closedAfter = (hours: number): Sketch => ({ status: 'closed', closed_at: noon + hours * hour });
/** Waited so many hours at the data cut, and waits still. */
const openSince = (hours: number, asOf: number) => ({ created_at: asOf - hours * hour });

test('oracle: 1, 2+, 3, 4, 5+, 6+ hours have the median 4, where closed-only says 3', () => {
  const asOf = month.end;
  const closed = [1, 3, 4].map((hours) => ({
    created_at: asOf - 9 * hour,
    status: 'closed' as const,
    closed_at: asOf - (9 - hours) * hour,
  }));
  const analysis = analysed([...closed, ...[2, 5, 6].map((hours) => openSince(hours, asOf))], { asOf });
  assert.equal(figure(analysis, 'TIM-07'), 4 * 3600);
  assert.equal(analysis.kpis['TIM-07']?.n, 6);
  assert.match(notes(analysis, 'TIM-07'), /3 closed and 3 not yet/);
});

test('fewer than half closed: not reached, with how far it has been seen, and no value', () => {
  const asOf = month.end;
  const analysis = analysed([closedAfter(1), ...[1, 2, 3, 4, 50].map((hours) => openSince(hours, asOf))], { asOf });
  const entry = analysis.kpis['TIM-07'];
  assert.ok(entry?.status === 'not-reached' && !('value' in entry));
  assert.match(String(entry.reason), /^more than 2 d 2 h/);
});

test('five are too few for a median, six are enough', () => {
  const six = [1, 2, 3, 4, 5, 6].map(closedAfter);
  assert.equal(analysed(six.slice(1)).kpis['TIM-07']?.status, 'too-few');
  assert.equal(figure(analysed(six), 'TIM-07'), 3 * 3600);
});

test('a duration over incomplete days is marked', () => {
  const analysis = analysed([1, 2, 3, 4, 5, 6].map(closedAfter), { client: client(berlin, {}, ['siem', 'edr']) });
  assert.equal(analysis.kpis['TIM-07']?.status, 'partial');
});

test('edge: what automation closed alone is counted apart and hides nobody', () => {
  const machine = { ...closedAfter(0.01), closed_by_kind: 'automation' as const };
  const people = [1, 2, 3, 4, 5, 6].map((hours) => ({
    ...closedAfter(hours),
    closed_by_kind: 'human' as const,
    acknowledged_at: noon + 60_000,
  }));
  const analysis = analysed([...people, ...Array.from({ length: 9 }, () => machine)]);
  assert.equal(figure(analysis, 'TIM-07'), 3 * 3600);
  assert.match(notes(analysis, 'TIM-07'), /9 findings closed by automation alone, median 36 s/);
  assert.equal(figure(analysis, 'AUT-01'), 9 / 15);
  assert.equal(analysis.kpis['TIM-03']?.n, 6); // a machine acknowledges nothing
});

test('edge: an unknown actor is no automation', () => {
  const [machine, nobody] = [{ ...closedAfter(1), closed_by_kind: 'automation' as const }, closedAfter(1)];
  const analysis = analysed([machine, nobody, nobody]);
  assert.equal(figure(analysis, 'AUT-01'), 1 / 3);
  assert.equal(analysis.kpis['AUT-01']?.status, 'partial');
  assert.equal(analysed([nobody]).kpis['AUT-01']?.status, 'no-denominator');
});

const six = [1, 2, 3, 4, 5, 6].map((hours) => ({ ...closedAfter(hours), acknowledged_at: noon + hours * 60_000 }));

test('edge: closed before it was created, ended without a time, in an unknown status: left out and counted', () => {
  const analysis = analysed([...six, closedAfter(-1), { status: 'closed' }, { status: 'unknown' }]);
  assert.equal(analysis.kpis['TIM-07']?.n, 6);
  assert.match(notes(analysis, 'TIM-07'), /1 ended without a closing time; 1 in a status nobody knows; 1 closed before they were created/);
});

test('edge: within two seconds of skew a close or a touch before the creation is one at the creation', () => {
  const skewed = { status: 'closed', closed_at: noon - 1500, acknowledged_at: noon - 1500 } as const;
  const analysis = analysed(Array.from({ length: 6 }, () => skewed));
  assert.deepEqual([figure(analysis, 'TIM-07'), figure(analysis, 'TIM-03')], [0, 0]);
});

test('edge: a stamp of 0 or below means never, a future one not yet', () => {
  const analysis = analysed([...six, ...[0, -5, noon + 90 * 24 * hour].map((acknowledged_at) => ({ acknowledged_at }))]);
  assert.equal(analysis.kpis['TIM-03']?.n, 9);
  assert.match(notes(analysis, 'TIM-03'), /6 acknowledged and 3 not known to be/);
  const closed = analysed([...six, { status: 'closed', closed_at: 0 }, { status: 'in_progress', closed_at: noon + 1 }]);
  assert.match(notes(closed, 'TIM-07'), /6 closed and 1 not yet.*1 ended without a closing time/);
});

test('edge: a creation at 0 is none', () => {
  const analysis = analysed([...six, { created_at: 0 }]);
  assert.deepEqual(analysis.excluded, [{ reason: 'no creation time', n: 1 }]);
});

test('edge: reopened counts to the last close, and as open while it is open again', () => {
  const events = [
    { at: noon + hour, type: 'closed' as const },
    { at: noon + 2 * hour, type: 'reopened' as const },
  ];
  const again = { reopen_count: 1, events };
  const closed = analysed([...six.slice(0, 5), { ...again, ...closedAfter(30) }]);
  assert.equal(figure(closed, 'TIM-07'), 3 * 3600);
  assert.match(notes(closed, 'TIM-07'), /6 closed and 0 not yet/);
  assert.match(notes(analysed([...six.slice(0, 5), again]), 'TIM-07'), /5 closed and 1 not yet/);
});

test('edge: merged waits until it was merged, and then is neither closed nor open', () => {
  const merged = { merged_into: '7', status: 'closed', events: [{ at: noon + 10 * hour, type: 'merged' }] } as const;
  const analysis = analysed([...six, { ...merged, events: [...merged.events] }]);
  assert.equal(analysis.kpis['TIM-07']?.n, 7);
  assert.match(notes(analysis, 'TIM-07'), /6 closed and 1 not yet/);
  assert.equal(figure(analysis, 'VOL-01'), 6);
});

test('edge: tests are in no duration', () => {
  assert.equal(analysed([...six, { ...closedAfter(999), verdict: 'test' }]).kpis['TIM-07']?.n, 6);
});

test('time to acknowledge: untouched ones wait, closed ones without a time were touched by the close', () => {
  const analysis = analysed([...six.slice(0, 4), closedAfter(9), {}]);
  assert.equal(analysis.kpis['TIM-03']?.n, 6);
  assert.equal(figure(analysis, 'TIM-03'), 3 * 60);
  assert.match(notes(analysis, 'TIM-03'), /5 acknowledged and 1 not known to be.*1 finding closed without a time of acknowledgement/);
});

test('edge: acknowledged before it was created is left out', () => {
  const analysis = analysed([...six, { acknowledged_at: noon - hour }]);
  assert.match(notes(analysis, 'TIM-03'), /1 acknowledged before they were created/);
});

const derived = (after: number, by: number) => ({ assignee: 'ann', ack_after: noon + after * 60_000, ack_before: noon + by * 60_000 });

test('derived acknowledgements count at the later observation where both are close', () => {
  const analysis = analysed([1, 2, 3, 4, 5, 6].map((minute) => derived(minute * 10, minute * 10 + 5)));
  assert.equal(figure(analysis, 'TIM-03'), 35 * 60);
  assert.match(
    notes(analysis, 'TIM-03'),
    /6 acknowledgements derived from observations, 5 min apart in the middle; 0 of them too uncertain/,
  );
});

test('with a monthly backfill there is no time to acknowledge, and the reason says why', () => {
  const analysis = analysed([1, 2, 3, 4, 5, 6].map(() => derived(0, 26 * 24 * 60)));
  const entry = analysis.kpis['TIM-03'];
  assert.equal(entry?.status, 'not-available-from-source');
  assert.match(
    String(entry && 'reason' in entry && entry.reason),
    /6 acknowledgements 6 are known only to lie between two observations, 26 d apart/,
  );
  assert.equal(analysis.series['TIM-03.curves'], undefined);
});

test('the few that are too uncertain count as waiting until they were last seen untouched', () => {
  const close = [1, 2, 3, 4, 5, 6].map((minute) => derived(minute, minute + 1));
  const analysis = analysed([...close, derived(100, 900)]);
  assert.equal(figure(analysis, 'TIM-03'), 5 * 60);
  assert.match(notes(analysis, 'TIM-03'), /6 acknowledged and 1 not known to be.*1 of them too uncertain/);
});

test('curves: one per severity with at least six, the share within a time, and nothing beyond what was seen', () => {
  const analysis = analysed([...six, ...six.map((one) => ({ ...one, severity: 5 as const })), { severity: 1, ...closedAfter(1) }]);
  const curves = analysis.series['TIM-07.curves'];
  assert.deepEqual(
    curves?.groups.map(({ name }) => name),
    ['Critical', 'Medium'],
  );
  const cell = curves?.groups[0]?.cells[curves.labels.indexOf('4 h')];
  assert.ok(cell?.status === 'ok');
  assert.equal(cell.value.toFixed(6), (4 / 6).toFixed(6));
  assert.equal(cell.n, 6);
});

test('time to detect: true positives only, without what was created before its activity', () => {
  const hit = (minutes: number) => ({ verdict: 'true_positive' as const, first_activity_at: noon - minutes * 60_000 });
  const noise = { verdict: 'false_positive' as const, first_activity_at: noon - 24 * hour };
  const analysis = analysed([...[1, 2, 3, 4, 5, 6].map(hit), hit(-30), { verdict: 'true_positive' }, noise]);
  assert.equal(figure(analysis, 'TIM-01'), 3.5 * 60);
  assert.match(notes(analysis, 'TIM-01'), /1 have no time of first activity; 1 were created before their first activity/);
});

test('time to escalate runs in the client’s hours, of what was escalated in the period', () => {
  const friday = Temporal.ZonedDateTime.from('2026-10-09T16:50[Europe/Berlin]').epochMilliseconds;
  const monday = Temporal.ZonedDateTime.from('2026-10-12T09:10[Europe/Berlin]').epochMilliseconds;
  const nine = [{ from: '09:00', to: '17:00' }];
  const calendar = { zone: berlin, weekly: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine }, holidays: [], extra: [] };
  const handed = Array.from({ length: 6 }, () => ({ created_at: friday, escalated: true, escalated_at: monday }));
  const undated = { created_at: friday, escalated: true };
  const analysis = analysed([...handed, undated], { client: { ...client(berlin), calendar } });
  assert.equal(figure(analysis, 'TIM-05'), 20 * 60);
  assert.match(notes(analysis, 'TIM-05'), /working hours.*1 escalated at an unknown time/);
  assert.equal(figure(analysed(handed), 'TIM-05'), (monday - friday) / 1000);
});

test('time to contain: open attacks wait, closed ones without containment needed none; below six they are listed', () => {
  const attack = { verdict: 'true_positive' as const };
  const contained = [1, 2, 3, 4, 5, 6].map((hours) => ({ ...attack, contained_at: noon + hours * hour, first_activity_at: noon - hour }));
  const analysis = analysed([...contained, attack, { ...attack, ...closedAfter(2) }, { contained_at: noon + 1 }]);
  assert.equal(analysis.kpis['TIM-06']?.n, 7);
  assert.equal(figure(analysis, 'TIM-06'), 4 * 3600);
  assert.match(notes(analysis, 'TIM-06'), /From the first activity to the containment: median 4 h \(n = 6\).*1 closed without containment/);
  const few = analysed(contained.slice(0, 2));
  assert.equal(few.kpis['TIM-06']?.status, 'too-few');
  assert.deepEqual(
    few.tables['TIM-06.list']?.rows.map(({ seconds, free }) => [seconds, free]),
    [
      [3600, 7200],
      [7200, 10_800],
    ],
  );
});

test('a source that stamps nothing makes them not available, by name', () => {
  const no = { answer: 'no' as const };
  const analysis = analysed(six, {
    capabilities: capable({ acknowledged_at: no, contained_at: no, escalated_at: no, first_activity_at: no }),
  });
  for (const id of ['TIM-01', 'TIM-03', 'TIM-05', 'TIM-06']) assert.equal(analysis.kpis[id]?.status, 'not-available-from-source', id);
});
