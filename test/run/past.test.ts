import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { realEffects } from '../../src/effects.ts';
import { type Period, parsePeriod, periodOf, previousPeriod } from '../../src/period.ts';
import { fillPasts } from '../../src/run/index.ts';
import { buildReport, type ReportRequest } from '../../src/run/report.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { capable, client, monthly } from '../analyse/view.ts';
import { finding } from '../store/fixtures.ts';

const zone = 'Europe/Berlin';
const hour = 3_600_000;
const month = parsePeriod('2026-10', zone);
/** October and the months before it, oldest first. */
function monthsTo(last: Period, count: number): Period[] {
  const found = [last];
  while (found.length < count) found.unshift(previousPeriod(found[0] ?? last));
  return found;
}

/** Findings a month, and how many of its closed ones were judged; the last of each month stays open. */
const made = (index: number) => 20 + ((index * 7) % 11);

async function storeWith(t: TestContext, months: readonly Period[], gap?: string): Promise<{ store: Store; dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-past-'));
  const store = openStore(join(dir, 'acme.sqlite'), 'acme');
  t.after(() => {
    store.close();
    return rm(dir, { recursive: true });
  });
  for (const [index, one] of months.entries()) if (one.label !== gap) collect(store, one, index);
  return { store, dir };
}

function collect(store: Store, one: Period, index: number): void {
  const n = made(index);
  const findings = Array.from({ length: n }, (_, i) => {
    const created_at = one.start + Math.floor(((one.end - one.start) * (i + 0.5)) / n);
    const open = i === n - 1;
    const judged = i % 2 === 0 ? { verdict: 'true_positive' as const } : {};
    return finding(`${one.label}-${i}`, {
      created_at,
      ...(open ? { status: 'new' } : { status: 'closed', closed_at: created_at + (i + 1) * hour, ...judged }),
    });
  });
  store.append(
    {
      source: 'siem',
      mode: 'created',
      window_from: one.start,
      window_to: one.end,
      started_at: one.end,
      finished_at: one.end + hour,
      status: 'complete',
      reason: undefined,
      expected: n,
      fetched: n,
      rejected: 0,
      requests: 1,
    },
    findings,
    [],
  );
}

const vendor = { name: 'QRadar', capability: capable()[0]?.capability };
const acme = { ...client(zone), sources: new Map([['siem', { id: 'siem', required: true, vendor } as never]]) }; // all that a report asks of it

function asked(dir: string, rest: Partial<ReportRequest> = {}): ReportRequest {
  const config = {
    dir,
    reports_dir: join(dir, 'reports'),
    categories: [],
    reports: new Map([['monthly', monthly]]),
  } as unknown as ReportRequest['config']; // all that a report asks for
  return {
    config,
    client: acme,
    report: monthly,
    period: month,
    as_of: month.end + 2 * hour,
    formats: new Set(['json']),
    issue: true,
    ...rest,
  };
}

async function built(request: ReportRequest, store: Store): Promise<{ analysis: Analysis; text: string }> {
  const { folder } = await buildReport(request, store, undefined, realEffects);
  const text = (await readFile(join(folder, 'report.json'))).toString();
  return { analysis: JSON.parse(text), text };
}

test('an issued month shows thirteen, each as a plain count says; the same again gives the same bytes', async (t) => {
  const months = monthsTo(month, 15);
  const { store, dir } = await storeWith(t, months);
  const first = await built(asked(dir), store);
  const shown = months.slice(2);
  const created = first.analysis.kpis['VOL-01']?.history;
  assert.deepEqual(
    created?.map(({ label, cell }) => [label, cell.status === 'no-data' ? undefined : cell.value]),
    shown.map(({ label }, i) => [label, made(i + 2)]),
  );
  for (const [i, point] of (created ?? []).entries()) {
    const one = shown[i] ?? month;
    assert.equal(point.charted, made(i + 2) / ((one.end - one.start) / 24 / hour), `${point.label} by the day`);
    assert.equal(point.as_of === undefined, i > 10, 'what is computed now carries no date of its own');
  }
  // Of n closed in a month all but the last; those of the even places are judged.
  const judged = first.analysis.kpis['QUA-01']?.history?.map(({ cell }) => (cell.status === 'no-data' ? undefined : cell.n));
  assert.deepEqual(judged, months.map((one) => closedIn(months, one)).slice(2));
  assert.equal(first.analysis.kpis['VOL-01']?.variation !== undefined, true);
  assert.equal((await built(asked(dir, { issue: false }), store)).text, first.text);
  assert.equal((await built(asked(dir), store)).text, first.text);
});

