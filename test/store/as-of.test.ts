import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Entity, Finding, Severity, Status } from '../../src/finding.ts';
import { openStore, type Store, StoreError, type View } from '../../src/store/index.ts';
import { batch, finding, folder } from './fixtures.ts';

const day = 24 * 3_600_000;

interface Collected {
  source: string;
  finished_at: number;
  findings: Finding[];
}
type Step = Collected | { keep: number };

/** What a view shows of a finding, as far as it follows from the last observation alone. */
type Shown = Record<string, unknown>;

function shownOf(source: string, f: Finding): Shown {
  const { native_id, title, url, severity, status, created_at, closed_at, verdict_at, escalated, event_count, entities } = f;
  const texts = { source, native_id, title, url, status, rules: f.rules.map((rule) => rule.name).join('\u001f') || undefined };
  const actors = [...new Set(entities.filter(({ role }) => role === 'actor').map(({ value }) => value))].join('\u001f') || undefined;
  const numbers = {
    severity,
    created_at,
    closed_at,
    verdict_at,
    event_count,
    escalated: escalated === null ? undefined : Number(escalated),
  };
  return { ...texts, ...numbers, actors, extra: entities.length === 0 ? undefined : JSON.stringify({ entities, attacks: [] }) };
}

/** The slow and obvious way: play all batches again in the order of time. */
function replay(batches: readonly Collected[], asOf: number): Map<string, Shown> {
  const latest = new Map<string, Shown>();
  const inTime = batches.map((one, id) => ({ ...one, id })).sort((a, b) => a.finished_at - b.finished_at || a.id - b.id);
  for (const { source, findings, finished_at } of inTime) {
    if (finished_at > asOf) continue;
    for (const one of findings) latest.set(`${source} ${one.native_id}`, shownOf(source, one));
  }
  return latest;
}

/**
 * What a clock that goes back leaves to replay: to see again what is known already is no observation, so it does not outdate
 * what a batch of an earlier time brings afterwards.
 */
function observed(batches: readonly Collected[]): Collected[] {
  const news: Collected[] = [];
  for (const one of batches) {
    const last = new Map(one.findings.map((each) => [each.native_id, each]));
    const known = replay(
      news.filter(({ source }) => source === one.source),
      Number.POSITIVE_INFINITY,
    );
    const overtaken = (id: string) =>
      news.some(
        (later) => later.source === one.source && later.finished_at > one.finished_at && later.findings.some((f) => f.native_id === id),
      );
    const findings = [...last.values()].filter(
      (each) => overtaken(each.native_id) || !isDeepStrictEqual(known.get(`${one.source} ${each.native_id}`), shownOf(one.source, each)),
    );
    news.push({ ...one, findings });
  }
  return news;
}

function rowsOf(view: View): Map<string, Shown> {
  const cold = view.cold(Array.from({ length: view.rows }, (_, row) => row));
  const text = (name: 'source' | 'title' | 'status' | 'rules' | 'actors', row: number) => {
    const { codes, values } = view.text(name);
    return values[codes[row] ?? -1];
  };
  const number = (name: 'severity' | 'created_at' | 'closed_at' | 'verdict_at' | 'event_count' | 'escalated', row: number) => {
    const value = view.number(name)[row];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  };
  return new Map(
    cold.map(({ native_id, url, extra }, row) => {
      const texts = { source: text('source', row), title: text('title', row), status: text('status', row), rules: text('rules', row) };
      const times = { created_at: number('created_at', row), closed_at: number('closed_at', row), verdict_at: number('verdict_at', row) };
      const rest = { severity: number('severity', row), event_count: number('event_count', row), escalated: number('escalated', row) };
      return [`${texts.source} ${native_id}`, { native_id, url, extra, actors: text('actors', row), ...texts, ...times, ...rest }];
    }),
  );
}

