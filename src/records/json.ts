import { isUtf8 } from 'node:buffer';
import { SourceError } from '../http.ts';
import { parseJson } from '../http-json.ts';
import { linesOf } from './lines.ts';
import { assertColumns, type Broken, type Cell, maxRecord, type Row, type Wanted } from './row.ts';

// A key may be missing from a record because nothing is known; one missing from so many at the start is misspelt.
const lookAhead = 100;

/**
 * The rows of a JSON file: the array at `pointer` ("/data/items" or "data.items"; "" is the whole file).
 * Columns are keys, or paths of keys ("owner.name"). Integers beyond 2^53 keep all their digits.
 * @throws SourceError when the file is no JSON or has no array there.
 */
export async function* readJson(
  name: string,
  bytes: AsyncIterable<Buffer>,
  pointer: string,
  wanted: Wanted,
): AsyncGenerator<Row | Broken, void, void> {
  const whole = Buffer.concat(await Array.fromAsync(bytes));
  const valid = isUtf8(whole);
  const records = arrayAt(name, parseWhole(name, whole), pointer);
  assertKeys(name, records.slice(0, lookAhead), wanted);
  let number = 0;
  for (const record of records) yield rowOf(`${name} record ${++number}`, record, wanted, valid);
}

/** The rows of a file with one JSON object a line. A line that is no JSON is broken, the others are not. */
export async function* readJsonLines(name: string, bytes: AsyncIterable<Buffer>, wanted: Wanted): AsyncGenerator<Row | Broken, void, void> {
  let ahead: (Row | Broken)[] | undefined = [];
  const seen: unknown[] = [];
  for await (const { line, number } of linesOf(bytes)) {
    const row = lineRow(`${name} line ${number}`, line, wanted);
    if (row === undefined) continue;
    if (ahead === undefined) {
      yield row;
      continue;
    }
    ahead.push(row);
    if ('cells' in row) seen.push(row.source);
    if (seen.length < lookAhead) continue;
    assertKeys(name, seen, wanted);
    yield* ahead;
    ahead = undefined;
  }
  if (ahead === undefined) return;
  assertKeys(name, seen, wanted);
  yield* ahead;
}

function lineRow(place: string, line: Buffer, wanted: Wanted): Row | Broken | undefined {
  const text = line.toString('utf8');
  if (text.trim() === '') return undefined;
  if (line.length > maxRecord) return { place, reason: `is longer than ${maxRecord} bytes`, source: text.slice(0, 1000) };
  if (!isUtf8(line)) return { place, reason: 'is not UTF-8; export the file as UTF-8', source: text };
  const parsed = parseJson(text);
  if (!parsed.ok) return { place, reason: parsed.why, source: text };
  return rowOf(place, parsed.json, wanted, true);
}

function rowOf(place: string, record: unknown, { columns }: Wanted, valid: boolean): Row | Broken {
  if (!isObject(record)) return { place, reason: 'is no JSON object', source: record };
  // Only in a file that is not all UTF-8 does the replacement character mean bytes that could not be read.
  if (!valid && JSON.stringify(record).includes('\uFFFD'))
    return { place, reason: 'is not UTF-8; export the file as UTF-8', source: record };
  return { place, cells: columns.map((column) => cellOf(valueAt(record, column))), source: record };
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => !isObject(part) && !Array.isArray(part))) return value.map(String);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function valueAt(record: Record<string, unknown>, column: string): unknown {
  if (Object.hasOwn(record, column)) return record[column];
  return walk(record, column);
}

/** Follows "/a/b" (RFC 6901) or "a.b". */
function walk(value: unknown, path: string): unknown {
  if (path === '') return value;
  const keys = path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    : path.split('.');
  let here = value;
  for (const key of keys) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

function arrayAt(name: string, whole: unknown, pointer: string): unknown[] {
  const found = walk(whole, pointer);
  if (Array.isArray(found)) return found;
  const lists = isObject(whole) ? Object.keys(whole).filter((key) => Array.isArray(whole[key])) : [];
  const hint = lists.length === 0 ? '' : `; set records to one of: ${lists.join(', ')}`;
  throw new SourceError('rejected', `${name} has no array at "${pointer}"${hint}`);
}

function assertKeys(name: string, records: readonly unknown[], { required }: Wanted): void {
  const objects = records.filter(isObject);
  if (objects.length === 0) return;
  const absent = required.filter((column) => objects.every((record) => valueAt(record, column) === undefined));
  if (absent.length > 0) assertColumns(name, [...new Set(objects.flatMap(Object.keys))], absent);
}

function parseWhole(name: string, whole: Buffer): unknown {
  const parsed = parseJson(whole.toString('utf8'));
  if (!parsed.ok) throw new SourceError(parsed.kind, `${name}: ${parsed.why}`);
  return parsed.json;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
