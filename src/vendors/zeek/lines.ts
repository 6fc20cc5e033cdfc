import { parseJson } from '../../http-json.ts';
import { instantOf } from '../../products/index.ts';
import type { Heard, LogLine } from '../../records/index.ts';

// [zeek]: scripts/base/frameworks/logging/writers/ascii.zeek in github.com/zeek/zeek, the vendor's own

/** What the header of a TSV file says of the lines below it. */
interface Header {
  separator: string;
  set_separator: string;
  empty: string;
  unset: string;
  path: string;
  fields: string[];
  types: string[];
}

const asWritten: Header = { separator: '\t', set_separator: ',', empty: '(empty)', unset: '-', path: '', fields: [], types: [] };

/** A reader of Zeek's logs, TSV and JSON line by line: notices become records, other logs only show that the sensor lived. */
export function zeekReader(): (line: LogLine) => Heard | undefined {
  let header = asWritten;
  return ({ text, number, ended }) => {
    if (number === 1) header = asWritten;
    if (text.startsWith('{')) return hearJson(text, ended);
    if (text.startsWith('#')) {
      header = headerOf(text, header);
      return undefined;
    }
    // A line that lacks its end may be cut within its last column, and nobody could tell.
    return ended ? hearRow(text, header) : undefined;
  };
}

function headerOf(line: string, header: Header): Header {
  const written = /^#separator (.*)$/.exec(line)?.[1];
  if (written !== undefined) return { ...asWritten, separator: unescaped(written) };
  const [name, ...values] = line.split(header.separator);
  const [value = ''] = values;
  const known: Readonly<Record<string, Partial<Header>>> = {
    '#set_separator': { set_separator: value },
    '#empty_field': { empty: value },
    '#unset_field': { unset: value },
    '#path': { path: value },
    '#fields': { fields: values },
    '#types': { types: values },
  };
  return { ...header, ...(Object.hasOwn(known, name ?? '') ? known[name ?? ''] : {}) };
}

/** Columns come from the header, never by position: loaded scripts add some. */
function hearRow(line: string, header: Header): Heard | undefined {
  const { fields, types, separator } = header;
  if (fields.length === 0) return { reason: 'comes before any #fields line, and is no JSON' };
  const cells = line.split(separator);
  if (cells.length !== fields.length) return { reason: `has ${cells.length} fields, the header has ${fields.length}` };
  const record: Record<string, unknown> = {};
  for (const [index, field] of fields.entries()) {
    const value = cellOf(cells[index] ?? '', types[index] ?? '', header);
    if (value !== undefined) record[field] = value;
  }
  return heard(record, header.path);
}

function cellOf(cell: string, type: string, { unset, empty, set_separator }: Header): unknown {
  if (cell === unset) return undefined;
  if (/^(?:set|vector)\[/.test(type)) return cell === empty ? [] : cell.split(set_separator).map(unescaped);
  if (/^(?:time|interval|double|count|int|port)$/.test(type)) return Number.isNaN(Number(cell)) ? cell : Number(cell);
  return cell === empty ? '' : unescaped(cell);
}

/** "\x09" is the byte 9 of a text in UTF-8, and "\\" one backslash. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replace(/\\(?:x([0-9a-fA-F]{2})|\\)/g, (_, hex?: string) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}

function hearJson(text: string, ended: boolean): Heard | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok) return ended ? { reason: parsed.why } : undefined;
  // Corelight names the log "_path"; some exports "@stream", and write id_orig_h for id.orig_h.
  const record: Record<string, unknown> = { ...Object(parsed.json) };
  const path = record._path ?? record['@stream'];
  return heard(record, typeof path === 'string' ? path : '');
}

/** Without a name of the log, what carries a note is a notice. */
function heard(record: Record<string, unknown>, path: string): Heard | undefined {
  const at = timeOf(record.ts);
  const isNotice = path === '' ? record.note !== undefined : path === 'notice';
  // Other logs may have no times at all, like loaded_scripts.
  if (at === undefined && !isNotice && path !== '') return undefined;
  if (at === undefined) return { reason: `its ts is no time: ${String(record.ts).slice(0, 40)}` };
  return isNotice ? { at, record: { ...record, ts: at } } : { at };
}

/** Seconds with a fraction, milliseconds (JSON::TS_MILLIS) or ISO 8601 (Corelight), by how the value looks. */
function timeOf(ts: unknown): number | undefined {
  if (typeof ts !== 'number') return instantOf(ts);
  return Number.isFinite(ts) ? Math.floor(ts > 1e11 ? ts : Number((ts * 1000).toFixed(3))) : undefined;
}
