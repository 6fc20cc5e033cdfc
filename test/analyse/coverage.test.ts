import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch } from '../../src/store/index.ts';
import { parsePeriod } from '../../src/period.ts';
import { crossFoot } from '../../src/analyse/index.ts';
import { analysisOf, batch, client, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const week = parsePeriod('2026-W42', zone);
const day = (index: number) => week.days[index] ?? { start: Number.NaN, end: Number.NaN, date: '' };
const before = batch({ start: 0, end: week.start });

function covered(batches: Batch[], options: { asOf?: number; sources?: string[]; on?: number[] } = {}) {
  const asOf = options.asOf ?? week.end + 3_600_000;
  const findings = (options.on ?? []).map((index) => finding({ created_at: day(index).start + 1000 }));
  return analysisOf(findings, '2026-W42', zone, { view: viewOf(findings, batches, asOf), asOf, client: client(zone, {}, options.sources) });
}

const states = (analysis: ReturnType<typeof covered>) => analysis.coverage.map(({ status }) => status);
const cells = (analysis: ReturnType<typeof covered>) =>
  analysis.series['VOL-01.days']?.groups[0]?.cells
    .map((cell) => (cell.status === 'no-data' ? '-' : `${cell.value}${cell.status === 'partial' ? '+' : ''}`))
    .join(' ');

test('a covered day without findings is 0, a day without coverage is no data, and the headline a lower bound', () => {
  const analysis = covered(
    [before, batch({ start: day(0).start, end: day(2).end }), batch(week.days[4] ?? day(4)), batch(day(5)), batch(day(6))],
    { on: [1, 4] },
  );
  assert.equal(cells(analysis), '0 1 0 - 1 0 0');
  assert.deepEqual(states(analysis), ['complete', 'complete', 'complete', 'not-collected', 'complete', 'complete', 'complete']);
  const total = analysis.kpis['VOL-01'];
  assert.equal(total?.status, 'partial');
  assert.equal(total?.status === 'partial' && total.reason, '1 of 7 days not complete');
  assert.equal(analysis.incomplete, 'siem: 15 October 2026 never collected');
  assert.deepEqual(crossFoot(analysis), []);
});

test('windows that touch cover a day together, a change window as well; a gap of one millisecond does not', () => {
  const middle = day(3).start + 3_600_000;
  const halves = (gap: number) => [
    before,
    batch({ start: week.start, end: middle }, { mode: 'changed' }),
    batch({ start: middle + gap, end: week.end }, { finished_at: week.end + 5 }),
  ];
  assert.deepEqual(new Set(states(covered(halves(0)))), new Set(['complete']));
  assert.equal(states(covered(halves(1)))[3], 'partial');
});

test('failed is no data with its reason; failed where something is known is a lower bound; a later success heals it', () => {
  const failure = batch(day(2), { status: 'failed', reason: 'connection refused' });
  const rest = [before, batch({ start: day(0).start, end: day(1).end }), batch({ start: day(3).start, end: day(6).end })];
  assert.equal(cells(covered([...rest, failure])), '0 0 - 0 0 0 0');
  assert.equal(covered([...rest, failure]).coverage[2]?.reason, 'connection refused');
  assert.equal(cells(covered([...rest, failure], { on: [2] })), '0 0 1+ 0 0 0 0');
  assert.equal(cells(covered([...rest, failure, batch(day(2))])), '0 0 0 0 0 0 0');
  assert.equal(states(covered([...rest, { ...failure, status: 'partial', reason: 'page 3 was cut off' }]))[2], 'partial');
});

test('a data cut inside a day: that day is late, the next ones are not collected, and a window reaches no further than its collection', () => {
  const cut = day(3).start + 7_200_000;
  const analysis = covered([before, batch(week, { finished_at: cut })], { asOf: cut });
  assert.deepEqual(states(analysis), ['complete', 'complete', 'complete', 'late', 'not-collected', 'not-collected', 'not-collected']);
  assert.equal(analysis.coverage[3]?.reason, 'collected only until 2026-10-15 02:00');
});

test('collections that finished after the data cut are not seen', () => {
  assert.equal(states(covered([batch({ start: 0, end: week.end }, { finished_at: week.end + 9_000_000 })]))[0], 'not-collected');
});

test('with two required sources a day that one of them misses is a lower bound; a former source marks nothing', () => {
  const all = batch({ start: 0, end: week.end });
  const analysis = covered([all, batch({ start: day(1).start, end: week.end }, { source: 'edr' })], { sources: ['siem', 'edr'] });
  assert.equal(cells(analysis), '0+ 0 0 0 0 0 0');
  const former = covered([all, batch(day(1), { source: 'old' })]);
  assert.equal(former.incomplete, undefined);
  assert.equal(former.coverage.filter(({ source }) => source === 'old').length, 7);
});

test('nothing collected at all: no data, everywhere', () => {
  const analysis = covered([]);
  assert.equal(analysis.kpis['VOL-01']?.status, 'no-data');
  assert.equal(analysis.kpis['QUA-02']?.status, 'no-data');
  assert.equal(cells(analysis), '- - - - - - -');
});

test('the period before is compared only when it is complete', () => {
  const full = covered([batch({ start: 0, end: week.end })], { on: [1] });
  assert.equal(full.kpis['VOL-01']?.previous?.status, 'ok');
  const alone = covered([batch(week)], { on: [1] });
  assert.equal(alone.kpis['VOL-01']?.previous?.status, 'no-data');
  assert.match(alone.kpis['VOL-01']?.change ?? '', /^nothing to compare with/);
});
