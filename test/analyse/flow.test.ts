import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { Finding, LifecycleEvent } from '../../src/finding.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, capable, client, finding, type Sketch } from './view.ts';

const hour = 3_600_000;
const day = 24 * hour;
const berlin = 'Europe/Berlin';
const month = parsePeriod('2026-10', berlin);

type Row = Finding & { source: string };

/** A life told by its events: closed and opened again in turn, perhaps merged at the end, perhaps nonsense. */
const life = fc
  .record({
    created: fc.oneof(
      fc.integer({ min: month.start - 40 * day, max: month.end + day }),
      fc.constantFrom(month.start, month.end, month.end - 1),
    ),
    turns: fc.array(fc.oneof(fc.integer({ min: 0, max: 20 * day }), fc.constantFrom(0, day)), { maxLength: 5 }),
    merged: fc.constantFrom(false, false, false, true),
    silent: fc.boolean(),
    flaw: fc.constantFrom('none', 'none', 'none', 'negative', 'undated', 'unknown', 'test'),
  })
  .map(({ created, turns, merged, silent, flaw }): Row => {
    let instant = created;
    const events = turns.map((wait, i): LifecycleEvent => {
      instant += wait;
      return { at: instant, type: i % 2 === 0 ? 'closed' : 'reopened' };
    });
    const closed = turns.length % 2 === 1;
    const reopened = Math.floor(turns.length / 2);
    const last = merged ? [{ at: instant + hour, type: 'merged' as const }] : [];
    const plain = finding({
      created_at: created,
      status: closed ? 'closed' : 'new',
      ...(closed ? { closed_at: instant } : {}),
      ...(reopened > 0 ? { reopen_count: reopened } : {}),
      ...(merged ? { merged_into: 'x' } : {}),
      ...(silent && !merged ? {} : { events: [...events, ...last] }),
    });
    return { ...plain, ...flaws[flaw] } as Row; // each flaw only replaces fields that a row has
  });

const flaws: Record<string, Partial<Row>> = {
  none: {},
  negative: { status: 'closed', closed_at: month.start - 90 * day },
  undated: { status: 'closed', closed_at: Number.NaN },
  unknown: { status: 'unknown' },
  test: { verdict: 'test' },
};

const flowOf = (analysis: Analysis) => analysis.tables['BKL-02.flow']?.rows.map(({ n }) => Number(n)) ?? [];

test('the backlog identity holds on every generated data set, and its parts are those of the other figures', () => {
  fc.assert(
    fc.property(fc.array(life, { maxLength: 25 }), fc.constantFrom(month.end + 5 * day, month.end, month.start + 9 * day), (rows, asOf) => {
      const analysis = analysisOf(rows, '2026-10', berlin, { asOf });
      const [before = 0, created = 0, reopened = 0, closed = 0, merged = 0, after = 0] = flowOf(analysis);
      assert.equal(before + created + reopened + closed + merged, after);
      const growth = analysis.kpis['BKL-02'];
      if (growth?.status === 'no-data') return; // as long as no collection has finished
      assert.ok(growth && hasValue(growth));
      assert.equal(growth.value, after - before);
      assert.doesNotMatch(growth.status === 'partial' ? growth.reason : '', /does not add up|differ/);
      const open = analysis.kpis['BKL-01'];
      assert.equal(open && hasValue(open) && open.value, after);
    }),
    { numRuns: 100 },
  );
});

const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;
const analysed = (sketches: readonly Sketch[], asOf = month.end + hour) =>
  analysisOf(
    sketches.map((sketch) => finding({ created_at: noon, ...sketch })),
    '2026-10',
    berlin,
    { asOf },
  );

test('a small backlog, counted by hand', () => {
  const old = month.start - day;
  const turns = (...hours: number[]): LifecycleEvent[] =>
    hours.map((at, i) => ({ at: noon + at * hour, type: i % 2 === 0 ? 'closed' : 'reopened' }));
  const rows: Sketch[] = [
    { created_at: old },
    { created_at: old, status: 'closed', closed_at: noon },
    { status: 'closed', closed_at: noon + hour },
    { reopen_count: 1, events: turns(1, 2) },
    { merged_into: '1', events: [{ at: noon + hour, type: 'merged' }] },
    {},
    { status: 'unknown' },
  ];
  const analysis = analysed(rows);
  assert.deepEqual(flowOf(analysis), [2, 4, 1, -3, -1, 3]);
  const notes = analysis.kpis['BKL-02']?.notes.join(' ') ?? '';
  assert.match(notes, /1 of the created were merged since.*Left out: 1 finding created of which it is not known/);
  assert.deepEqual(
    analysis.tables['BKL-03.oldest']?.rows.map(({ age }) => age),
    [month.end - old, month.end - noon, month.end - noon].map((age) => age / 1000),
  );
});

