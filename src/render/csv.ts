import type { Table } from '../analyse/kpi.ts';
import { once, oncePer } from '../once.ts';
import { Phrase, visible, type Words } from '../words/index.ts';

/** One column of a CSV file. An instant (epoch ms) fills two: UTC, and the local clock of the client's zone. */
export interface CsvColumn<Row> {
  name: string;
  kind: 'text' | 'number' | 'instant';
  /** null, undefined and NaN mean unknown and leave the field empty. */
  value(row: Row): string | number | null | undefined;
  /** The same as codes into distinct texts (-1: unknown), where there are few of them: each is then quoted once. */
  coded?: { code(row: Row): number; values: readonly string[] };
}

type Field<Row> = (row: Row) => string;

/**
 * Rows as CSV (RFC 4180, UTF-8 with a byte order mark so that Excel reads it right) in chunks of about 64 kB.
 * A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
 */
export function* writeCsv<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>, zone: string): Generator<string, void, void> {
  const clocks = openClocks(zone);
  const [first, ...others] = columns.map((column) => fieldOf(column, clocks));
  let chunk = `\ufeff${columns.map((column) => header(column, zone)).join(',')}\r\n`;
  for (const row of rows) {
    chunk += first?.(row) ?? '';
    for (const field of others) chunk += `,${field(row)}`;
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
    return { name: String(label), kind: simple, value: (row) => (simple === 'instant' ? milliseconds(row[key]) : cellOf(row[key])) };
  });
}

function cellOf(value: Words | number | null | undefined): string | number | null | undefined {
  return value instanceof Phrase ? String(value) : value;
}

function milliseconds(at: Words | number | null | undefined): number | null | undefined {
  if (at === null || at === undefined || typeof at === 'number') return at;
  return Temporal.Instant.from(String(at)).epochMilliseconds;
}

function header<Row>(column: CsvColumn<Row>, zone: string): string {
  return column.kind === 'instant' ? `${quote(inert(column.name))},${quote(inert(`${column.name} (${zone})`))}` : quote(inert(column.name));
}

function fieldOf<Row>({ kind, value, coded }: CsvColumn<Row>, clocks: Clocks): Field<Row> {
  if (coded !== undefined) {
    const shown = coded.values.map(quoted);
    return (row) => shown[coded.code(row)] ?? '';
  }
  return (row) => {
    const found = value(row);
    if (found === null || found === undefined || Number.isNaN(found)) return kind === 'instant' ? ',' : '';
    if (typeof found === 'string') return quoted(found);
    return kind === 'instant' ? `${clocks.utc(found)},${clocks.local(found)}` : String(found);
  };
}

function quoted(text: string): string {
  return plain.test(text) ? text : quote(inert(text));
}

/** Most texts, by far, need nothing done: printable ASCII that no spreadsheet takes for more than text. One look instead of three. */
const plain = /^[A-Za-z0-9][ !#-+\--:<-~]*$/;
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
  const { seconds, milliseconds } = hands();
  const clockText = (second: number, hourOf: (hour: number) => string): string => {
    const hour = Math.floor(second / 3600);
    return hourOf(hour) + (seconds[second - hour * 3600] ?? '');
  };
  const utcHour = oncePer((hour: number) => `${hourText(hour)}:`);
  const localHour = oncePer((hour: number) => `${hourText(hour).replace('T', ' ')}:`);
  return {
    utc(ms) {
      const second = Math.floor(ms / 1000);
      return clockText(second, utcHour) + (milliseconds[Math.floor(ms) - second * 1000] ?? '');
    },
    local(ms) {
      if (ms < from || ms >= until) {
        const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        offset = at.offsetNanoseconds / 1e6;
        // "previous" is strictly before, so the instant after is asked: a change at this very instant counts.
        from = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
        until = at.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
      }
      return clockText(Math.floor((ms + offset) / 1000), localHour);
    },
  };
}

/** "2026-10-05T14" of a UTC hour counted from 1970. UTC hours all have 3,600 s. */
function hourText(hour: number): string {
  return new Date(hour * 3_600_000).toISOString().slice(0, -11);
}

/** What follows an hour: minute and second, and what stands behind them in UTC. */
const hands = once(() => ({
  seconds: Array.from({ length: 3600 }, (_, second) => new Date(second * 1000).toISOString().slice(14, 19)),
  milliseconds: Array.from({ length: 1000 }, (_, ms) => `.${String(ms).padStart(3, '0')}Z`),
}));
