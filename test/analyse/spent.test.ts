import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding, LifecycleEvent } from '../../src/finding.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, finding, monthly } from './view.ts';

const zone = 'Europe/Berlin';
const { start, end } = parsePeriod('2026-10', zone);
const hour = 3_600_000;
const asOf = end + hour;
const report = { ...monthly, reader: 'engineer' as const };

type Row = Finding & { source: string };
const meaning: Record<string, string> = { Open: 'new', Working: 'in_progress', 'On-Hold': 'on_hold', Done: 'closed' };

/** A finding per word, so that it is known what each word means. */
const dictionary = (['new', 'in_progress', 'on_hold'] as const).map((status) =>
  finding({ created_at: end - hour, status, status_raw: Object.keys(meaning).find((word) => meaning[word] === status) ?? '' }),
);

const row = fc
  .record({
    created: fc.integer({ min: -200, max: 700 }),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('Open', 'Working', 'On-Hold', 'Done')), { maxLength: 7 }),
    last: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ created, steps, last }): Row => {
    let when = start + created * hour;
    let before = 'Open';
    const events: LifecycleEvent[] = [];
    for (const [hours, to] of [...steps, [last, 'Done'] as const]) {
      when += hours * hour;
      if (to === before) continue;
      events.push({ at: when, type: to === 'Done' ? 'closed' : before === 'Done' ? 'reopened' : 'status', from: before, to });
      before = to;
    }
    return finding({ created_at: start + created * hour, status: 'closed', status_raw: 'Done', closed_at: events.at(-1)?.at ?? 0, events });
  });

/** Hour by hour: in which status was it? */
function hoursIn({ created_at, closed_at = 0, events = [] }: Row, status: string): number {
  let hours = 0;
  for (let when = created_at; when < closed_at; when += hour) {
    const word = events.findLast(({ at }) => at <= when)?.to ?? 'Open';
    if (meaning[word] === status) hours += 1;
  }
  return hours;
}

function middle(values: readonly number[]): number | string {
  if (values.length === 0) return 'no-denominator';
  if (values.length < 6) return 'too-few';
  const sorted = values.toSorted((a, b) => a - b);
  return (((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2) * 3600;
}

const shown = (entry: ReturnType<typeof analysisOf>['kpis'][string] | undefined) =>
  entry !== undefined && 'value' in entry ? entry.value : entry?.status;

test('TIM-08 and TIM-10 agree with counting hour by hour in which status a finding was', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 10, maxLength: 30 }), (all) => {
      const analysis = analysisOf([...all, ...dictionary], '2026-10', zone, { asOf, report });
      const own = all.filter(({ closed_at = 0 }) => closed_at >= start && closed_at < end);
      assert.equal(shown(analysis.kpis['TIM-08']), middle(own.map((one) => hoursIn(one, 'in_progress'))));
      const waits = own.map((one) => hoursIn(one, 'on_hold')).filter((hours) => hours > 0);
      assert.equal(shown(analysis.kpis['TIM-10']), middle(waits));
    }),
    { numRuns: 60 },
  );
});

const closed = (events?: LifecycleEvent[]) =>
  finding({ created_at: start, closed_at: start + 4 * hour, status: 'closed', ...(events === undefined ? {} : { events }) });
const through = (word: string) =>
  closed([
    { at: start + hour, type: 'status', from: 'New', to: word },
    { at: start + 4 * hour, type: 'closed' },
  ]);

test('without a history, or through a status that nobody knows, there is no time in progress, and never 0', () => {
  const status = (all: Row[]) => analysisOf(all, '2026-10', zone, { asOf, report }).kpis['TIM-08']?.status;
  assert.equal(status(Array.from({ length: 8 }, () => closed())), 'not-available-from-source');
  assert.equal(status(Array.from({ length: 8 }, () => through('Triage 2'))), 'not-available-from-source');
  const known = Array.from({ length: 8 }, () => through('In Progress'));
  assert.equal(shown(analysisOf(known, '2026-10', zone, { asOf, report }).kpis['TIM-08']), 3 * 3600);
  const mixed = analysisOf([...known, through('Triage 2')], '2026-10', zone, { asOf, report }).kpis['TIM-08'];
  assert.match(mixed?.notes.join(' ') ?? '', /1 in a status/);
});

test('BKL-06: on hold for more than seven days at the end, counted from when it was put on hold last', () => {
  const day = 24 * hour;
  const held = (...since: number[]) =>
    finding({
      native_id: String(since.at(-1)),
      created_at: end - 20 * day,
      status: 'on_hold',
      events: since.flatMap((days, i) => [
        ...(i === 0 ? [] : [{ at: end - days * day - hour, type: 'status' as const, to: 'in_progress' }]),
        { at: end - days * day, type: 'status' as const, to: 'on_hold' },
      ]),
    });
  const entry = (all: Row[]) => analysisOf(all, '2026-10', zone, { asOf, report });
  const analysis = entry([held(8), held(7), held(15, 9, 2), held(12)]);
  assert.equal(shown(analysis.kpis['BKL-06']), 2);
  assert.deepEqual(
    analysis.tables['BKL-06.findings']?.rows.map(({ id, held: seconds }) => [id, seconds]),
    [
      ['12', (12 * day) / 1000],
      ['8', (8 * day) / 1000],
    ],
  );
  assert.equal(entry([held(8), held()]).kpis['BKL-06']?.status, 'partial');
  assert.equal(entry([held()]).kpis['BKL-06']?.status, 'not-available-from-source');
  assert.equal(shown(entry([finding({ created_at: start })]).kpis['BKL-06']), 0);
});