test('a merge at an unknown time leaves the finding out of the backlog altogether', () => {
  assert.deepEqual(flowOf(analysed([{ merged_into: '1' }])), [0, 0, 0, 0, 0, 0]);
});

test('the clearance ratio has an interval, and none without anything created', () => {
  const six = Array.from({ length: 6 }, () => ({ status: 'closed' as const, closed_at: noon + hour }));
  const ratio = analysed(six).kpis['BKL-04'];
  assert.ok(ratio?.status === 'ok' && ratio.low !== undefined && ratio.high !== undefined);
  assert.equal(ratio.value, 1);
  assert.ok(ratio.low < 1 && ratio.high > 1);
  assert.equal(analysed([]).kpis['BKL-04']?.status, 'no-denominator');
});

const closedOn = (offset: number, back?: number, again?: number): Sketch => {
  const closed = month.start + offset;
  const events: LifecycleEvent[] = [{ at: closed, type: 'closed' }];
  if (back !== undefined) events.push({ at: closed + back, type: 'reopened' });
  if (again !== undefined) events.push({ at: closed + again, type: 'closed' });
  const open = back !== undefined && again === undefined;
  return {
    created_at: closed - day,
    events,
    ...(open ? {} : { status: 'closed', closed_at: closed + (again ?? 0) }),
    ...(back === undefined ? {} : { reopen_count: 1 }),
  };
};

function reopened(sketches: readonly Sketch[], asOf = month.end + hour): [number | string | undefined, number | undefined] {
  const rows = sketches.map((sketch) => finding({ created_at: noon, ...sketch }));
  const entry = analysisOf(rows, '2026-10', berlin, { asOf }).kpis['REO-01'];
  return [entry && hasValue(entry) ? entry.value : entry?.status, entry?.n];
}

test('reopened: only closes that had 14 days to come back, a case once, back on the last instant counts', () => {
  assert.deepEqual(reopened([closedOn(0), closedOn(0, 14 * day), closedOn(0, 14 * day + 1)]), [1 / 3, 3]);
  assert.deepEqual(reopened([closedOn(-14 * day, day), closedOn(-14 * day - 1, day)]), [1, 1]);
  // The month has 31 days and an hour, so the last close that counts is one instant before its end less 14 days.
  const edge = month.end - month.start - 14 * day;
  assert.deepEqual(reopened([closedOn(edge - 1), closedOn(edge, hour), closedOn(edge, day)]), [0, 1]);
  assert.deepEqual(reopened([closedOn(0, day, 2 * day), closedOn(0)]), [1 / 2, 2]);
});

test('reopened at an unknown time counts as in time, and is said', () => {
  const silent = {
    reopen_count: 1,
    first_closed_at: month.start,
    created_at: month.start - day,
    status: 'closed',
    closed_at: month.start + 20 * day,
  } as const;
  const analysis = analysed([silent, closedOn(0)]);
  const entry = analysis.kpis['REO-01'];
  assert.ok(entry?.status === 'ok' && entry.value === 1 / 2);
  assert.match(entry.notes.join(), /1 of the reopened came back at an unknown time/);
});

test('a close that was over when it was first seen tells nothing about reopening, where the source keeps no history', () => {
  const [{ capability } = { capability: {} }] = capable({ reopened: { answer: 'derived' } });
  const sources = new Map([['siem', { id: 'siem', required: true, vendor: { capability } } as never]]); // all that is read of it
  const given = { client: { ...client(berlin), sources }, asOf: month.end + hour };
  const close = (seen: number): Sketch => ({ ...closedOn(0), events: [], ...({ first_seen_at: month.start + seen } as Sketch) });
  const rate = (...seen: number[]) =>
    analysisOf(
      seen.map((one) => finding({ created_at: noon, ...close(one) })),
      '2026-10',
      berlin,
      given,
    ).kpis['REO-01'];
  assert.equal(rate(-hour, -hour, hour)?.status, 'not-available-from-source');
  const watched = rate(-hour, -hour, -hour, 0, hour);
  assert.deepEqual([watched?.status, watched?.n], ['ok', 4]);
  assert.match(watched?.notes.join() ?? '', /Left out: 1 closed before they were first seen/);
});
