import type { Ms } from './finding.ts';

/** A local calendar day as instants; its length is whatever the zone makes it (23, 24, 24.5 or 25 hours). */
export interface Day {
  date: string; // YYYY-MM-DD
  start: Ms;
  end: Ms;
}

/** Half-open `[start, end)` between two local midnights of `zone`. Days that do not exist there are left out. */
export interface Period {
  kind: 'day' | 'week' | 'month' | 'quarter' | 'custom';
  /** "2026-10", "2026-W42", "2026-Q4", "2026-10-05" or "2026-10-05..2026-10-09" (last day included). */
  label: string;
  zone: string;
  start: Ms;
  end: Ms;
  days: readonly Day[];
}

/** A period text that names no period. */
export class PeriodError extends Error {
  override name = 'PeriodError';
}

const shapes: readonly [Period['kind'], RegExp][] = [
  ['day', /^\d{4}-\d{2}-\d{2}$/],
  ['month', /^\d{4}-\d{2}$/],
  ['week', /^\d{4}-W\d{2}$/],
  ['quarter', /^\d{4}-Q[1-4]$/],
  ['custom', /^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$/],
];

/**
 * The period a label names, in `zone`.
 * @throws PeriodError for a text that is no period, for a day, week or month that does not exist (there), and for an unknown zone.
 */
export function parsePeriod(label: string, zone: string): Period {
  const kind = shapes.find(([, shape]) => shape.test(label))?.[0];
  if (kind === undefined) {
    throw new PeriodError(`"${label}" is no period; write 2026-10, 2026-W42, 2026-Q4, 2026-10-05 or 2026-10-05..2026-10-09`);
  }
  const { first, after } = rangeOf(kind, label);
  return periodBetween(kind, label, first, after, zone);
}

function rangeOf(kind: Period['kind'], label: string): ReturnType<typeof dateRange> {
  try {
    return dateRange(kind, label);
  } catch (cause) {
    if (cause instanceof PeriodError) throw cause;
    throw new PeriodError(`"${label}" does not exist in the calendar`, { cause });
  }
}

function dateRange(kind: Period['kind'], label: string): { first: Temporal.PlainDate; after: Temporal.PlainDate } {
  switch (kind) {
    case 'day': {
      const first = Temporal.PlainDate.from(label);
      return { first, after: first.add({ days: 1 }) };
    }
    case 'month': {
      const first = Temporal.PlainDate.from(`${label}-01`);
      return { first, after: first.add({ months: 1 }) };
    }
    case 'quarter': {
      const month = (Number(label.slice(6)) - 1) * 3 + 1;
      const first = new Temporal.PlainDate(Number(label.slice(0, 4)), month, 1);
      return { first, after: first.add({ months: 3 }) };
    }
    case 'week': {
      const first = isoWeekStart(Number(label.slice(0, 4)), Number(label.slice(6)));
      return { first, after: first.add({ weeks: 1 }) };
    }
    case 'custom': {
      const [from = '', to = ''] = label.split('..');
      const first = Temporal.PlainDate.from(from);
      const last = Temporal.PlainDate.from(to);
      if (Temporal.PlainDate.compare(first, last) > 0) throw new PeriodError(`"${label}" ends before it starts`);
      return { first, after: last.add({ days: 1 }) };
    }
  }
}

/** ISO 8601: week 1 is the week of 4 January; weeks start on Monday. */
function isoWeekStart(year: number, week: number): Temporal.PlainDate {
  const fourth = new Temporal.PlainDate(year, 1, 4);
  const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 });
  if (week < 1 || monday.yearOfWeek !== year) throw new PeriodError(`${year} has no week ${week}`);
  return monday;
}

function periodBetween(kind: Period['kind'], label: string, first: Temporal.PlainDate, after: Temporal.PlainDate, zone: string): Period {
  const days = daysBetween(first, after, zone);
  if (days.length === 0) throw new PeriodError(`"${label}" does not exist in the calendar of ${zone}`);
  return { kind, label, zone, start: midnight(first, zone), end: midnight(after, zone), days };
}

