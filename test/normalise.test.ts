import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Normalised, normaliser } from '../src/normalise.ts';
import type { AnyVendor, Page } from '../src/vendors/vendor.ts';
import { collectable } from './collectable.ts';

const now = Date.UTC(2026, 9, 1);
const hour = 60 * 60 * 1000;
const record = (id: string, changes: object = {}) => ({ id, at: now - hour, title: `Title ${id}`, ...changes });

function normalise(pages: Page[], vendor: AnyVendor = collectable): Normalised {
  const records = normaliser(vendor, {}, now);
  pages.forEach((page, index) => {
    records.add(page, index + 1);
  });
  return records.finish();
}

test('what is no finding is counted, placed, and kept with its reason', () => {
  const { findings, rejections } = normalise([
    { records: [record('a'), { at: now, title: 'x' }] },
    {
      records: [record('b', { at: 0 }), record('c', { at: now + 27 * hour }), record('d', { at: Number.NaN }), record('')],
      places: ['line 2', 'line 3', 'line 4', 'line 5'],
    },
    { records: [], rejected: [{ place: 'line 9', reason: 'cut off', raw: '"x' }] },
  ]);
  assert.deepEqual(
    findings.map((each) => each.native_id),
    ['a'],
  );
  assert.deepEqual(
    rejections.map(({ place, reason }) => `${place}: ${reason}`),
    [
      'page 1, record 2: id: Invalid input: expected string, received undefined',
      'line 2: created 1970-01-01T00:00:00.000Z: before 2000, a date that nobody set',
      'line 3: created 2026-10-02T03:00:00.000Z: in the future',
      'line 4: at: Invalid input: expected number, received NaN',
      'line 5: it has no id',
      'line 9: cut off',
    ],
  );
  assert.deepEqual(JSON.parse(rejections[1]?.raw ?? ''), record('b', { at: 0 }));
});

test('a clock that is some hours ahead is believed', () => {
  assert.equal(normalise([{ records: [record('a', { at: now + 14 * hour })] }]).findings.length, 1);
});

test('of one id the last version wins, and the others are counted', () => {
  const { findings, duplicates } = normalise([
    { records: [record('a', { title: 'old' }), record('b')] },
    { records: [record('a', { title: 'new' })] },
  ]);
  assert.deepEqual(
    findings.map((each) => each.title),
    ['new', 'Title b'],
  );
  assert.equal(duplicates, 1);
});

test('a record that makes the vendor stumble costs only itself', () => {
  const clumsy: AnyVendor = {
    ...collectable,
    normalise: (raw, context) => (raw.id === 'bad' ? JSON.parse('{') : collectable.normalise(raw, context)),
  };
  const { findings, rejections } = normalise([{ records: [record('bad'), record('good')] }], clumsy);
  assert.deepEqual(
    findings.map((each) => each.native_id),
    ['good'],
  );
  assert.match(rejections[0]?.reason ?? '', /^not understood: /);
});

test('a huge or bottomless record is kept as far as it goes', () => {
  let deep: unknown = [];
  for (let level = 0; level < 200_000; level++) deep = [deep];
  const { rejections } = normalise([{ records: [{ text: 'x'.repeat(100_000) }, deep] }]);
  assert.equal(rejections.length, 2);
  assert.ok(rejections.every(({ raw }) => raw.length > 0 && raw.length < 20_000));
});

test('text stays as it is, but for what no store can hold', () => {
  const [finding] = normalise([{ records: [record('a', { title: 'a\u0000b\u001fc\ud800d<b>\u202e\n' })] }]).findings;
  assert.equal(finding?.title, 'a\u2400b\u241fc\ufffdd<b>\u202e\n');
  assert.deepEqual(finding?.rules, [{ name: finding?.title }]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (title) => {
      const [stored] = normalise([{ records: [record('a', { title })] }]).findings;
      const plain = title.isWellFormed() && !title.includes('\u0000') && !title.includes('\u001f');
      assert.equal(stored?.title === title, plain);
      assert.ok(stored?.title.isWellFormed());
    }),
  );
});
