import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type CsvColumn, tableColumns, writeCsv } from '../../src/render/csv.ts';
import { stableJson } from '../../src/render/json.ts';
import { sampleAnalysis } from './sample.ts';
import { hostile } from './sample-series.ts';

const title: CsvColumn<string> = { name: 'title', kind: 'text', value: (row) => row };

function csv<Row>(columns: CsvColumn<Row>[], rows: Row[], zone = 'Europe/Berlin'): string[][] {
  return parse([...writeCsv(columns, rows, zone)].join(''), { bom: true });
}

test('no text can start a formula', () => {
  const starts = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠', ' =', '"=', "'=", '\n='];
  for (const start of starts) assert.equal(csv([title], [`${start}1+1`])[1]?.[0]?.[0], "'", JSON.stringify(start));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const cell = csv([title], [`x`, text])[2]?.[0] ?? '';
      assert.doesNotMatch(cell, /^[\s"\0]*[=+\-@＝＋－＠]/);
    }),
  );
});

test('a field survives quotes, separators and markup', () => {
  const texts = [hostile, 'a,b;"c"', 'two words'];
  assert.deepEqual(csv([title], texts).slice(1).flat(), texts);
});

test('an instant fills two columns and keeps its clock over both changes', () => {
  const at: CsvColumn<number> = { name: 'at', kind: 'instant', value: (row) => row };
  const rows = ['2026-10-25T00:59:59Z', '2026-10-25T01:00:00Z', '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z'].map((iso) =>
    Date.parse(iso),
  );
  const local = csv([at], rows).map((row) => row[1]);
  assert.deepEqual(local, [
    'at (Europe/Berlin)',
    '2026-10-25 02:59:59',
    '2026-10-25 02:00:00',
    '2026-03-29 01:59:59',
    '2026-03-29 03:00:00',
  ]);
  for (const ms of [...rows, 1, 999, 1_700_000_000_123, -1, -3_600_001]) assert.equal(csv([at], [ms])[1]?.[0], new Date(ms).toISOString());
});

test('unknown is an empty field, in both columns of an instant', () => {
  const columns: CsvColumn<null>[] = [
    { name: 'n', kind: 'number', value: () => Number.NaN },
    { name: 'at', kind: 'instant', value: () => Number.NaN },
    { name: 'zero', kind: 'number', value: () => 0 },
  ];
  assert.deepEqual(csv(columns, [null])[1], ['', '', '', '0']);
});

test("a report's table keeps numbers as numbers", () => {
  const table = sampleAnalysis().tables['top-pairs'];
  assert.ok(table);
  const rows = csv(tableColumns(table), table.rows);
  assert.equal(rows.length, table.rows.length + 1);
  assert.deepEqual(rows[2]?.slice(0, 3), [hostile, '10.0.1.7', '545']);
  assert.equal(rows[5]?.[1], '');
});

test('report.json does not depend on the order of computing', () => {
  assert.equal(stableJson({ b: 1, a: { d: [2, 1], c: null } }), stableJson({ a: { c: null, d: [2, 1] }, b: 1 }));
  assert.deepEqual(JSON.parse(stableJson(sampleAnalysis())), JSON.parse(JSON.stringify(sampleAnalysis())));
  assert.throws(() => stableJson({ value: Number.NaN }), RangeError);
});

test('a text that is said by its code is written like any other', () => {
  const values = ['=1+1', hostile, 'plain', 'a;b', '\u202etxt'];
  const coded: CsvColumn<number> = { name: 'c', kind: 'text', value: (row) => values[row], coded: { code: (row) => row, values } };
  const { coded: _, ...uncoded } = coded;
  const rows = [0, 1, 2, 3, 4, -1, 2];
  assert.deepEqual([...writeCsv([coded], rows, 'UTC')], [...writeCsv([uncoded], rows, 'UTC')]);
  assert.equal(csv([coded], rows)[1]?.[0], "'=1+1");
});
