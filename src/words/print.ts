import { printInstant, printDates, printMonth, printSpan, printWeekday, printWeekdayDate } from './calendar.ts';
import type { Language } from './language.ts';
import { message } from './message.ts';
import type { Argument, Arguments, Words } from './phrase.ts';
import { runsLeft, setApart } from './turn.ts';

/** Shares are 0..1; days, hours and seconds are lengths of time. */
export type Unit = 'count' | 'rate' | 'seconds' | 'ratio' | 'days' | 'hours' | 'per-day';

/** Reads what stands inside of a value. */
type Inner = (value: Argument) => string;
type Printer = (args: Arguments, language: Language, inner: Inner) => string;

/** A number and its unit apart, so that a range can say the unit once. */
interface Piece {
  n: string;
  unit: string;
}

type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days';

const none = '{n}';
const units = {
  percent: message('{n} %'),
  seconds: message('{n} s'),
  minutes: message('{n} min'),
  hours: message('{n} h'),
  days: message('{n} d'),
  perDay: message('{n} per day'),
};
const over = message('over {n}');
const under = message('less than {n}');

const printed = (unit: Unit): Printer => {
  return ({ value }, language) => together(pieces(Number(value), unit, language), language);
};

/** How each kind of value is printed. */
export const printers = {
  count: printed('count'),
  rate: printed('rate'),
  seconds: printed('seconds'),
  hours: printed('hours'),
  days: printed('days'),
  'per-day': printed('per-day'),
  ratio: printed('ratio'),
  range: ({ low, high, unit }, language) => rangeText(Number(low), Number(high), unit as Unit, language), // `range` gave it one
  percent: ({ value }, language) => wholePercent(Number(value), language),
  signed: ({ value }, language) => `${Number(value) > 0 ? '+' : ''}${whole(Number(value), language)}`,
  list: ({ items, how }, language, inner) => listText((items as readonly Words[]).map(inner), String(how), language), // `listed` gave them
  dates: ({ first, last }, language) => printDates(String(first), String(last), language),
  month: ({ month }, language) => printMonth(String(month), language),
  span: ({ start, end, zone }, language) => printSpan(Number(start), Number(end), String(zone), language),
  instant: ({ at, zone }, language) => printInstant(Number(at), String(zone), language),
  weekday: ({ day }, language) => printWeekday(Number(day), language),
  'weekday-date': ({ at, zone }, language) => printWeekdayDate(Number(at), String(zone), language),
} as const satisfies Record<string, Printer>;
export type Kind = keyof typeof printers;

function pieces(value: number, unit: Unit, language: Language): Piece[] {
  switch (unit) {
    case 'count':
      return [{ n: Number.isInteger(value) ? whole(value, language) : significant(value, language), unit: none }];
    case 'rate':
      return [shareOf(value, language)];
    case 'seconds':
      return durationOf(value, language);
    case 'hours':
      return durationOf(value * 3600, language);
    case 'days':
      return [{ n: significant(value, language), unit: units.days }];
    case 'per-day':
      return [{ n: significant(value, language), unit: units.perDay }];
    case 'ratio':
      return [{ n: significant(value, language), unit: none }];
  }
}

function durationOf(seconds: number, language: Language): Piece[] {
  if (Math.abs(seconds) < 9.95) return [{ n: significant(seconds, language), unit: units.seconds }];
  return splitDuration(seconds).map(({ n, unit }) => ({ n: whole(n, language), unit: units[unit] }));
}

