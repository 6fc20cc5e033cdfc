import type { Ms } from '../finding.ts';
import { slotOf } from '../period.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Local clock times, "HH:MM"; to "24:00" is the end of the day, a `to` at or before `from` lies on the next day. */
interface Hours {
  from: string;
  to: string;
}

/** When a client's clock runs. Holidays close the hours that begin on that date; extra shifts open whatever the weekday or holiday. */
export interface Calendar {
  /** IANA zone. */
  zone: string;
  weekly: Partial<Record<(typeof weekdays)[number], readonly Hours[]>>;
  /** YYYY-MM-DD. */
  holidays: readonly string[];
  extra: readonly (Hours & { date: string })[];
}

/** A calendar that cannot be meant: no weekly hours, or a time or date that is none. */
export class CalendarError extends Error {
  override name = 'CalendarError';
}

/** The stretches in which a calendar is open over a range of instants, with the seconds that were open before each. */
interface OpenTimes {
  from: Ms;
  to: Ms;
  starts: Float64Array;
  ends: Float64Array;
  before: Float64Array;
  /** Seconds open in all of it. */
  total: number;
  /** The stretches in which the last answers lay: findings come nearly in order, so the next ones mostly lie there, too. */
  near: { start: number; due: number };
}

/**
 * Open seconds between two instants, by intersecting instants, so that a DST change inside counts what the clocks on
 * the wall counted. Negative where `to` lies before `from`.
 * @throws CalendarError
 */
export function businessSeconds(calendar: Calendar, from: Ms, to: Ms): number {
  const open = openTimes(calendar, Math.min(from, to), Math.max(from, to));
  return openUntil(open, to) - openUntil(open, from);
}

/** The earliest instant by which `seconds` (>= 0) have been open since `from`. @throws CalendarError */
export function addBusinessSeconds(calendar: Calendar, from: Ms, seconds: number): Ms {
  if (seconds <= 0) return from;
  for (let ahead = 1; ; ahead *= 2) {
    const open = openTimes(calendar, from, from + seconds * 1000 + ahead * reach);
    const wanted = openUntil(open, from) + seconds;
    if (open.total < wanted) continue;
    const slot = slotOf(open.before, Number.POSITIVE_INFINITY, wanted, open.near.due);
    open.near.due = slot;
    // What is full exactly at closing time is due then, not at the next opening.
    const index = open.before[slot] === wanted ? slot - 1 : slot;
    return (open.starts[index] ?? Number.NaN) + (wanted - (open.before[index] ?? Number.NaN)) * 1000;
  }
}

/** Whether a calendar is open at an instant; its closing time is outside. @throws CalendarError */
export function isOpen(calendar: Calendar, instant: Ms): boolean {
  const open = openTimes(calendar, instant, instant);
  const end = open.ends[stretchAt(open, instant)];
  return end !== undefined && instant < end;
}

/** The last stretch that has begun; -1 before the first. */
function stretchAt({ starts, near }: OpenTimes, instant: Ms): number {
  const slot = slotOf(starts, Number.POSITIVE_INFINITY, instant, near.start);
  if (slot >= 0) near.start = slot;
  return slot;
}

/** Seconds open from the start of the table up to an instant inside it. */
function openUntil(open: OpenTimes, instant: Ms): number {
  const index = stretchAt(open, instant);
  const start = open.starts[index];
  const end = open.ends[index];
  const before = open.before[index];
  if (start === undefined || end === undefined || before === undefined) return 0;
  return before + (Math.min(instant, end) - start) / 1000;
}

// How far a table is made to reach beyond what was asked, in milliseconds: about a year, so that the next question finds it.
const reach = 3.2e10;
const tables = new WeakMap<Calendar, OpenTimes>();

/** The calendar's table, made once and grown where a question lies outside it. The calendar must not change meanwhile. */
function openTimes(calendar: Calendar, from: Ms, to: Ms): OpenTimes {
  const known = tables.get(calendar);
  if (known !== undefined && known.from <= from && known.to >= to) return known;
  const table = tableOf(
    calendar,
    Math.min(Math.floor(from) - reach, known?.from ?? from),
    Math.max(Math.ceil(to) + reach, known?.to ?? to),
  );
  tables.set(calendar, table);
  return table;
}

function tableOf(calendar: Calendar, from: Ms, to: Ms): OpenTimes {
  check(calendar);
  const stretches = merged(openStretches(calendar, from, to));
  const table = {
    from,
    to,
    starts: Float64Array.from(stretches, ([start]) => start),
    ends: Float64Array.from(stretches, ([, end]) => end),
    before: new Float64Array(stretches.length),
    total: 0,
    near: { start: 0, due: 0 },
  };
  let sum = 0;
  for (const [i, [start, end]] of stretches.entries()) {
    table.before[i] = sum;
    sum += (end - start) / 1000;
  }
  table.total = openUntil(table, to);
  return table;
}

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/;

/** @throws CalendarError for hours that are none; weekly hours are needed, so that every clock gets to its end. */
function check({ zone, weekly, holidays, extra }: Calendar): void {
  const hours = Object.values(weekly).flat();
  if (hours.length === 0) throw new CalendarError('a calendar needs weekly hours: it is never open');
  for (const { from, to } of [...hours, ...extra]) {
    if (!clockTime.test(from)) throw new CalendarError(`"${from}" is no time of day`);
    if (to !== '24:00' && !clockTime.test(to)) throw new CalendarError(`"${to}" is no time of day`);
  }
  try {
    for (const date of [...holidays, ...extra.map((shift) => shift.date)]) Temporal.PlainDate.from(date);
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new CalendarError('a calendar names a date or a zone that does not exist', { cause });
  }
}

export type Stretch = [start: Ms, end: Ms];

function openStretches({ zone, weekly, holidays, extra }: Calendar, from: Ms, to: Ms): Stretch[] {
  const closed = new Set(holidays);
  const stretches = extra.map(({ date, ...hours }) => stretchOf(Temporal.PlainDate.from(date), hours, zone));
  const last = localDate(to, zone);
  for (let date = localDate(from, zone).subtract({ days: 1 }); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const hours = weekly[weekdays[date.dayOfWeek - 1] ?? 'mon'];
    if (hours === undefined || closed.has(date.toString()) || !exists(date, zone)) continue;
    for (const each of hours) stretches.push(stretchOf(date, each, zone));
  }
  return stretches;
}

/** Apia had no 30 December 2011: its hours must not be moved onto the day after. */
function exists(date: Temporal.PlainDate, zone: string): boolean {
  return date.toZonedDateTime(zone).toPlainDate().equals(date);
}

function stretchOf(date: Temporal.PlainDate, { from, to }: Hours, zone: string): Stretch {
  return [clockInstant(date, from, zone), clockInstant(to <= from ? date.add({ days: 1 }) : date, to, zone)];
}

/** A wall time that a DST change skips means the moment just after the gap; one that occurs twice means the first. */
function clockInstant(date: Temporal.PlainDate, time: string, zone: string): Ms {
  if (time === '24:00') return date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** Ascending, without overlaps: a shift that overlaps another opens no second twice. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const [start, end] of stretches.toSorted(([a], [b]) => a - b)) {
    const previous = result.at(-1);
    if (previous !== undefined && start <= previous[1]) previous[1] = Math.max(previous[1], end);
    else if (end > start) result.push([start, end]);
  }
  return result;
}

function localDate(instant: Ms, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
}
