import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Collection } from '../../src/collect.ts';
import type { Normalised } from '../../src/normalise.ts';
import { loadVendor, vendorNames } from '../../src/vendors/index.ts';
import { type AnyVendor, questions } from '../../src/vendors/vendor.ts';
import { read, replay } from './replay.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const foldersIn = (path: string): string[] =>
  (existsSync(path) ? readdirSync(path, { withFileTypes: true }) : []).filter((each) => each.isDirectory()).map((each) => each.name);
const casesOf = (vendor: string): string[] =>
  foldersIn(join(fixtures, vendor)).filter((name) => existsSync(join(fixtures, vendor, name, 'api.json')));

test('there are vendors', () => assert.ok(vendorNames.length > 0));

for (const name of vendorNames) {
  test(`${name}: folder, id and fixtures agree`, async () => {
    const vendor = await loadVendor(name);
    assert.equal(vendor.id, name);
    assert.ok(foldersIn(join(fixtures, name)).length > 0 || existsSync(join(fixtures, name)), `no fixtures for ${name}`);
    // What is not spoken over HTTP is not replayed here; its own test has to cover it.
    if (casesOf(name).length === 0)
      assert.ok(existsSync(join(import.meta.dirname, `${name}.test.ts`)), `${name} has neither api.json cases nor a test of its own`);
    assert.equal(casesOf(name).length > 0, vendor.connection !== undefined);
  });

  test(`${name}: answers every question about itself, and takes no unknown setting`, async () => {
    const vendor = await loadVendor(name);
    assert.deepEqual(Object.keys(vendor.capability).sort(), [...questions].sort());
    assert.ok(vendor.permissions.every((permission) => permission.trim() !== ''));
    const issues = vendor.settings.safeParse({ no_such_setting: 1 }).error?.issues ?? [];
    assert.ok(
      issues.some((issue) => issue.code === 'unrecognized_keys' || issue.code === 'invalid_union'),
      `${name} accepts any setting`,
    );
  });

  for (const each of casesOf(name)) {
    test(`${name}: ${each}`, async () => {
      const vendor = await loadVendor(name);
      const folder = join(fixtures, name, each);
      const { collection, normalised } = await replay(vendor, folder);
      const actual = outcome(collection, normalised);
      compare(join(folder, 'expected.json'), actual);
      if (collection.status === 'complete') assert.equal(collection.reason, undefined);
      else assert.ok(collection.reason, 'not complete, and does not say why');
      assertHonest(vendor, normalised);
    });
  }
}

interface Expected extends Normalised {
  /** What the reason must say; the rest of its wording is free. */
  reason?: string;
  collection: Pick<Collection, 'status' | 'expected' | 'fetched' | 'watermark'>;
}

function outcome({ status, reason, expected, fetched, watermark }: Collection, normalised: Normalised): Expected {
  const plain = { ...(reason === undefined ? {} : { reason }), collection: { status, expected, fetched, watermark }, ...normalised };
  return JSON.parse(JSON.stringify(plain));
}

function compare(path: string, { reason, ...actual }: Expected): void {
  if (!existsSync(path)) {
    assert.equal(process.env.CI, undefined, `${path} is missing`);
    writeFileSync(path, `${JSON.stringify({ reason: reason?.split(':')[0], ...actual }, null, 2)}\n`);
  }
  const { reason: said, ...expected }: Expected = read(path);
  assert.deepEqual(actual, expected);
  assert.equal(reason?.includes(said ?? '') ?? said === undefined, true, `"${reason}" does not say "${said}"`);
}

/** A product that cannot answer must not seem to. */
function assertHonest(vendor: AnyVendor, { findings }: Normalised): void {
  const stamps = [
    'first_activity_at',
    'acknowledged_at',
    'verdict_at',
    'escalated_at',
    'contained_at',
    'notified_at',
    'closed_at',
  ] as const;
  for (const stamp of stamps) {
    const { answer } = vendor.capability[stamp];
    if (answer === 'no' || answer === 'derived')
      assert.ok(
        findings.every((finding) => finding[stamp] === undefined),
        `${stamp} is set, yet the answer is "${answer}"`,
      );
  }
  assert.ok(findings.every((finding) => vendor.capability.escalated.answer !== 'no' || finding.escalated === null));
  assert.ok(findings.every((finding) => finding.status === 'closed' || finding.status === 'resolved' || finding.closed_at === undefined));
}
