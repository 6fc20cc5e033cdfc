import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { Finding, LifecycleEvent } from '../../src/finding.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, capable, finding, monthly } from './view.ts';

// Escalation accuracy, automation quality, time to verdict and recurrence, each counted once more with plain loops.
const zone = 'Europe/Berlin';
const { start, end } = parsePeriod('2026-10', zone);
const hour = 3_600_000;
const day = 24 * hour;
const asOf = end + 3 * day;
const since = start - 60 * day;

type Row = Finding & { source: string };

const row = fc
  .record({
    created: fc.oneof(fc.integer({ min: start - 55 * day, max: end + day }), fc.constantFrom(start, end - 1, end)),
    life: fc.oneof(fc.integer({ min: 0, max: 40 * day }), fc.integer({ min: 0, max: 2 * day }), fc.constantFrom(hour, day)),
    open: fc.constantFrom(true, false, false, false),
    machine: fc.boolean(),
    machineAgain: fc.boolean(),
    back: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 * day }) }),
    again: fc.integer({ min: 1, max: 5 * day }),
    touched: fc.constantFrom('never', 'before', 'after'),
    verdict: fc.constantFrom(
      'true_positive' as const,
      'true_positive' as const,
      'benign_positive' as const,
      'false_positive' as const,
      'undetermined' as const,
      null,
    ),
    dated: fc.constantFrom(true, true, true, false),
    escalated: fc.constantFrom(true, true, false, null),
    stamped: fc.boolean(),
    hosts: fc.subarray(['a', 'b', 'c']),
  })
  .map((r): Row => {
    const stop = r.created + r.life;
    const reopened = !r.open && r.back !== null;
    const second = stop + (r.back ?? 0) + r.again;
    const events: LifecycleEvent[] = [];
    if (!r.open) events.push({ at: stop, type: 'closed', by_kind: r.machine ? 'automation' : 'human' });
    if (reopened)
      events.push(
        { at: stop + (r.back ?? 0), type: 'reopened' },
        { at: second, type: 'closed', by_kind: r.machineAgain ? 'automation' : 'human' },
      );
    const touch = r.touched === 'before' ? r.created : stop + 1;
    return finding({
      created_at: r.created,
      status: r.open ? 'new' : 'closed',
      verdict: r.verdict,
      escalated: r.escalated,
      entities: r.hosts.map((value) => ({ type: 'host', value })),
      events,
      ...(r.open
        ? {}
        : { closed_at: reopened ? second : stop, closed_by_kind: (reopened ? r.machineAgain : r.machine) ? 'automation' : 'human' }),
      ...(reopened ? { reopen_count: 1, first_closed_at: stop } : {}),
      ...(r.touched === 'never' || r.open ? {} : { acknowledged_at: touch }),
      ...(r.verdict !== null && r.dated ? { verdict_at: r.created + Math.floor(r.life / 2) } : {}),
      ...(r.escalated === true && r.stamped ? { escalated_at: r.created + hour } : {}),
    });
  });

const report = { ...monthly, reader: 'engineer' as const };
const analysed = (all: readonly Row[]) => analysisOf(all, '2026-10', zone, { asOf, since, report });
const within = (instant: number, from = start, to = end) => instant >= from && instant < to;

function isShare(analysis: Analysis, id: string, k: number, n: number): void {
  const entry = analysis.kpis[id];
  assert.equal(entry !== undefined && 'value' in entry ? entry.value : entry?.status, n === 0 ? 'no-denominator' : k / n, id);
  assert.equal(entry?.n, n, id);
}

/** What is closed after the data cut is still open as far as is known. */
const closedAt = (one: Row) => (one.closed_at !== undefined && one.closed_at <= asOf ? one.closed_at : undefined);
const kept = (all: readonly Row[]) => all.filter((one) => one.created_at <= asOf);

function escalations(all: readonly Row[]): [number, number] {
  const own = kept(all).filter((one) => one.escalated === true && within(one.escalated_at ?? one.created_at));
  const judged = own.filter(({ verdict }) => verdict !== null && ['true_positive', 'benign_positive', 'false_positive'].includes(verdict));
  return [judged.filter(({ verdict }) => verdict === 'true_positive').length, judged.length];
}

function machineCloses(all: readonly Row[]): [number, number] {
  let [n, wrong] = [0, 0];
  for (const one of kept(all)) {
    const known = (one.events ?? []).filter(({ at }) => at <= asOf);
    const ended = one.status === 'closed' && closedAt(one) === undefined;
    const own = known.filter(({ type, by_kind, at }) => type === 'closed' && by_kind === 'automation' && within(at));
    const alone = own.filter(({ at }) => !(one.acknowledged_at !== undefined && one.acknowledged_at <= at));
    const [first] = alone;
    // Closed for good after the data cut: the rows tell of no close yet, and only reopened ones of an earlier.
    if (first === undefined || (ended && (one.reopen_count ?? 0) === 0)) continue;
    n += 1;
    const again = known.some(({ type, at }) => type === 'reopened' && at >= first.at);
    if (again || one.verdict === 'true_positive') wrong += 1;
  }
  return [wrong, n];
}

