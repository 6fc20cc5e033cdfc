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
  const clocks = openClocks(zone);
  let chunk = `\ufeff${columns.map((column) => header(column, zone)).join(',')}\r\n`;
  for (const row of rows) {
    let comma = '';
    for (const column of columns) {
      chunk += comma + field(column, row, clocks);
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

function field<Row>(column: CsvColumn<Row>, row: Row, clocks: Clocks): string {
  const value = column.value(row);
  if (value === null || value === undefined || Number.isNaN(value)) return column.kind === 'instant' ? ',' : '';
  if (typeof value === 'string') return plain.test(value) ? value : quote(inert(value));
  return column.kind === 'instant' ? `${clocks.utc(value)},${clocks.local(value)}` : String(value);
}

/** Most texts, by far, need nothing done; one look instead of three. */
const plain = /^[A-Za-z0-9][A-Za-z0-9 _.:/()-]*$/;
// Full-width forms count too: East Asian versions of spreadsheets read them as operators.
const formula = /^[\s"'\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n\0]/;

function inert(text: string): string {
  return formula.test(text) ? `'${visible(text)}` : visible(text);
}

function quote(text: string): string {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Clocks {
  /** Epoch ms -> "2026-10-05T12:03:00.000Z". */
  utc(ms: number): string;
  /** Epoch ms -> "2026-10-05 14:03:00" on the zone's clock. */
  local(ms: number): string;
}

/** A zone's offset is looked up once per stretch between two clock changes, a date once per hour: a month has few of either. */
function openClocks(zone: string): Clocks {
  let from = 1;
  let until = 0;
  let offset = 0;
  const split = hourSplitter();
  return {
    utc: (ms) => {
      const { hour, rest } = split(ms);
      const fraction = Math.floor(ms) % 1000;
      return `${hour.slice(0, 10)}T${hour.slice(11)}${rest}${fraction === 0 ? '.000' : new Date(ms).toISOString().slice(-5, -1)}Z`;
    },
    local: (ms) => {
      if (ms < from || ms >= until) {
        const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        offset = at.offsetNanoseconds / 1e6;
        // "previous" is strictly before, so the instant after is asked: a change at this very instant counts.
        from = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
        until = at.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
      }
      const { hour, rest } = split(ms + offset);
      return hour + rest;
    },
  };
}

const minuteAndSecond = Array.from({ length: 3600 }, (_, second) => new Date(second * 1000).toISOString().slice(14, 19));

/** An instant as "2026-10-05 14:" and "03:00". UTC hours all have 3,600 s. */
function hourSplitter(): (ms: number) => { hour: string; rest: string } {
  const hours = new Map<number, string>();
  return (ms) => {
    const at = Math.floor(ms / 3_600_000);
    let hour = hours.get(at);
    if (hour === undefined) {
      hour = new Date(at * 3_600_000).toISOString().slice(0, 14).replace('T', ' ');
      hours.set(at, hour);
    }
    return { hour, rest: minuteAndSecond[Math.floor((ms - at * 3_600_000) / 1000)] ?? '' };
  };
}
