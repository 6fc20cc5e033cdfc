import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TableRecord } from '../../src/demo/qradar-table.ts';
import { Secret } from '../../src/secret.ts';
import qradar from '../../src/vendors/qradar/index.ts';
import type { Normalised } from '../../src/normalise.ts';
import { check, collect, day, month, offense, offenses, withQradar } from './qradar-console.ts';

test('changes: what was closed is found even where last_persisted_time did not move', async () => {
  const stuck = offense(1, { status: 'CLOSED', close_time: day + 9_000_000, last_persisted_time: day });
  await withQradar({ offenses: [stuck, offense(2, { last_persisted_time: day })] }, async (console) => {
    const { normalised } = await collect(console, { mode: 'changed', from: day + 1_000_000, to: month.to });
    assert.deepEqual(
      normalised.findings.map((each) => each.native_id),
      ['1'],
    );
  });
});

test('a change in the very second of the watermark is found by the next collection', async () => {
  await withQradar({ offenses: [offense(1)] }, async (console) => {
    const { collection } = await collect(console, { ...month, mode: 'changed' });
    console.offenses.put(offense(2, { last_persisted_time: collection.watermark }));
    const { normalised } = await collect(console, { mode: 'changed', from: collection.watermark ?? 0, to: month.to });
    assert.deepEqual(ids(normalised), ['1', '2']);
  });
});

test('a console without dates of change is asked for all that is open or hidden, and what was closed', async () => {
  const bare = (id: number, changes: Record<string, unknown>) => ({ id, start_time: day - 5_000_000, ...changes });
  const known = [
    bare(1, { status: 'OPEN' }),
    bare(2, { status: 'HIDDEN' }),
    bare(3, { status: 'CLOSED', close_time: day + 1 }),
    bare(4, { status: 'CLOSED', close_time: day - 1 }),
  ];
  await withQradar({ offenses: known, without: ['first_persisted_time', 'last_persisted_time'] }, async (console) => {
    const { collection, normalised } = await collect(console, { mode: 'changed', from: day, to: month.to });
    assert.deepEqual(
      normalised.findings.map((each) => each.native_id),
      ['1', '2', '3'],
    );
    assert.equal(collection.status, 'complete');
    assert.ok(collection.watermark !== undefined, 'the clock of the answer stands in');
  });
});

test('a wrong or expired token is told with the next step, and never printed', async () => {
  await withQradar({ offenses: [] }, async (console) => {
    const given = { token: new Secret('guessed-token', 'test') };
    const { collection } = await collect(console, month, given);
    assert.equal(collection.status, 'failed');
    assert.match(collection.reason ?? '', /401.*expired.*Authorized Services/);
    assert.doesNotMatch(JSON.stringify(collection), /guessed-token/);
    await assert.rejects(check(console, given), /expired/);
  });
});

test('check says which version to set, and what is deprecated', async () => {
  const versions = [
    { id: 1, version: '17.0', deprecated: false, removed: true },
    { id: 2, version: '18.0', deprecated: true, removed: false },
    { id: 3, version: '19.0', deprecated: false, removed: false },
  ];
  await withQradar({ offenses: offenses(1), versions, rules: [{ id: 1, name: 'A rule' }] }, async (console) => {
    await assert.rejects(check(console, { version: '20.0' }), /does not offer API version 20\.0, but 18\.0, 19\.0; set version: '19\.0'/);
    await assert.rejects(check(console, { version: '17.0' }), /does not offer/);
    assert.match(await check(console, { version: '18' }), /18\.0 \(deprecated/);
    assert.equal(await check(console, { version: '19.0' }), 'QRadar API 19.0');
  });
});

test('settings: https but for this machine, /api, a reference for the token', () => {
  const token = new Secret('t', 'test');
  const refused = (given: Record<string, unknown>) =>
    assert.equal(qradar.settings.safeParse({ token, ...given }).success, false, JSON.stringify(given));
  refused({ base_url: 'http://console.example/api' });
  refused({ base_url: 'https://console.example' });
  refused({ base_url: 'https://console.example/api', page_size: 501 });
  refused({ base_url: 'https://console.example/api', token: 'the value itself' });
  assert.equal(qradar.settings.parse({ base_url: 'https://console.example/api', token }).version, '20.0');
});

const real = join(import.meta.dirname, '../../../shared/data/qradar-offenses');

test('the real offenses, served and collected over HTTP, count as they do in the file', async (t) => {
  if (!existsSync(real)) return t.skip('skipped: no real data here (shared/data/qradar-offenses)');
  const list = (name: string): TableRecord[] => JSON.parse(readFileSync(join(real, name), 'utf8'));
  const given = list('rapid7_ibm_qradar_offenses.json');
  await withQradar({ offenses: given, closingReasons: list('rapid7_closing_reasons.json') }, async (console) => {
    const { collection, normalised } = await collect(
      console,
      { mode: 'created', from: Date.UTC(2021, 0, 1), to: Date.UTC(2023, 0, 1) },
      { page_size: 3 },
    );
    const last = [...new Map(given.map((each) => [each.id, each])).values()];
    assert.deepEqual([collection.status, normalised.findings.length], ['complete', 11]);
    assert.deepEqual(
      tally(normalised.findings, (each) => each.verdict_raw),
      tally(last, reasonInFile),
    );
    assert.deepEqual(
      tally(normalised.findings, (each) => each.status_raw),
      tally(last, (each) => each.status),
    );
    assert.deepEqual(
      tally(normalised.findings, (each) => each.title),
      tally(last, (each) => String(each.description).split('\n')[0]),
    );
    assert.deepEqual(
      tally(normalised.findings, (each) => each.assignee),
      tally(last, (each) => each.assigned_to),
    );
    assert.deepEqual(
      tally(normalised.findings, (each) => each.created_at),
      tally(last, (each) => each.first_persisted_time),
    );
    assert.deepEqual(
      normalised.findings.map((each) => each.event_count),
      last.map((each) => each.event_count),
    );
  });
});

/** The two reasons that were recorded with the offenses; the others are known by their number only. */
function reasonInFile(each: TableRecord): unknown {
  const texts: Record<string, string> = { 1: 'Non-Issue', 3: 'Policy Violation' };
  return each.closing_reason_id === undefined
    ? undefined
    : (texts[String(each.closing_reason_id)] ?? `closing reason ${each.closing_reason_id}`);
}

function tally<T>(items: readonly T[], key: (item: T) => unknown): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[String(key(item))] = (counts[String(key(item))] ?? 0) + 1;
  return counts;
}

function ids({ findings }: Normalised): string[] {
  return findings.map((each) => each.native_id);
}
