import type { Ms } from '../finding.ts';

/** Why a text is not a time of the declared format. */
export interface Misfit {
  reason: string;
}

interface TimeFormat {
  /** `iso`, `epoch-ms`, `epoch-s`, or a pattern of yyyy MM M MMM dd d HH H hh h mm m ss s SSS a XXX and 'quoted text'. */
  format: string;
  /** IANA name; for texts that carry no offset of their own. */
  zone?: string | undefined;
}

const tokens: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MMM: '(?<monthName>[A-Za-z]{3})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  hh: '(?<hour>\\d{2})',
  h: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  m: '(?<minute>\\d{1,2})',
  ss: '(?<second>\\d{2})',
  s: '(?<second>\\d{1,2})',
  SSS: '(?<fraction>\\d{1,9})',
  a: '(?<half>[AaPp]\\.?[Mm]\\.?)',
  XXX: '(?<offset>[Zz]|[+-]\\d{2}:?\\d{2})',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// Security products did not exist before, nor will this one after: such a date means a wrong unit or an unset field.
const earliest = Date.UTC(1990, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** What is wrong with a declared format; undefined when it can be used. */
export function formatProblem({ format, zone }: TimeFormat): string | undefined {
  if (zone !== undefined && !isZone(zone)) return `"${zone}" is no IANA time zone, e.g. Europe/Berlin or UTC`;
  if (format === 'epoch-ms' || format === 'epoch-s' || format === 'iso') return undefined;
  try {
    const pattern = compile(format).source;
    if (zone === undefined && !pattern.includes('<offset>')) {
      return `"${format}" carries no offset, so a zone must be declared, e.g. zone: Europe/Berlin`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Reads texts of one declared format into epoch ms; nothing is guessed, a text that does not fit is a Misfit.
 * A local time that the clock showed twice is the earlier one; one that it skipped is moved on by the gap (RFC 5545, 3.3.5).
 */
export function timeReader(time: TimeFormat): (text: string) => Ms | Misfit {
  const read = readerOf(time);
  return (text) => {
    const at = read(text.trim());
    if (typeof at !== 'number') return at;
    if (at >= earliest && at < latest) return at;
    return { reason: `"${text}" read as ${time.format} is ${new Date(at).toISOString().slice(0, 10)}; is that format right?` };
  };
}

function readerOf({ format, zone }: TimeFormat): (text: string) => Ms | Misfit {
  if (format === 'epoch-ms') return (text) => readEpoch(text, format, 1);
  if (format === 'epoch-s') return (text) => readEpoch(text, format, 1000);
  if (format === 'iso') return (text) => readIso(text, zone);
  const pattern = compile(format);
  return (text) => readPattern(text, format, pattern, zone);
}

function readEpoch(text: string, format: string, unit: number): Ms | Misfit {
  const at = Math.floor(Number(text) * unit);
  // Beyond 1e14 is no date that could be printed in the reason.
  return /^\d+(\.\d+)?$/.test(text) && at < 1e14 ? at : misfit(text, format);
}

function readIso(text: string, zone: string | undefined): Ms | Misfit {
  try {
    if (/([Zz]|[+-]\d{2}:?\d{2})$/.test(text) && /[Tt ]\d{2}/.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    const local = Temporal.PlainDateTime.from(text);
    return zone === undefined ? { reason: `"${text}" has no offset and no zone is declared` } : localInstant(local, zone);
  } catch {
    return misfit(text, 'iso');
  }
}

function readPattern(text: string, format: string, pattern: RegExp, zone: string | undefined): Ms | Misfit {
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return misfit(text, format);
  try {
    const { offset } = parts;
    const local = Temporal.PlainDateTime.from(fields(parts), { overflow: 'reject' });
    if (offset === undefined && zone !== undefined) return localInstant(local, zone);
    return Temporal.Instant.from(`${local}${offset === 'z' ? 'Z' : offset}`).epochMilliseconds;
  } catch {
    return { reason: `"${text}" fits ${format} but is no date of the calendar` };
  }
}

function fields(parts: Record<string, string | undefined>): Temporal.PlainDateTimeLike {
  const month = parts.monthName === undefined ? Number(parts.month) : months.indexOf(parts.monthName.toLowerCase()) + 1;
  const fraction = (parts.fraction ?? '').padEnd(3, '0').slice(0, 3);
  return {
    year: Number(parts.year),
    month,
    day: Number(parts.day),
    hour: hourOf(parts.hour, parts.half),
    // A part the format does not name is its start: a date alone is the start of that day.
    minute: Number(parts.minute ?? '0'),
    second: Number(parts.second ?? '0'),
    millisecond: Number(fraction),
  };
}

function hourOf(hour = '0', half: string | undefined): number {
  const shown = Number(hour);
  if (half === undefined) return shown;
  if (shown < 1 || shown > 12) throw new RangeError(`there is no ${shown} o'clock on a 12-hour clock`);
  return (shown % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

function localInstant(local: Temporal.PlainDateTime, zone: string): Ms {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function compile(format: string): RegExp {
  const used = new Set<string>();
  let source = '';
  for (const [piece] of format.matchAll(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    const letters = /^[A-Za-z]/.test(piece);
    const token = tokens[piece];
    if (letters && token === undefined) {
      throw new RangeError(
        `"${piece}" in "${format}" is no part of a time; there are: ${Object.keys(tokens).join(' ')}, and 'T' in quotes`,
      );
    }
    const name = token === undefined ? undefined : /<(\w+)>/.exec(token)?.[1];
    if (name !== undefined && used.has(name)) throw new RangeError(`"${format}" names the ${name} twice`);
    if (name !== undefined) used.add(name);
    source += token ?? RegExp.escape(piece.replaceAll("'", ''));
  }
  checkParts(format, used);
  return new RegExp(`^${source}$`);
}

function checkParts(format: string, used: ReadonlySet<string>): void {
  const missing = ['year', 'day'].filter((part) => !used.has(part));
  if (used.has('month') === used.has('monthName')) missing.push('month');
  if (missing.length > 0) throw new RangeError(`"${format}" must name the ${missing.join(' and the ')} exactly once`);
  const twelve = /h/.test(format.replace(/'[^']*'/g, ''));
  if (twelve !== used.has('half')) throw new RangeError(`"${format}": h goes with a (AM/PM), H without`);
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function misfit(text: string, format: string): Misfit {
  return { reason: `"${text.slice(0, 60)}" does not fit ${format}` };
}
