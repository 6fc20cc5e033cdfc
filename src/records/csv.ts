import { isAscii, isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { SourceError } from '../http.ts';
import { type Broken, maxRecord, positionsOf, type Row, type Wanted } from './row.ts';

/** What csv-parse delivers with `info` and `raw`: texts as latin1, so that every byte can still be judged. */
interface Parsed {
  record: string[];
  raw: string;
  /** The line on which the row starts, and the one after its last; 1 is the header's. */
  first: number;
  next: number;
}

/**
 * The rows of a CSV file with a header line (RFC 4180; CRLF, LF and CR; a quote within an unquoted text is text).
 * A row with more or fewer fields than the header has shifted columns: broken, however harmless it looks.
 * With a `given` header the file has none, and what is beyond its last column belongs to that: logs do not quote their messages.
 * @throws SourceError when the header lacks a wanted column, or a quote is never closed.
 */
export async function* readCsv(
  name: string,
  bytes: AsyncIterable<Buffer>,
  delimiter: string,
  wanted: Wanted,
  given?: readonly string[],
): AsyncGenerator<Row | Broken, void, void> {
  let header = given;
  let positions = given === undefined ? [] : positionsOf(name, given, wanted);
  for await (const { record, raw, first, next } of parse(name, bytes, delimiter)) {
    const place = `${name} line ${first}`;
    const { texts, source } = decode(given === undefined ? record : joined(record, given.length, delimiter), raw);
    if (header === undefined) {
      if (texts === undefined) throw new SourceError('rejected', `${name} is not UTF-8; export it as UTF-8`);
      header = texts;
      positions = positionsOf(name, header, wanted);
    } else if (texts === undefined) {
      yield { place, reason: `is not UTF-8 in ${badColumns(record, header)}; export the file as UTF-8`, source };
    } else if (texts.length !== header.length) {
      yield { place, reason: `has ${texts.length} fields, the header has ${header.length}${spanOf(first, next)}`, source };
    } else if (texts.some((text) => text.startsWith('"')) && !isWellQuoted(raw, delimiter)) {
      yield { place, reason: `has text after a closing quote${spanOf(first, next)}`, source };
    } else {
      yield { place, cells: positions.map((position) => texts[position]), source };
    }
  }
  if (header === undefined) throw new SourceError('rejected', `${name} is empty: there is no header line`);
}

async function* parse(name: string, bytes: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Parsed, void, void> {
  const { parse: newParser } = await import('csv-parse');
  const parser = newParser({
    columns: false,
    delimiter,
    encoding: 'latin1',
    info: true,
    max_record_size: maxRecord,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // The pipeline destroys the parser with whatever goes wrong; the loop below then throws it.
  pipeline(Readable.from(bytes), parser, () => {});
  let line = 1;
  try {
    for await (const { record, raw } of parser) {
      const first = line + blankLines(raw);
      // Counted here: csv-parse counts a CRLF within quotes as two lines.
      line += raw.split(/\r\n|\r|\n/).length - 1;
      yield { record, raw, first, next: line };
    }
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    throw new SourceError('truncated', `${name} cannot be read on from line ${line}: a quote is opened and never closed`, { cause });
  }
}

function joined(record: string[], length: number, delimiter: string): string[] {
  return record.length <= length ? record : [...record.slice(0, length - 1), record.slice(length - 1).join(delimiter)];
}

/** csv-parse keeps the ends of skipped blank lines at the front of the next row's raw text, one character each. */
function blankLines(raw: string): number {
  return raw.length - raw.replace(/^[\r\n]+/, '').length;
}

function spanOf(first: number, next: number): string {
  return next - first > 1 ? `, and it runs to line ${next - 1}: is a quote missing?` : '';
}

/** A lenient parser leaves a field that it could not end with its opening quote; so may a text that truly starts with one. */
function isWellQuoted(raw: string, delimiter: string): boolean {
  const end = RegExp.escape(delimiter);
  const field = `(?:"[^"]*(?:""[^"]*)*"|[^"${end}\\r\\n][^${end}\\r\\n]*|)`;
  return new RegExp(`^[\\r\\n]*${field}(?:${end}${field})*[\\r\\n]*$`).test(raw);
}

/** `texts` is undefined where the row is not UTF-8; `source` then shows what could not be read as U+FFFD. */
function decode(record: string[], raw: string): { texts: string[] | undefined; source: string } {
  const bytes = Buffer.from(raw, 'latin1');
  if (isAscii(bytes)) return { texts: record, source: raw };
  return { texts: isUtf8(bytes) ? record.map(fromLatin1) : undefined, source: bytes.toString('utf8') };
}

function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function badColumns(record: string[], header: readonly string[]): string {
  const bad = header.filter((_, index) => !isUtf8(Buffer.from(record[index] ?? '', 'latin1')));
  return bad.length === 0 ? 'a surplus field' : bad.map((column) => `"${column}"`).join(', ');
}
