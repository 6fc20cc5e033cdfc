import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { realEffects } from '../../src/effects.ts';
import type { Finding, Rejection } from '../../src/finding.ts';
import type { Http } from '../../src/http.ts';
import file from '../../src/vendors/file.ts';
import type { CollectWindow, Page } from '../../src/vendors/vendor.ts';

const fixtures = join(import.meta.dirname, '../fixtures/file');
const everything: CollectWindow = { mode: 'created', from: 0, to: Date.UTC(2090, 0, 1) };

/** The vendor reads files; whoever asks for the network here is wrong. */
const noHttp: Http = {
  request: () => Promise.reject(new Error('the file vendor asked the network')),
  stats: { requests: 0, retries: 0, bytes: 0 },
};

interface Expected {
  findings: object[];
  /** Per finding, keys that must not be there: missing means unknown. */
  absent?: string[][];
  rejected: { place: string; reason?: string; 'reason~'?: string }[];
  places: string[];
  incomplete?: string;
  error?: string;
}

async function collect(
  declared: unknown,
  base: string,
  window = everything,
): Promise<{ findings: Finding[]; pages: Page[]; rejected: Rejection[] }> {
  const settings = file.settings.parse(declared);
  const context = { settings, window, effects: realEffects, http: noHttp, base_dir: base };
  const pages = await Array.fromAsync(file.pages(context));
  const records = pages.flatMap(({ records }) => records);
  const findings = records.map((record) => file.normalise(file.raw.parse(record), { settings, lookups: {}, collected_at: 0 }));
  return { findings, pages, rejected: pages.flatMap(({ rejected = [] }) => rejected) };
}

/** Expected files say instants as ISO texts, findings as numbers. */
function withInstants(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(value)) return Date.parse(value);
  if (Array.isArray(value)) return value.map(withInstants);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withInstants(part)]));
}

function json(name: string, part: string) {
  return JSON.parse(readFileSync(join(fixtures, name, part), 'utf8'));
}

for (const name of readdirSync(fixtures).filter((entry) => !entry.startsWith('.'))) {
  const expected: Expected = json(name, 'expected.json');
  test(`file: ${name}`, async () => {
    const work = collect(json(name, 'settings.json'), join(fixtures, name));
    if (expected.error !== undefined) {
      await assert.rejects(work, { name: 'SourceError', message: expected.error });
      return;
    }
    const { findings, pages, rejected } = await work;
    assert.equal(findings.length, expected.findings.length);
    for (const [index, finding] of findings.entries()) {
      assert.partialDeepStrictEqual(finding, withInstants(expected.findings[index]));
      for (const key of expected.absent?.[index] ?? []) assert.ok(!(key in finding), `${key} should be unknown`);
    }
    assert.deepEqual(
      rejected.map(({ place }) => place),
      expected.rejected.map(({ place }) => place),
    );
    for (const [index, { reason }] of rejected.entries()) {
      const wanted = expected.rejected[index];
      if (wanted?.reason !== undefined) assert.equal(reason, wanted.reason);
      else assert.ok(reason.includes(wanted?.['reason~'] ?? '?'), reason);
    }
    assert.deepEqual(
      pages.flatMap(({ places = [] }) => places),
      expected.places,
    );
    assert.equal(pages.find(({ incomplete }) => incomplete !== undefined)?.incomplete, expected.incomplete);
  });
}

test('what was rejected is kept as it stood in the file', async () => {
  const { rejected } = await collect(json('ragged', 'settings.json'), join(fixtures, 'ragged'));
  assert.equal(rejected[0]?.raw, '2,one, two,2026-01-13T10:00:00Z');
});

test('the created window is half-open, and a row without a readable time is listed in every window', async () => {
  const at = Date.parse('2026-01-13T10:00:00Z');
  const cases = [
    { from: at, to: at + 1, ids: ['1'] },
    { from: at - 1, to: at, ids: [] },
    { from: at + 1, to: at + 2 * 3600_000 + 1, ids: ['3'] },
  ];
  for (const { from, to, ids } of cases) {
    const { findings, rejected, pages } = await collect(json('quoted-newline', 'settings.json'), join(fixtures, 'quoted-newline'), {
      mode: 'created',
      from,
      to,
    });
    assert.deepEqual(
      findings.map(({ native_id }) => native_id),
      ids,
    );
    assert.equal(rejected.length, 1);
    assert.equal(pages.at(-1)?.expected, ids.length);
  }
});

test('the changed window asks for the latest row of an id and has no end', async () => {
  const changed = Date.parse('2026-01-13T12:00:00Z');
  const settings = json('reopened', 'settings.json');
  const due = await collect(settings, join(fixtures, 'reopened'), { mode: 'changed', from: changed, to: changed });
  assert.equal(due.findings.length, 1);
  assert.equal(due.pages[0]?.watermark, changed);
  const later = await collect(settings, join(fixtures, 'reopened'), { mode: 'changed', from: changed + 1, to: changed + 2 });
  assert.equal(later.findings.length, 0);
});

test('check says what can be read, and what to do where nothing can', async () => {
  const check = (name: string, change: object = {}) => {
    const settings = file.settings.parse({ ...json(name, 'settings.json'), ...change });
    return file.check({ settings, effects: realEffects, http: noHttp, base_dir: join(fixtures, name) });
  };
  assert.match(await check('gzip'), /first 1 rows can be read/);
  assert.match(await check('quoted-newline'), /1 of the first 3 rows cannot be read; the first: in\.csv line 7/);
  await assert.rejects(check('gzip', { path: 'gone.csv' }), { kind: 'not-found', message: 'gone.csv does not exist; check the path' });
  await assert.rejects(check('gzip', { path: 'x*.csv' }), { kind: 'not-found', message: /no file matches x\*\.csv/ });
  await assert.rejects(check('gzip', { path: '.' }), { message: /is a folder; write \*\.csv/ });
  await assert.rejects(check('missing-column'), { message: /did you mean "Opend"\?/ });
  await assert.rejects(check('gzip', { time: { format: 'epoch-ms' } }), { message: /none of the first 1 rows .* does not fit epoch-ms/ });
});

test('a relative path without a folder to start from is an error, never the working directory', async () => {
  const settings = file.settings.parse(json('gzip', 'settings.json'));
  await assert.rejects(file.check({ settings, effects: realEffects, http: noHttp }), { message: /relative/ });
});

test('settings that contradict themselves or leave a zone out are refused', () => {
  const good = json('reopened', 'settings.json');
  const message = (change: object) => file.settings.safeParse({ ...good, ...change }).error?.issues[0]?.message ?? 'accepted';
  assert.equal(message({}), 'accepted');
  assert.match(message({ time: { format: 'dd-MM-yyyy HH:mm' } }), /a zone must be declared/);
  assert.match(message({ time: { format: 'dd-MM-yyyy HH:mm', zone: 'Mars/Base' } }), /no IANA time zone/);
  assert.match(message({ columns: { id: 'Id', title: 'Title', created_at: 'Opened' } }), /needs columns\.updated_at/);
  assert.match(message({ values: { verdict: { TP: 'true_positive' } } }), /values\.verdict needs columns\.verdict/);
  assert.match(message({ colums: {} }), /colums/);
});