function daysBetween(first: Temporal.PlainDate, after: Temporal.PlainDate, zone: string): Day[] {
  const days: Day[] = [];
  for (let date = first; Temporal.PlainDate.compare(date, after) < 0; date = date.add({ days: 1 })) {
    const start = midnight(date, zone);
    const end = midnight(date.add({ days: 1 }), zone);
    // Apia had no 30 December 2011: a day without an instant is no day, and nothing may be divided by it.
    if (end > start) days.push({ date: date.toString(), start, end });
  }
  return days;
}

/** The first instant of a local day; where midnight falls into a DST gap, the day starts later. */
function midnight(date: Temporal.PlainDate, zone: string): Ms {
  try {
    return date.toZonedDateTime(zone).startOfDay().epochMilliseconds;
  } catch (cause) {
    throw new PeriodError(`there is no time zone "${zone}"`, { cause });
  }
}

/** The period of the same meaning just before: last month, last week, or as many days as this one has. */
export function previousPeriod(period: Period): Period {
  // The instant before the start always exists, where the date before it need not.
  if (period.kind !== 'custom') return periodOf(period.kind, period.start - 1, period.zone);
  const last = localDate(period.start - 1, period.zone);
  const first = last.subtract({ days: period.days.length - 1 });
  return parsePeriod(`${first}..${last}`, period.zone);
}

/** The period of a kind that an instant falls into. */
export function periodOf(kind: Exclude<Period['kind'], 'custom'>, instant: Ms, zone: string): Period {
  return parsePeriod(labelOf(kind, localDate(instant, zone)), zone);
}

function labelOf(kind: Exclude<Period['kind'], 'custom'>, date: Temporal.PlainDate): string {
  const year = String(date.year).padStart(4, '0');
  switch (kind) {
    case 'day':
      return date.toString();
    case 'week':
      return `${String(date.yearOfWeek).padStart(4, '0')}-W${String(date.weekOfYear).padStart(2, '0')}`;
    case 'month':
      return `${year}-${String(date.month).padStart(2, '0')}`;
    case 'quarter':
      return `${year}-Q${Math.ceil(date.month / 3)}`;
  }
}

/** The custom period from one local day to another, both included. */
export function parseDays(from: string, to: string, zone: string): Period {
  return parsePeriod(from === to ? from : `${from}..${to}`, zone);
}

function localDate(instant: Ms, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
}

/**
 * Finds the slot `[starts[i], starts[i + 1])` of an instant by bisection; -1 outside `[starts[0], end)`. `guess` is looked at
 * first: what is asked for one after another mostly lies close together.
 */
export function slotOf(starts: ArrayLike<Ms>, end: Ms, instant: Ms, guess = 0): number {
  const first = starts[0];
  if (first === undefined || !(instant >= first && instant < end)) return -1;
  if (instant >= (starts[guess] ?? Number.NaN) && instant < (starts[guess + 1] ?? end)) return guess;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? Number.POSITIVE_INFINITY) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Every local clock hour of a period: where it starts, its hour 0–23 and its ISO weekday 1–7. A repeated hour occurs twice. */
export function localHours(period: Period): { starts: Float64Array; hours: Uint8Array; weekdays: Uint8Array } {
  const starts: number[] = [];
  const hours: number[] = [];
  const weekdays: number[] = [];
  for (const day of period.days) {
    let at = Temporal.Instant.fromEpochMilliseconds(day.start).toZonedDateTimeISO(period.zone);
    while (at.epochMilliseconds < day.end) {
      starts.push(at.epochMilliseconds);
      hours.push(at.hour);
      weekdays.push(at.dayOfWeek);
      at = nextHour(at);
    }
  }
  return { starts: Float64Array.from(starts), hours: Uint8Array.from(hours), weekdays: Uint8Array.from(weekdays) };
}

/** The next instant at which the local clock shows another hour, or the same hour again after a step back. */
function nextHour(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const full = at.add({ minutes: 60 - at.minute }).round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const transition = at.getTimeZoneTransition('next');
  if (transition !== null && transition.epochMilliseconds < full.epochMilliseconds) return transition;
  return full;
}

/** An instant as the local clock of a zone shows it: "2026-10-05 14:03". */
export function localText(instant: Ms, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return `${at.toPlainDate()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