const instant = fc.integer({ min: 0, max: 120 }).map((n) => 1_700_000_000_000 + n * day);
const entity = fc.record({
  type: fc.constantFrom<Entity['type']>('ip', 'user'),
  value: fc.constantFrom('10.0.0.1', '10.0.0.2', 'a:b|c'),
  role: fc.constantFrom<'actor' | 'target'>('actor', 'target'),
});
const variedFinding = fc
  .record({
    id: fc.integer({ min: 1, max: 12 }).map(String),
    title: fc.constantFrom('Port scan', 'Malware', '<b>{{7*7}}</b>', 'ümlaut \u202e'),
    status: fc.constantFrom<Status>('new', 'in_progress', 'closed', 'unknown'),
    severity: fc.constantFrom<Severity>(0, 3, 5, 99),
    created_at: instant,
    closed: fc.option(fc.integer({ min: -3, max: 90 * day }), { nil: undefined }),
    verdict: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined }),
    event_count: fc.option(fc.constantFrom(0, 1, 127, -128, 128, 32_768, 2 ** 31, 2 ** 40, 0.5), { nil: undefined }),
    escalated: fc.constantFrom(null, true, false),
    url: fc.option(fc.constantFrom('https://x.example/?a=1', 'https://x.example/none'), { nil: undefined }),
    rules: fc.array(fc.constantFrom('r1', 'r2'), { maxLength: 2 }),
    entities: fc.array(entity, { maxLength: 3 }),
  })
  .map(({ id, closed, verdict, url, event_count, rules, created_at, ...rest }) =>
    finding(id, {
      ...rest,
      created_at,
      ...(closed === undefined ? {} : { closed_at: created_at + closed }),
      ...(verdict === undefined ? {} : { verdict_at: created_at + verdict }),
      ...(url === undefined ? {} : { url }),
      ...(event_count === undefined ? {} : { event_count }),
      rules: rules.map((name) => ({ name })),
    }),
  );

/** Few findings with few contents: they come back unchanged, changed and changed back, and settle in three months. */
const repeatedFinding = fc
  .record({ id: fc.constantFrom('1', '2'), settled: fc.constantFrom(undefined, 5 * day, 45 * day, 75 * day) })
  .map(({ id, settled }) => {
    const created_at = 1_700_000_000_000;
    return finding(id, settled === undefined ? { created_at } : { created_at, status: 'closed', closed_at: created_at + settled });
  });
const someFindings = fc.oneof(fc.array(variedFinding, { maxLength: 6 }), fc.array(repeatedFinding, { maxLength: 2 }));

/** Mostly in the order of time, sometimes with a clock that went back. */
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ source: fc.constantFrom('a', 'b'), finished_at: instant, findings: someFindings }),
    },
    { weight: 2, arbitrary: fc.record({ keep: fc.oneof(fc.constant(0), instant) }) },
  ),
  { maxLength: 14 },
);

function sortedInTime(some: readonly Step[]): Step[] {
  const times = some.flatMap((step) => ('keep' in step ? [] : [step.finished_at])).sort((a, b) => a - b);
  return some.map((step) => ('keep' in step ? step : { ...step, finished_at: times.shift() ?? 0 }));
}

/** Plays steps on a new store; hands over the batches and since when history was kept. */
function play(path: string, some: readonly Step[], check: (store: Store, batches: Collected[], kept: number) => void): void {
  const store = openStore(path, 'acme');
  try {
    const batches: Collected[] = [];
    let kept = 0;
    for (const step of some) {
      if ('keep' in step) {
        kept = Math.max(kept, step.keep);
        store.compact({ keep_history_from: step.keep });
      } else {
        // A record delivered twice in a collection counts with its last version.
        batches.push(step);
        store.append(batch(step.finished_at, { source: step.source }), step.findings, []);
      }
    }
    check(store, batches, kept);
    assert.deepEqual(store.check(), []);
  } finally {
    store.close();
  }
}

function viewOrRefusal(store: Store, asOf: number, kept: number): View | undefined {
  try {
    return store.view({ as_of: asOf });
  } catch (error) {
    assert.ok(error instanceof StoreError && asOf < kept, `refused inside the retention: ${error}`);
    return undefined;
  }
}