/** Whole numbers of two neighbouring units at most; the first one has the sign. */
export function splitDuration(seconds: number): { n: number; unit: TimeUnit }[] {
  const sign = seconds < 0 ? -1 : 1;
  const size = Math.abs(seconds);
  const piece = (n: number, unit: TimeUnit) => ({ n: sign * n, unit });
  if (size < 59.5) return [piece(Math.round(size), 'seconds')];
  // Rounded before it is split, so that 59 min 40 s is 1 h and not "60 min".
  const minutes = Math.round(size / 60);
  if (minutes < 60) return [piece(minutes, 'minutes')];
  const pair = (large: number, largeUnit: TimeUnit, small: number, smallUnit: TimeUnit) =>
    small === 0 ? [piece(large, largeUnit)] : [piece(large, largeUnit), { n: small, unit: smallUnit }];
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'hours', minutes % 60, 'minutes');
  const hours = Math.round(size / 3600);
  if (hours < 10 * 24) return pair(Math.floor(hours / 24), 'days', hours % 24, 'hours');
  return [piece(Math.round(hours / 24), 'days')];
}

/** A share in percent: nothing that is not all reads as 100, nothing that is not none as 0. */
function shareOf(share: number, language: Language): Piece {
  const value = share * 100;
  if (value <= 99 || value >= 100) return { n: significant(value, language), unit: units.percent };
  if (value > 99.99) return { n: filled(over, filled(units.percent, number(99.99, 2, language), language), language), unit: none };
  return { n: number(Math.floor(value * 100) / 100, 2, language), unit: units.percent };
}

function wholePercent(share: number, language: Language): string {
  const text = (value: number) => filled(units.percent, whole(value, language), language);
  if (share > 0 && share < 0.01) return filled(under, text(1), language);
  if (share > 0.99 && share < 1) return filled(over, text(99), language);
  return text(Math.round(share * 100));
}

function rangeText(low: number, high: number, unit: Unit, language: Language): string {
  const [from, to] = [pieces(low, unit, language), pieces(high, unit, language)];
  const [first, last] = [together(from, language), together(to, language)];
  if (first === last) return last;
  const [a, b] = [from[0], to[0]];
  const shared = from.length === 1 && to.length === 1 && a !== undefined && b !== undefined && a.unit === b.unit;
  if (!shared) return `${first}–${last}`;
  const ends = `${a.n}–${b.n}`;
  // A sign belongs to its numbers; a word that runs the other way does not.
  return filled(a.unit, runsLeft(filled(a.unit, '', language)) ? setApart(ends, language) : ends, language);
}

function together(all: readonly Piece[], language: Language): string {
  return all.map(({ n, unit }) => (unit === none ? n : filled(unit, n, language))).join(' ');
}

/** A number that is written already, with its unit in the reader's language. */
export function withUnit(n: string, unit: Exclude<keyof typeof units, 'percent'>, language: Language): string {
  return filled(units[unit], n, language);
}

/** A unit's message with its number in it, which is written already. */
function filled(unit: string, n: string, language: Language): string {
  // A number and its unit stay on one line. English is also what files and logs have, and those keep plain blanks.
  const blank = language.code === 'en' ? ' ' : '\u00a0';
  return language
    .parts(unit)
    .map((part) => (part.kind === 'text' ? part.text.replace(/^ /, blank) : n))
    .join('');
}

/** Two significant figures; what is larger than that stays whole. */
function significant(value: number, language: Language): string {
  if (Math.abs(value) >= 99.5) return whole(value, language);
  return minus(language.numbers({ maximumSignificantDigits: 2 }).format(value), language);
}

function whole(value: number, language: Language): string {
  return number(Math.round(value), 0, language);
}

function number(value: number, digits: number, language: Language): string {
  return minus(language.numbers({ maximumFractionDigits: digits }).format(value), language);
}

/** A minus as wide as the plus, where the locale writes the hyphen of typewriters. */
function minus(text: string, { code }: Language): string {
  return code === 'ar' ? text : text.replace('-', '−');
}

function listText(items: readonly string[], how: string, language: Language): string {
  if (how === 'comma') return items.join(language.comma);
  if (how === 'semicolon') return items.join(language.semicolon);
  return new Intl.ListFormat(language.locale, { type: how === 'or' ? 'disjunction' : 'conjunction' }).format(items);
}
