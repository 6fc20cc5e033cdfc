import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Entity, Finding, Severity, Status } from '../../src/finding.ts';
import type { View } from '../../src/store/index.ts';
import { finding } from './fixtures.ts';

export const day = 24 * 3_600_000;

export interface Collected {
  source: string;
  finished_at: number;
  findings: Finding[];
}
export type Step = Collected | { keep: number };

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
export function replay(batches: readonly Collected[], asOf: number): Map<string, Shown> {
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
export function observed(batches: readonly Collected[]): Collected[] {
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

export function rowsOf(view: View): Map<string, Shown> {
  const every = Array.from({ length: view.rows }, (_, row) => row);
  const cold = view.cold(every);
  // Two ways to the same words; some rows in another order must not change them.
  const odd = every.filter((row) => row % 3 !== 0).reverse();
  const { native_ids, urls } = view.identities(odd);
  for (const [i, row] of odd.entries())
    assert.deepEqual([native_ids[i], urls[i]], [cold[row]?.native_id, cold[row]?.url], `row ${row} is named otherwise`);
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

export const instant = fc.integer({ min: 0, max: 120 }).map((n) => 1_700_000_000_000 + n * day);
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
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ source: fc.constantFrom('a', 'b'), finished_at: instant, findings: someFindings }),
    },
    { weight: 2, arbitrary: fc.record({ keep: fc.oneof(fc.constant(0), instant) }) },
  ),
  { maxLength: 14 },
);