/** Closes that fall into a month, of findings of whatever month. */
function closedIn(months: readonly Period[], { start, end }: Period): number {
  let count = 0;
  for (const [index, one] of months.entries()) {
    const n = made(index);
    for (let i = 0; i < n - 1; i++) {
      const closed = one.start + Math.floor(((one.end - one.start) * (i + 0.5)) / n) + (i + 1) * hour;
      if (closed >= start && closed < end) count++;
    }
  }
  return count;
}

test('a preview reads no more than its months: gaps say so, until a collection has kept what they need', async (t) => {
  const months = monthsTo(month, 15);
  const { store, dir } = await storeWith(t, months);
  const request = asked(dir, { issue: false });
  const before = await built(request, store);
  assert.equal(before.analysis.kpis['VOL-01']?.history?.length, 2);
  assert.equal(before.analysis.kpis['VOL-01']?.variation, undefined);
  fillPasts(request.config, { ...acme, reports: ['monthly'] }, store, request.as_of);
  assert.equal((await built(request, store)).analysis.kpis['VOL-01']?.history?.length, 13);
});

test('a month that was not collected stays a gap; before anything was known there is none', async (t) => {
  const months = monthsTo(month, 8);
  const { store, dir } = await storeWith(t, months, '2026-05');
  const history = (await built(asked(dir), store)).analysis.kpis['VOL-01']?.history ?? [];
  assert.deepEqual([history.length, history[0]?.label], [8, '2026-03']);
  assert.deepEqual(history[2], { label: '2026-05', cell: { status: 'no-data', reason: 'nothing was collected' } });
});

test('what was kept first stands: late changes do not move it, an older data cut does not see it, other settings do not use it', async (t) => {
  const months = monthsTo(month, 15);
  const { store, dir } = await storeWith(t, months);
  const first = await built(asked(dir), store);
  const november = parsePeriod('2026-11', zone);
  collect(store, november, 15);
  // A finding of June that nobody had seen comes with December.
  const late = { created_at: (months[10]?.start ?? 0) + 5 * hour };
  const batch = store.batches().at(-1);
  assert.ok(batch !== undefined);
  store.append(
    { ...batch, window_from: november.end, window_to: november.end + hour, finished_at: november.end + hour },
    [finding('late', late)],
    [],
  );
  const next = await built(asked(dir, { period: november, as_of: november.end + 2 * hour }), store);
  const values = (one: typeof first) => new Map(one.analysis.kpis['VOL-01']?.history?.map(({ label, cell }) => [label, cell]));
  assert.deepEqual(values(next).get('2026-06'), values(first).get('2026-06'));
  const september = next.analysis.kpis['VOL-01']?.history?.find(({ label }) => label === '2026-09');
  assert.equal(september?.as_of, new Date(month.end + 2 * hour).toISOString(), 'kept when October was issued');
  assert.equal((await built(asked(dir), store)).text, first.text, 'October is still what it was');
  const earlier = await built(asked(dir, { issue: false, as_of: month.end + 1.5 * hour }), store);
  assert.equal(earlier.analysis.kpis['VOL-01']?.history?.length, 2);
  const other = { ...acme, minutes_per_finding: 20 };
  const changed = await built(asked(dir, { client: other, issue: false }), store);
  assert.equal(changed.analysis.kpis['VOL-01']?.history?.length, 2);
});

test('the periods of weeks are read as they are known now', async (t) => {
  const months = monthsTo(month, 5);
  const { store, dir } = await storeWith(t, months);
  const period = periodOf('week', month.end - 10 * 24 * hour, zone);
  const { analysis } = await built(asked(dir, { period, report: { ...monthly, period: 'week' }, issue: false }), store);
  const history = analysis.kpis['VOL-01']?.history;
  assert.equal(history?.length, 13);
  assert.ok(history?.every(({ as_of }) => as_of === undefined));
});
