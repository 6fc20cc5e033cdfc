import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { realEffects } from '../../src/effects.ts';
import type { SourceError } from '../../src/http.ts';
import { readRows } from '../../src/records/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'records-'));
after(() => rm(folder, { recursive: true }));

const columns = ['a', 'b'];

async function read(name: string, content: string | Buffer, maxBytes = 1_000_000) {
  await writeFile(join(folder, name), content);
  const files = { path: name, base: folder, format: undefined, delimiter: undefined, records: '', max_bytes: maxBytes };
  const failed: SourceError[] = [];
  const rows = await Array.fromAsync(readRows(files, { columns, required: columns }, realEffects, (error) => failed.push(error)));
  return { rows, failed };
}

/** Written without regard to the reader: quotes only where RFC 4180 asks for them, or where `eager`. */
function csv(rows: string[][], lineEnd: string, eager: boolean): string {
  const field = (text: string) => (eager || /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text);
  return [['a', 'b'], ...rows].map((row) => row.map(field).join(',')).join(lineEnd) + lineEnd;
}

test('whatever is written is read back, with the line on which it starts', async () => {
  const text = fc.string({
    unit: fc.constantFrom('x', ' ', '"', ',', ';', '\n', '\r\n', '\r', '=', 'é', '漢', '😀', '\uFFFD', '\u0000'),
    maxLength: 8,
  });
  const rows = fc.array(fc.tuple(text, text), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (written, lineEnd, eager) => {
      const { rows, failed } = await read('random.csv', csv(written, lineEnd, eager));
      assert.deepEqual(failed, []);
      assert.deepEqual(
        rows.map((row) => ('cells' in row ? row.cells : row)),
        written,
      );
      let line = 2;
      for (const [index, row] of rows.entries()) {
        assert.equal(row.place, `random.csv line ${line}`);
        line += (written[index] ?? []).join('').split(/\r\n|\r|\n/).length;
        line += boundaryLines(written[index] ?? []);
      }
    }),
    { numRuns: 150 },
  );
});

/** Two fields joined for counting may make one CRLF of a CR and an LF that stand in different fields. */
function boundaryLines([first = '', second = '']: string[]): number {
  return first.endsWith('\r') && second.startsWith('\n') ? 1 : 0;
}

test('the same rows as JSON and as JSON lines are the same rows', async () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.bigInt({ min: 0n, max: 10n ** 25n }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), async (written) => {
      const json = (part: string | bigint) => (typeof part === 'bigint' ? String(part) : JSON.stringify(part));
      const objects = written.map(([a, b]) => `{"a":${json(a)},"b":${json(b)}}`);
      const cells = written.map((row) => row.map(String));
      for (const [name, content] of Object.entries({ 'x.json': `[${objects.join(',\n')}]`, 'x.jsonl': objects.join('\r\n') })) {
        const { rows } = await read(name, content);
        assert.deepEqual(
          rows.map((row) => ('cells' in row ? row.cells : row)),
          cells,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('what unpacks to more than allowed is stopped, not swallowed', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000, 'a,b\n'));
  assert.ok(bomb.length < 50_000);
  const { failed } = await read('bomb.csv.gz', bomb, 50_000);
  assert.equal(failed[0]?.kind, 'too-large');
});

test('a file that is no table says what it is', async () => {
  const cases: [name: string, content: string | Buffer, message: RegExp][] = [
    ['empty.csv', '', /empty\.csv is empty/],
    ['utf16.csv', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), /is UTF-16; save it as UTF-8/],
    ['header.csv', Buffer.from('a,b,caf\xe9\n1,2,3\n', 'latin1'), /is not UTF-8/],
    ['wrong.csv', 'a;b\n1;2\n', /has no column "a".*It has: a;b/],
    ['login.json', '<!doctype html><p>Sign in', /web page, not JSON/],
    ['cut.json', '[{"a":1,', /ends in the middle/],
    ['deeper.json', '{"items":[],"n":1}', /no array at ""; set records to one of: items/],
    ['typo.jsonl', '{"A":1,"b":2}\n', /has no column "a"; did you mean "A"\?/],
    ['broken.csv.gz', 'not packed', /cannot be unpacked/],
    ['broken.zip', 'not packed', /cannot be unpacked/],
    ['what.xlsx', 'PK', /set format/],
  ];
  for (const [name, content, message] of cases) {
    const { rows, failed } = await read(name, content);
    assert.deepEqual(rows, [], name);
    assert.match(failed[0]?.message ?? 'read without a word', message, name);
  }
});

test('a line too long to be one is broken, the next ones are read', async () => {
  const { rows } = await read('long.jsonl', `{"a":"${'x'.repeat(5_000_000)}"}\n{"a":"1","b":"2"}\n`, 10_000_000);
  assert.deepEqual(
    rows.map((row) => ('cells' in row ? row.cells : row.reason)),
    ['is longer than 4000000 bytes', ['1', '2']],
  );
});