for (const [name, order, said] of [
  ['batches in the order of time', sortedInTime, (batches: Collected[]) => batches],
  ['a clock that goes back', (some: Step[]) => some, observed],
] as const) {
  test(`every as-of view equals a replay, whenever it was compacted: ${name}`, (t) => {
    const path = folder(t);
    let run = 0;
    fc.assert(
      fc.property(steps, fc.array(instant, { minLength: 1, maxLength: 3 }), (some, asked) => {
        play(join(path, `${run++}.db`), order(some), (store, batches, kept) => {
          for (const asOf of [...asked, ...batches.map(({ finished_at }) => finished_at)]) {
            const view = viewOrRefusal(store, asOf, kept);
            if (view !== undefined) assert.deepEqual(rowsOf(view), replay(said(batches), asOf));
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  test(`"since" leaves out nothing but findings settled before it: ${name}`, (t) => {
    const path = folder(t);
    let run = 0;
    fc.assert(
      fc.property(steps, steps, instant, (some, more, since) => {
        play(join(path, `${run++}.db`), order([...some, { keep: 0 }, ...more.slice(0, 4)]), (store) => {
          const asOf = 1_700_000_000_000 + 200 * day;
          const all = rowsOf(store.view({ as_of: asOf }));
          const left = rowsOf(store.view({ as_of: asOf, since }));
          for (const [id, shown] of left) assert.deepEqual(shown, all.get(id));
          for (const [id, { closed_at, created_at, status }] of all) {
            if (left.has(id)) continue;
            assert.ok(status !== 'new' && status !== 'in_progress' && Number(closed_at) < since && Number(created_at) < since, id);
          }
        });
      }),
      { numRuns: 40 },
    );
  });
}

test('compaction does not show in a view: rows, codes and values are the same before and after', (t) => {
  const path = folder(t);
  let run = 0;
  fc.assert(
    fc.property(steps.map(sortedInTime), (some) => {
      const batches = some.filter((step) => !('keep' in step));
      play(join(path, `${run++}.db`), batches, (store) => {
        const view = () => store.view({ as_of: Number.MAX_SAFE_INTEGER });
        const columns = (one: View) => [
          one.text('title'),
          one.text('actors'),
          one.text('source'),
          one.number('key'),
          one.number('seen_at'),
        ];
        const before = view();
        store.compact({ keep_history_from: 0 });
        assert.deepEqual(columns(view()), columns(before));
      });
    }),
    { numRuns: 15 },
  );
});

test('whole months that settled before "since" are not read', (t) => {
  const store = openStore(join(folder(t), 'a.db'), 'acme');
  t.after(() => store.close());
  const at = (text: string) => Date.parse(text);
  const closed = (id: string, from: string, to: string) => finding(id, { status: 'closed', created_at: at(from), closed_at: at(to) });
  const findings = [
    closed('1', '2026-01-02', '2026-01-03'),
    closed('2', '2026-03-02', '2026-03-03'),
    finding('3', { created_at: at('2026-01-01') }),
  ];
  store.append(batch(at('2026-04-01')), findings, []);
  store.compact({ keep_history_from: 0 });

  const view = store.view({ as_of: at('2026-05-01'), since: at('2026-03-01') });

  assert.deepEqual(
    view.cold([0, 1]).map(({ native_id }) => native_id),
    ['2', '3'],
  );
  assert.equal(view.rows, 2);
});

test('a view older than the kept history is refused, and says since when it is kept', (t) => {
  const store = openStore(join(folder(t), 'a.db'), 'acme');
  t.after(() => store.close());
  const at = (text: string) => Date.parse(text);
  store.append(batch(at('2026-01-01')), [finding('1')], []);
  store.append(batch(at('2026-02-01')), [finding('1', { title: 'changed' })], []);
  store.compact({ keep_history_from: at('2026-06-01') });

  assert.throws(() => store.view({ as_of: at('2026-01-15') }), /2026-01-15T00:00:00.000Z has been dropped.*2026-02-01T00:00/);
  assert.deepEqual(store.view({ as_of: at('2026-02-01') }).text('title').values, ['changed']);
  assert.equal(store.stats().observations, 1);
});
