import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Collection } from '../../src/collect.ts';
import type { Finding } from '../../src/finding.ts';
import type { Normalised } from '../../src/normalise.ts';
import { loadVendor, vendorNames } from '../../src/vendors/index.ts';
import { type AnyVendor, type Question, questions } from '../../src/vendors/vendor.ts';
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

/** How a finding shows that a question was answered. */
const shown: Readonly<Record<Question, (finding: Finding) => boolean>> = {
  first_activity_at: (each) => each.first_activity_at !== undefined,
  acknowledged_at: (each) => each.acknowledged_at !== undefined,
  verdict: (each) => each.verdict !== null,
  verdict_at: (each) => each.verdict_at !== undefined,
  escalated: (each) => each.escalated !== null,
  escalated_at: (each) => each.escalated_at !== undefined,
  contained_at: (each) => each.contained_at !== undefined,
  notified_at: (each) => each.notified_at !== undefined,
  closed_at: (each) => each.closed_at !== undefined,
  reopened: (each) => each.reopen_count !== undefined || each.events?.some(({ type }) => type === 'reopened') === true,
  assignee: (each) => each.assignee !== undefined,
  closed_by: (each) => each.closed_by !== undefined || each.closed_by_kind !== undefined,
  severity: (each) => each.severity !== 0 && each.severity !== 99,
  rules: (each) => each.rules.length > 0,
  entities: (each) => each.entities.length > 0,
  attacks: (each) => each.attacks.length > 0,
  log_sources: (each) => each.log_sources.length > 0,
  networks: (each) => each.networks.length > 0,
};

for (const name of vendorNames.filter((each) => casesOf(each).length > 0)) {
  test(`${name}: its cases show every answer it says it has, and none that it says it has not`, async () => {
    const vendor = await loadVendor(name);
    const findings: Finding[] = casesOf(name).flatMap((each) => read(join(fixtures, name, each, 'expected.json')).findings);
    const answered = questions.filter((question) => findings.some(shown[question]));
    const said = questions.filter((question) => ['field', 'event'].includes(vendor.capability[question].answer));
    assert.deepEqual(answered, said);
    assert.ok(findings.some(({ url }) => url !== undefined) || withoutLink.includes(name), 'no finding has a link');
  });
}

/** Consoles whose address of one item is in no documentation that was read. */
const withoutLink = ['cortex-xsoar', 'sophos', 'wazuh'];

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
