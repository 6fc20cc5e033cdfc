import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { crossFoot } from '../../src/analyse/index.ts';
import { type Finding, type LifecycleEvent, verdicts } from '../../src/finding.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, finding } from './view.ts';

// Everything below is counted once more with plain loops and another calendar (Intl), over whatever fast-check thinks of.
const zones = ['Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/New_York'];
const label = '2026-10'; // Berlin and Lord Howe change their clocks in it
const hour = 3_600_000;

type Row = Finding & { source: string };

const rows = (from: number, to: number) =>
  fc.array(
    fc
      .record({
        created: fc.oneof(fc.integer({ min: from - 40 * 24 * hour, max: to + 24 * hour }), fc.constantFrom(from, to - 1, to)),
        // Edges are where half-open intervals go wrong: closed, or opened again, exactly when the period ends.
        edge: fc.constantFrom('none', 'none', 'closed', 'reopened'),
        life: fc.integer({ min: 0, max: 30 * 24 * hour }),
        pause: fc.option(fc.tuple(fc.integer({ min: 1, max: 5 * hour }), fc.integer({ min: 1, max: 9 * 24 * hour }))),
        open: fc.constantFrom(0, 0, 1),
        severity: fc.constantFrom(1, 2, 3, 4, 5, 99, 0),
        verdict: fc.constantFrom(...verdicts, null),
        escalated: fc.constantFrom(true, false, null),
        assignee: fc.constantFrom('ann', 'bob', undefined),
        rules: fc.subarray(['scan', 'brute', 'mail']),
        actors: fc.subarray(['10.0.0.1', '10.0.0.2', '10.0.0.3']),
        logs: fc.subarray(['fw', 'dc', 'proxy']),
      })
      .map((r): Row => {
        const closed = r.edge === 'closed' ? Math.max(r.created, to) : r.created + r.life;
        const stop = r.pause === null ? undefined : r.created + r.pause[0];
        const again = r.pause === null || stop === undefined ? undefined : r.edge === 'reopened' && stop < to ? to : stop + r.pause[1];
        const events: LifecycleEvent[] =
          stop === undefined || again === undefined || again > closed
            ? []
            : [
                { at: stop, type: 'closed' },
                { at: again, type: 'reopened' },
              ];
        if (r.open === 0) events.push({ at: closed, type: 'closed' });
        return finding({
          created_at: r.created,
          severity: r.severity as 1, // one of the listed ones
          verdict: r.verdict,
          escalated: r.escalated,
          rules: r.rules.map((name) => ({ name })),
          entities: r.actors.map((value) => ({ type: 'ip', value, role: 'actor' })),
          log_sources: r.logs,
          status: r.open === 1 ? 'new' : 'closed',
          events,
          ...(events.length > 1 || (r.open === 1 && events.length > 0) ? { reopen_count: 1 } : {}),
          ...(r.open === 1 ? {} : { closed_at: closed }),
          ...(r.assignee === undefined ? {} : { assignee: r.assignee }),
        });
      }),
    { maxLength: 60 },
  );

function check(zone: string, all: readonly Row[]): void {
  const period = parsePeriod(label, zone);
  const asOf = period.end + 3 * 24 * hour;
  const analysis = analysisOf(all, label, zone, { asOf });
  assert.deepEqual(crossFoot(analysis), []);
  const kept = all.filter((row) => row.verdict !== 'test' && row.created_at <= asOf);
  // What closes after the data cut is a future stamp; the naive reading is that it is still open.
  const closedAt = (row: Row) => (row.closed_at !== undefined && row.closed_at <= asOf ? row.closed_at : undefined);
  const inside = (instant: number | undefined) => instant !== undefined && instant >= period.start && instant < period.end;
  const created = kept.filter((row) => inside(row.created_at));
  const closed = kept.filter((row) => inside(closedAt(row)));
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const [dayOf, hourOf] = [
    (row: Row) => local.format(row.created_at).slice(0, 10),
    (row: Row) => local.format(row.created_at).slice(11, 13),
  ];

  assert.equal(figure(analysis, 'VOL-01'), created.length);
  assert.equal(figure(analysis, 'VOL-05'), closed.length);
  assert.deepEqual(drawn(analysis, 'VOL-01.days'), naive(created.map(dayOf)));
  assert.deepEqual(drawn(analysis, 'VOL-07.hours'), naive(created.map(hourOf)));
  assert.deepEqual(drawn(analysis, 'WRK-02.analysts'), naive(created.map((row) => row.assignee ?? 'unassigned')));
  assert.deepEqual(drawn(analysis, 'LOG-06.most'), naive(created.flatMap((row) => row.log_sources)));
  assert.deepEqual(
    drawn(analysis, 'RUL-01.rules'),
    naive(created.flatMap((row) => (row.rules.length > 0 ? row.rules.map((rule) => rule.name) : [row.title]))),
  );
  share(analysis, 'VOL-02', created.filter((row) => [4, 5].includes(row.severity)).length, created.length);
  const judged = closed.filter((row) => ['true_positive', 'benign_positive', 'false_positive'].includes(row.verdict ?? ''));
  share(analysis, 'QUA-01', closed.filter((row) => row.verdict !== null).length, closed.length);
  share(analysis, 'QUA-04', judged.filter((row) => row.verdict === 'false_positive').length, judged.length);
  const decided = created.filter((row) => row.escalated === true || (row.escalated === false && closedAt(row) !== undefined));
  share(analysis, 'ESC-01', decided.filter((row) => row.escalated).length, decided.length);
  const brute = created.filter((row) => row.rules.some((rule) => rule.name === 'brute'));
  const panel = Object.values(analysis.series).find((series) => series.panel === 'RUL-04.sources' && series.groups[0]?.name === 'brute');
  assert.deepEqual(
    panel === undefined ? {} : drawn(analysis, panel.id),
    naive(brute.flatMap((row) => row.entities.map((entity) => entity.value))),
  );
  assert.equal(figure(analysis, 'BKL-01'), kept.filter((row) => openThen(row, period.end, asOf)).length);
  const lastDay = analysis.series['BKL-01.days']?.groups[0]?.cells.at(-1);
  assert.equal(lastDay && 'value' in lastDay && lastDay.value, figure(analysis, 'BKL-01'));
}

/** Steps through a finding's events and sees in which state it was just before the instant. */
function openThen(row: Row, instant: number, asOf: number): boolean {
  if (row.created_at >= instant) return false;
  let open = true;
  for (const event of row.events ?? []) if (event.at < instant && event.at <= asOf) open = event.type === 'reopened';
  return open;
}

function figure(analysis: Analysis, id: string): number | undefined {
  const entry = analysis.kpis[id];
  return entry && hasValue(entry) ? entry.value : undefined;
}

function share(analysis: Analysis, id: string, k: number, n: number): void {
  assert.equal(figure(analysis, id), n === 0 ? undefined : k / n, id);
  assert.equal(analysis.kpis[id]?.n, n, id);
}

/** Label -> count, without the zeros that a naive count does not know. */
function drawn(analysis: Analysis, id: string): Record<string, number> {
  const series = analysis.series[id];
  const cells = series?.groups[0]?.cells ?? [];
  return Object.fromEntries(cells.flatMap((cell, i) => ('value' in cell && cell.value > 0 ? [[series?.labels[i], cell.value]] : [])));
}

function naive(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

for (const zone of zones) {
  test(`every count agrees with plain loops: ${zone}`, () => {
    const { start, end } = parsePeriod(label, zone);
    fc.assert(
      fc.property(rows(start, end), (all) => check(zone, all)),
      { numRuns: 40 },
    );
  });
}
