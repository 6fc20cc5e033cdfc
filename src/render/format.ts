import type { Cell, ColumnKind, Unit } from '../analyse/kpi.ts';
import type { Outcome } from '../outcome.ts';
import { plain } from './words.ts';

/** A figure in words. `known: false` is never a number: the text says why there is none. */
export interface Shown {
  text: string;
  status: 'ok' | 'partial' | 'unknown';
  /** Why the figure is incomplete or missing. */
  reason?: string;
}

/** How one reader's locale and one client's zone print values. */
export interface Format {
  locale: string;
  zone: string;
  /** Durations come in seconds, rates as 0..1; throws RangeError for NaN and infinities, which are no figures. */
  quantity(value: number, unit: Unit | ColumnKind): string;
  /** "9–14 min": the unit stands once where both ends share it. */
  range(low: number, high: number, unit: Unit | ColumnKind): string;
  outcome(outcome: Outcome, unit: Unit): Shown;
  cell(cell: Cell, unit: Unit): Shown;
  /** "2026-10-05" -> "5 Oct". */
  day(date: string): string;
  /** ISO instant or epoch ms -> local date and time of the zone. */
  instant(at: string | number): string;
  /** Half-open instants -> "1–31 October 2026". */
  span(start: string, end: string): string;
}

export function createFormat(locale: string, zone: string): Format {
  const numbers = numberFormats(locale);
  const quantity = (value: number, unit: Unit | ColumnKind) => printQuantity(value, unit, numbers);
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone, hourCycle: 'h23' });
  const spans = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
  return {
    locale,
    zone,
    quantity,
    range: (low, high, unit) => printRange(quantity(low, unit), quantity(high, unit)),
    outcome: (outcome, unit) => show(outcome, unit, quantity),
    cell: (cell, unit) => show(cell, unit, quantity),
    day: (date) => days.format(Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds),
    instant: (at) => instants.format(typeof at === 'number' ? at : Temporal.Instant.from(at).epochMilliseconds),
    // The last day belongs to the period, its end does not.
    span: (start, end) =>
      spans.formatRange(Temporal.Instant.from(start).epochMilliseconds, Temporal.Instant.from(end).epochMilliseconds - 1),
  };
}

interface NumberFormats {
  whole: Intl.NumberFormat;
  one: Intl.NumberFormat;
  two: Intl.NumberFormat;
  percent: Intl.NumberFormat;
}

function numberFormats(locale: string): NumberFormats {
  return {
    whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    one: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
    two: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
    percent: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }),
  };
}

function printQuantity(value: number, unit: Unit | ColumnKind, numbers: NumberFormats): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no figure to print`);
  switch (unit) {
    case 'count':
      return (Number.isInteger(value) ? numbers.whole : numbers.one).format(value);
    case 'rate':
      return numbers.percent.format(value);
    case 'seconds':
      return printDuration(value, numbers);
    case 'hours':
      return `${numbers.one.format(value)} h`;
    case 'days':
      return `${numbers.one.format(value)} d`;
    case 'per-day':
      return `${numbers.one.format(value)} per day`;
    case 'ratio':
    case 'number':
    case 'text':
    case 'instant':
      return numbers.two.format(value);
  }
}

/** Two neighbouring units at most: "45 s", "12 min", "2 h 10 min", "3 d 4 h", "17 d". */
function printDuration(seconds: number, numbers: NumberFormats): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size < 9.95) return `${sign}${numbers.one.format(size)} s`;
  if (size < 59.5) return `${sign}${Math.round(size)} s`;
  // Rounded before it is split, so that 59 min 40 s becomes 1 h and not "60 min".
  const minutes = Math.round(size / 60);
  if (minutes < 60) return `${sign}${minutes} min`;
  if (minutes < 24 * 60) return sign + pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min', numbers);
  const hours = Math.round(size / 3600);
  if (hours < 10 * 24) return sign + pair(Math.floor(hours / 24), 'd', hours % 24, 'h', numbers);
  return `${sign}${numbers.whole.format(Math.round(hours / 24))} d`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string, numbers: NumberFormats): string {
  const first = `${numbers.whole.format(large)} ${largeUnit}`;
  return small === 0 ? first : `${first} ${numbers.whole.format(small)} ${smallUnit}`;
}

function printRange(low: string, high: string): string {
  if (low === high) return low;
  const unit = /(?:\s?%|\s[a-z ]+)$/.exec(high)?.[0];
  const shared = unit !== undefined && [low, high].every((end) => end.endsWith(unit) && !/\s/.test(end.slice(0, -unit.length)));
  return `${shared ? low.slice(0, -unit.length) : low}–${high}`;
}

const missing: Record<string, string> = {
  'no-data': 'no data',
  'no-denominator': 'not measured',
  'too-few': 'too few to judge',
  'not-available-from-source': 'not available from the source',
  'not-reached': 'not reached yet',
};

function show(figure: Outcome | Cell, unit: Unit, quantity: (value: number, unit: Unit) => string): Shown {
  switch (figure.status) {
    case 'ok':
      return { text: quantity(figure.value, unit), status: 'ok' };
    case 'partial': {
      // What is missing can only raise a count; a share or a duration may lie on either side.
      const bound = unit === 'count' ? '≥ ' : '≈ ';
      return { text: bound + quantity(figure.value, unit), status: 'partial', reason: plain(figure.reason) };
    }
    default: {
      const reason = plain(figure.reason);
      const words = missing[figure.status] ?? figure.status;
      return { text: reason.startsWith(words) || reason === '' ? reason || words : `${words}: ${reason}`, status: 'unknown', reason };
    }
  }
}