/** Every pair of an earlier close and a later finding, of every entity. */
function returns(all: readonly Row[]): [number, number] {
  const real = kept(all).filter(({ verdict }) => verdict === 'true_positive');
  const month = 30 * day;
  const [entities, back] = [new Set<string>(), new Set<string>()];
  for (const one of real) {
    const closed = closedAt(one);
    if (closed === undefined || !within(closed + month)) continue;
    for (const { value } of one.entities) {
      entities.add(value);
      const later = real.filter((other) => other.created_at > closed && other.created_at <= closed + month && other.created_at < end);
      if (later.some((other) => other.entities.some((entity) => entity.value === value))) back.add(value);
    }
  }
  return [back.size, entities.size];
}

test('escalation accuracy, automation quality and recurrence agree with plain loops', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 40, maxLength: 60 }), (all) => {
      const analysis = analysed(all);
      isShare(analysis, 'ESC-03', ...escalations(all));
      isShare(analysis, 'AUT-02', ...machineCloses(all));
      isShare(analysis, 'ENT-02', ...returns(all));
    }),
    { numRuns: 30 },
  );
});

/** The smallest time by which at least half have a verdict, those at risk counted anew at every time. */
function medianVerdict(all: readonly Row[]): { n: number; median: number | undefined } {
  const own = kept(all).filter((one) => within(one.created_at));
  const timed = own.flatMap((one) => {
    const closed = closedAt(one);
    const untouched = !(one.acknowledged_at !== undefined && one.acknowledged_at <= asOf);
    if (one.closed_by_kind === 'automation' && closed !== undefined && untouched) return [];
    const open = closed === undefined; // also what closes after the cut
    if (one.verdict === null) return open ? [{ s: (asOf - one.created_at) / 1000, judged: false }] : [];
    if (one.verdict_at === undefined) return [];
    return one.verdict_at > asOf
      ? [{ s: (asOf - one.created_at) / 1000, judged: false }]
      : [{ s: (one.verdict_at - one.created_at) / 1000, judged: true }];
  });
  let alive = 1;
  for (const time of [...new Set(timed.filter(({ judged }) => judged).map(({ s }) => s))].sort((a, b) => a - b)) {
    const risk = timed.filter(({ s }) => s >= time).length;
    alive *= 1 - timed.filter(({ s, judged }) => judged && s === time).length / risk;
    if (alive <= 0.5 + 1e-12) return { n: timed.length, median: time };
  }
  return { n: timed.length, median: undefined };
}

test('the time to a verdict agrees with a curve whose risk sets are counted one by one', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 20, maxLength: 60 }), (all) => {
      const { n, median } = medianVerdict(all);
      const entry = analysed(all).kpis['TIM-04'];
      const expected = n === 0 ? 'no-denominator' : n < 6 ? 'too-few' : (median ?? 'not-reached');
      assert.equal(entry !== undefined && 'value' in entry ? entry.value : entry?.status, expected);
      assert.equal(entry?.n, n);
    }),
    { numRuns: 30 },
  );
});

const host = (value: string) => [{ type: 'host' as const, value }];
const real = (created_at: number, closed_at: number, title: string, name: string) =>
  finding({ created_at, closed_at, status: 'closed', verdict: 'true_positive', title, entities: host(name) });

test('ENT-02: another kind of attack is no return, nor is one that came before the close, or after thirty days', () => {
  const closed = start - 20 * day;
  const old = (name: string) => real(closed - hour, closed, 'scan', name);
  const analysis = analysisOf(
    [
      ...['a', 'b', 'c', 'd'].map(old),
      real(start + day, start + 2 * day, 'scan', 'a'),
      real(start + day, start + 2 * day, 'mail', 'b'),
      real(closed - 1, start + 2 * day, 'scan', 'c'),
      real(closed + 30 * day + 1, end - 1, 'scan', 'd'),
    ],
    '2026-10',
    zone,
    { asOf, since, categories: ['scan', 'mail'].map((word) => ({ category: word, when: { field: 'title', matches: word }, place: word })) },
  );
  const entry = analysis.kpis['ENT-02'];
  assert.equal(entry?.status === 'ok' && entry.value, 1 / 4);
  assert.deepEqual(
    analysis.tables['ENT-02.entities']?.rows.map(({ entity, category, after }) => [entity, category, after]),
    [['host:a', 'scan', (21 * day) / 1000]],
  );
});

test('AUT-02: what a source does not tell leaves a lower bound, and nothing closed by automation is no 0', () => {
  const machine = finding({ created_at: start + 1, closed_at: start + 2, status: 'closed', closed_by_kind: 'automation' });
  const said = (answer: 'no' | 'field', all: Row[]) =>
    analysisOf(all, '2026-10', zone, { asOf, since, capabilities: capable({ reopened: { answer } }) }).kpis['AUT-02']?.status;
  assert.deepEqual(
    [said('field', [machine]), said('no', [machine]), said('field', [])],
    ['ok', 'not-available-from-source', 'no-denominator'],
  );
});
