import type { Cell, ColumnKind, Unit } from '../analyse/kpi.ts';
import type { Outcome } from '../outcome.ts';
import {
  type Arguments,
  type Language,
  languageOf,
  message,
  phrase,
  read,
  runsLeft,
  say,
  setApart,
  setDataApart,
  signApart,
  span,
  splitDuration,
  type Words,
  withUnit,
} from '../words/index.ts';
import { plain } from './words.ts';

/** A figure in words. `known: false` is never a number: the text says why there is none. */
export interface Shown {
  text: string;
  status: 'ok' | 'partial' | 'unknown';
  /** Why the figure is incomplete or missing. */
  reason?: string;
}

/** How one reader's language and one client's zone print values. */
export interface Format {
  language: Language;
  zone: string;
  /** What was said, in the reader's language, with nothing in it that acts. */
  words(words: Words): string;
  /** A message of the page's own; the texts in it are finished, as the page's views have them. */
  say(message: string, args?: Arguments): string;
  /** Durations come in seconds, rates as 0..1; throws RangeError for NaN and infinities, which are no figures. */
  quantity(value: number, unit: Unit | ColumnKind): string;
  /** "9–14 min": the unit stands once where both ends share it. */
  range(low: number, high: number, unit: Unit | ColumnKind): string;
  outcome(outcome: Outcome, unit: Unit): Shown;
  cell(cell: Cell, unit: Unit): Shown;
  /** "2026-10-05" -> "5 Oct". */
  day(date: string): string;
  /** "2026-10-05" -> "5 Oct 2026". */
  date(date: string): string;
  /** ISO instant or epoch ms -> local date and time of the zone. */
  instant(at: string | number): string;
  /** Half-open instants -> "1–31 October 2026". */
  span(start: string, end: string): string;
}

export function createFormat(locale: string | Language, zone: string): Format {
  const language = typeof locale === 'string' ? languageOf(locale) : locale;
  const apart = (value: string) => setApart(value, language);
  const quantity = (value: number, unit: Unit | ColumnKind) => apart(printQuantity(value, unit, language));
  const guard =
    language.dir === 'rtl'
      ? (data: string) => setDataApart(plain(data))
      : (data: string) => (runsLeft(data) ? setDataApart(plain(data)) : plain(data));
  const words = (said: Words) => read(said, language, guard);
  const days = language.dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
  const dated = language.dates({ dateStyle: 'medium', timeZone: 'UTC' });
  const instants = language.dates({ dateStyle: 'medium', timeStyle: 'short', timeZone: zone, hourCycle: 'h23' });
  return {
    language,
    zone,
    words,
    say: (text, args) => read(phrase(text, args), language, apart),
    quantity,
    range: (low, high, unit) => apart(printRange(low, high, unit, language)),
    outcome: (outcome, unit) => show(outcome, unit, { language, words }),
    cell: (cell, unit) => show(cell, unit, { language, words }),
    day: (date) => apart(days.format(Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds)),
    date: (date) => apart(dated.format(Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds)),
    instant: (at) => apart(instants.format(typeof at === 'number' ? at : Temporal.Instant.from(at).epochMilliseconds)),
    span: (start, end) =>
      words(span({ start: Temporal.Instant.from(start).epochMilliseconds, end: Temporal.Instant.from(end).epochMilliseconds, zone })),
  };
}

/** With at most so many decimal places. */
function decimal(value: number, places: number, { numbers }: Language): string {
  return numbers({ maximumFractionDigits: places }).format(value);
}

function printQuantity(value: number, unit: Unit | ColumnKind, language: Language): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no figure to print`);
  switch (unit) {
    case 'count':
      return decimal(value, Number.isInteger(value) ? 0 : 1, language);
    case 'rate':
      return language.numbers({ style: 'percent', maximumFractionDigits: 1 }).format(value);
    case 'seconds':
      return printDuration(value, language);
    case 'hours':
      return withUnit(decimal(value, 1, language), 'hours', language);
    case 'days':
      return withUnit(decimal(value, 1, language), 'days', language);
    case 'per-day':
      return withUnit(decimal(value, 1, language), 'perDay', language);
    case 'ratio':
    case 'number':
    case 'text':
    case 'day':
    case 'instant':
      return decimal(value, 2, language);
  }
}

/** Two neighbouring units at most: "45 s", "12 min", "2 h 10 min", "3 d 4 h", "17 d". */
function printDuration(seconds: number, language: Language): string {
  if (Math.abs(seconds) < 9.95) return withUnit(decimal(seconds, 1, language), 'seconds', language);
  return splitDuration(seconds)
    .map(({ n, unit }) => withUnit(decimal(n, 0, language).replace('-', '−'), unit, language))
    .join(' ');
}

function printRange(low: number, high: number, unit: Unit | ColumnKind, language: Language): string {
  const [from, to] = [printQuantity(low, unit, language), printQuantity(high, unit, language)];
  if (from === to) return to;
  const ends = (from: string, to: string) => setApart(`${from}–${to}`, language);
  const between = (places: number) => ends(decimal(low, places, language), decimal(high, places, language));
  if (unit === 'rate') return percents(low, high, language);
  if (unit === 'hours' || unit === 'days') return withUnit(between(1), unit, language);
  if (unit === 'per-day') return withUnit(between(1), 'perDay', language);
  const [a, ...restA] = unit === 'seconds' ? splitDuration(low) : [];
  const [b, ...restB] = unit === 'seconds' ? splitDuration(high) : [];
  const alike = a !== undefined && b !== undefined && a.unit === b.unit && restA.length === 0 && restB.length === 0;
  // Seconds below ten have decimals, which the pieces have not.
  if (alike && a.unit !== 'seconds') return withUnit(ends(decimal(a.n, 0, language), decimal(b.n, 0, language)), a.unit, language);
  return `${from}–${to}`;
}

/** The sign stands once, at the side where the language has it. */
function percents(low: number, high: number, { numbers }: Language): string {
  const format = numbers({ style: 'percent', maximumFractionDigits: 1 });
  const signs = (type: string) => type === 'percentSign' || type === 'literal';
  const bare = (value: number) =>
    format
      .formatToParts(value)
      .flatMap(({ type, value: text }) => (signs(type) ? [] : text))
      .join('');
  return format.format(high).replace(bare(high), `${bare(low)}–${bare(high)}`);
}

const missing: Readonly<Record<string, string>> = {
  'no-data': message('no data'),
  'no-denominator': message('not measured'),
  'too-few': message('too few to judge'),
  'not-available-from-source': message('not available from the source'),
  'not-reached': message('not reached yet'),
};

function show(figure: Outcome | Cell, unit: Unit, { language, words }: Pick<Format, 'language' | 'words'>): Shown {
  const printed = (value: number) => setApart(printQuantity(value, unit, language), language);
  switch (figure.status) {
    case 'ok':
      return { text: printed(figure.value), status: 'ok' };
    case 'partial': {
      // The sign and its figure are never on two lines. What is missing can only raise a count; a share or a duration may lie on either side.
      const bound = unit === 'count' ? '≥\u00a0' : '≈\u00a0';
      return { text: signApart(bound, printed(figure.value), language), status: 'partial', reason: words(figure.reason) };
    }
    default: {
      const reason = words(figure.reason);
      const kind = phrase(missing[figure.status] ?? figure.status);
      const known = String(figure.reason).startsWith(String(kind)) || reason === '';
      return {
        text: known ? reason || words(kind) : words(say('{kind}: {reason}', { kind, reason: figure.reason })),
        status: 'unknown',
        reason,
      };
    }
  }
}
