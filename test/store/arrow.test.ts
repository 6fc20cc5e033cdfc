import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bool, columnFromArray, tableFromColumns, tableFromIPC, tableToIPC } from '@uwdata/flechette';
import fc from 'fast-check';
import { readArrow } from '../../src/store/arrow.ts';
import { type Columns, numberColumn, readTexts, readUtf8, textColumn, utf8Column } from '../../src/store/codec.ts';
import { coder } from '../../src/store/rows.ts';

function bytesOf(columns: Columns): Uint8Array {
  const bytes = tableToIPC(tableFromColumns(columns), { format: 'stream' });
  assert.ok(bytes !== null);
  return bytes;
}

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom('', 'a', '\ufeffa', 'Zürich'),
);
const number = fc.oneof(
  fc.integer({ min: -127, max: 127 }),
  fc.integer({ min: -40_000, max: 40_000 }),
  fc.constantFrom(Number.NaN, 2 ** 31, 0.5),
);
const rows = fc.array(fc.record({ coded: text, plain: text, small: fc.integer({ min: -9, max: 9 }), number }), {
  minLength: 1,
  maxLength: 300,
});

test('tables read as a general reader of the format reads them', () => {
  fc.assert(
    fc.property(rows, (some) => {
      const { codes, values } = coder();
      const texts = { codes: codes(some.map(({ coded }) => coded)), values };
      const bytes = bytesOf([
        ['coded', textColumn(texts)],
        ['plain', utf8Column(some.map(({ plain }) => plain))],
        ['small', numberColumn(Float64Array.from(some, (row) => row.small))],
        ['again', textColumn({ codes: texts.codes.slice().reverse(), values })],
        ['number', numberColumn(Float64Array.from(some, (row) => row.number))],
      ]);
      const read = readArrow(bytes);
      const known = tableFromIPC(bytes);
      assert.deepEqual([...read.keys()], known.names);
      for (const name of ['small', 'number']) assert.deepEqual(read.get(name)?.values, known.getChild(name).toArray());
      // The general reader takes a byte order mark for none of the text.
      const withoutMark = (one: string) => one.replace(/^\ufeff/, '');
      assert.deepEqual(readUtf8(read.get('plain')).map(withoutMark), known.getChild('plain').toArray());
      for (const name of ['coded', 'again']) {
        const column = read.get(name);
        assert.ok(column !== undefined);
        const { codes: own, values: distinct } = readTexts(column);
        assert.deepEqual(
          Array.from(own, (code) => withoutMark(distinct[code] ?? 'no such text')),
          known.getChild(name).toArray(),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('texts come back as they were given, mark and all', () => {
  const texts = ['\ufeffa', '', 'ä', 'plain'];
  assert.deepEqual(readUtf8(readArrow(bytesOf([['one', utf8Column(texts)]])).get('one')), texts);
});

test('what no segment holds is refused, not misread', () => {
  const gap = bytesOf([['one', columnFromArray([1, null, 3])]]);
  assert.throws(() => readArrow(gap), /bitmap/);
  const flags = bytesOf([['one', columnFromArray([true, false], bool())]]);
  assert.throws(() => readArrow(flags), /type 6/);
  assert.throws(() => readArrow(new Uint8Array(3)), RangeError);
  assert.throws(() => readUtf8(undefined), /missing/);
});
