import type { Table } from '../analyse/kpi.ts';
import { visible } from './visible.ts';

/** One column of a CSV file. An instant (epoch ms) fills two: UTC, and the local clock of the client's zone. */
export interface CsvColumn<Row> {
  name: string;
  kind: 'text' | 'number' | 'instant';
  /** null, undefined and NaN mean unknown and leave the field empty. */
  value(row: Row): string | number | null | undefined;
}

/**
 * Rows as CSV (RFC 4180, UTF-8 with a byte order mark so that Excel reads it right) in chunks of about 64 kB.
 * A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
 */
export function* writeCsv<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>, zone: string): Generator<string, void, void> {
  const local = localClock(zone);
  let chunk = `\ufeff${columns.map((column) => header(column, zone)).join(',')}\r\n`;
  for (const row of rows) {
    let comma = '';
    for (const column of columns) {
      chunk += comma + field(column, row, local);
      comma = ',';
    }
    chunk += '\r\n';
    if (chunk.length > 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

/** The columns of a report's table: what it counts stays a number, and its instants get both clocks. */
export function tableColumns(table: Table): CsvColumn<Table['rows'][number]>[] {
  return table.columns.map(({ key, label, kind }) => {
    const simple = kind === 'text' || kind === 'instant' ? kind : 'number';
    return { name: label, kind: simple, value: (row) => (simple === 'instant' ? milliseconds(row[key]) : row[key]) };
  });
}

function milliseconds(at: string | number | null | undefined): number | null | undefined {
  return typeof at === 'string' ? Temporal.Instant.from(at).epochMilliseconds : at;
}

function header<Row>(column: CsvColumn<Row>, zone: string): string {
  return column.kind === 'instant' ? `${quote(inert(column.name))},${quote(inert(`${column.name} (${zone})`))}` : quote(inert(column.name));
}

function field<Row>(column: CsvColumn<Row>, row: Row, local: (ms: number) => string): string {
  const value = column.value(row);
  if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value)))
    return column.kind === 'instant' ? ',' : '';
  if (typeof value === 'string') return quote(inert(value));
  return column.kind === 'instant' ? `${new Date(value).toISOString()},${local(value)}` : String(value);
}

// Full-width forms count too: East Asian versions of spreadsheets read them as operators.
const formula = /^[\s"'\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n\0]/;

function inert(text: string): string {
  return formula.test(text) ? `'${visible(text)}` : visible(text);
}

function quote(text: string): string {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Prints local clock times of a zone. The offset is looked up once per stretch between two clock changes. */
function localClock(zone: string): (ms: number) => string {
  let from = 1;
  let until = 0;
  let offset = 0;
  return (ms) => {
    if (ms < from || ms >= until) {
      const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
      offset = at.offsetNanoseconds / 1e6;
      // "previous" is strictly before, so the instant after is asked: a change at this very instant counts.
      from = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
      until = at.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    }
    return new Date(ms + offset).toISOString().slice(0, 19).replace('T', ' ');
  };
}
