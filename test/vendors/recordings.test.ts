import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { vendorNames } from '../../src/vendors/index.ts';
import { noData, normalised, recorded, shared, specs, tally } from './recorded.ts';
import { type Counts, notRecords, type Recording, recordings } from './recordings.ts';

/** Whatever settings a vendor needs to make addresses of. */
const settings = { base_url: 'https://product.example', severities: {} };
const sums = new Map<string, Required<Counts>>();
const none: Required<Counts> = { records: 0, findings: 0, duplicates: 0, rejected: 0, unknown: 0 };

for (const recording of recordings) {
  const { vendor, file, at, expected } = recording;
  test(`${vendor}: ${file}${at === '' ? '' : ` at ${at}`}`, async (t) => {
    const text = recorded(file);
    if (text === undefined) return t.skip(noData(file));
    const records = recordsOf(recording, text);
    const done = await normalised(vendor, records, settings);
    const counts = { records: records.length, duplicates: done.duplicates, ...tally(done) };
    assert.deepEqual(counts, { ...none, ...expected });
    assert.ok(expected.records === expected.findings || recording.because !== undefined, 'does not say why');
    const sum = sums.get(vendor) ?? none;
    sums.set(vendor, Object.fromEntries(Object.entries(sum).map(([key, n]) => [key, n + counts[key as keyof Counts]])) as Required<Counts>); // its own keys
  });
}

test('every recorded file is read, or says why not', (t) => {
  if (shared('specs') === undefined) return t.skip(noData(''));
  const files = readdirSync(specs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(specs, join(entry.parentPath, entry.name)));
  const read = new Set(recordings.map(({ file }) => file));
  const neither = files.filter((file) => !read.has(file) && !notRecords.some(([pattern]) => pattern.test(file)));
  assert.deepEqual(neither, []);
  const both = [...read].filter((file) => notRecords.some(([pattern]) => pattern.test(file)));
  assert.deepEqual(both, []);
});

test('what the recorded answers come to', (t) => {
  t.diagnostic(
    `${'vendor'.padEnd(20)}${Object.keys(none)
      .map((key) => key.padStart(11))
      .join('')}`,
  );
  for (const [vendor, sum] of [...sums].sort()) {
    t.diagnostic(
      `${vendor.padEnd(20)}${Object.values(sum)
        .map((n) => String(n).padStart(11))
        .join('')}`,
    );
  }
  const without = vendorNames.filter((name) => !recordings.some(({ vendor }) => vendor === name));
  t.diagnostic(`no recorded records here: ${without.join(', ')}`);
  assert.deepEqual(without, ['cortex-xsoar', 'crowdstrike', 'extrahop', 'file', 'sentinelone', 'sophos']);
});

function recordsOf({ at, wrap }: Recording, text: string): unknown[] {
  const found = at === 'lines' ? linesOf(text) : at === 'alerts' ? alertsIn(JSON.parse(text)) : walk(JSON.parse(text), at.split('.'));
  return found.map((record, index) => (wrap === undefined ? record : wrap(Object(record), index)));
}

function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

function walk(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined || key === '') return [value];
  if (key === '*') return (Array.isArray(value) ? value : assert.fail('no list')).flatMap((each) => walk(each, rest));
  const inner = key === 'json' ? JSON.parse(String(value)) : (Object(value)[key] ?? assert.fail(`no ${key}`));
  return walk(inner, rest);
}

/** The fixtures of a software development kit: alerts by themselves and in lists, among requests and other answers. */
function alertsIn({ fixtures }: { fixtures: Record<string, { results?: unknown[] }> }): unknown[] {
  const isAlert = (value: unknown) => 'backend_timestamp' in Object(value) && 'id' in Object(value);
  return Object.values(fixtures).flatMap((each) => (isAlert(each) ? [each] : (each.results ?? []).filter(isAlert)));
}
