import { Cron } from 'croner';
import type { Ms } from './finding.ts';
import { type Period, periodOf, previousPeriod } from './period.ts';

/** When a report is due: a cron expression of five fields, or so many days after its period's end at a local time. */
export type Rhythm = string | { days_after: number; at: string };

/** A rhythm in its zone, and the periods of its report. */
export interface Timetable {
  rhythm: Rhythm;
  /** Zone of the rhythm's clock. */
  zone: string;
  kind: Exclude<Period['kind'], 'custom'>;
  /** Zone whose midnights bound the periods: the client's. */
  data_zone: string;
}

/** One report falling due. The period comes from the scheduled instant, never from the time at which it is noticed. */
export interface Firing {
  at: Ms;
  period: Period;
}

/**
 * Instants of a cron expression in `(from, to]`, oldest first. A local time in a DST gap comes once, right after the gap;
 * one that the clock shows twice comes once, the first time. croner is only asked for the next one: its timers are not used.
 * @throws RangeError or TypeError for what is no expression.
 */
export function* occurrences(expression: string, zone: string, from: Ms, to: Ms): Generator<Ms> {
  const cron = new Cron(expression, { timezone: zone, paused: true, mode: '5-part' });
  for (let at = nextOf(cron, from); at !== undefined && at <= to; at = nextOf(cron, at)) yield at;
}

function nextOf(cron: Cron, after: Ms): Ms | undefined {
  return cron.nextRun(new Date(after))?.getTime();
}

/** Why an expression cannot be meant, in words; undefined when it can. */
export function cronProblem(expression: string, now: Ms): string | undefined {
  try {
    const cron = new Cron(expression, { timezone: 'UTC', paused: true, mode: '5-part' });
    return nextOf(cron, now) === undefined ? `"${expression}" never fires: no such day exists` : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return `"${expression}" is no cron expression of five fields (minute hour day month weekday): ${why}`;
  }
}

/**
 * What falls due in `(from, to]`: every period once, at its first firing there, oldest first. A period without an instant
 * (30 December 2011 in Apia) has none.
 */
export function* firings(timetable: Timetable, from: Ms, to: Ms): Generator<Firing> {
  yield* typeof timetable.rhythm === 'string'
    ? byCron(timetable.rhythm, timetable, from, to)
    : byDays(timetable.rhythm, timetable, from, to);
}

/** At every firing the last whole period is due; later firings inside the same period would find the same one. */
function* byCron(expression: string, { zone, kind, data_zone }: Timetable, from: Ms, to: Ms): Generator<Firing> {
  let after = from;
  for (;;) {
    const at = occurrences(expression, zone, after, to).next().value;
    if (typeof at !== 'number') return;
    const current = periodOf(kind, at, data_zone);
    yield { at, period: previousPeriod(current) };
    after = Math.max(at, current.end - 1);
  }
}

function* byDays({ days_after, at }: { days_after: number; at: string }, table: Timetable, from: Ms, to: Ms): Generator<Firing> {
  const first = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(table.data_zone)
    .subtract({ days: days_after + 1 });
  let period = previousPeriod(periodOf(table.kind, first.epochMilliseconds, table.data_zone));
  for (;;) {
    // The day on which the period has just ended, by its own zone, is day 0.
    const ended = Temporal.Instant.fromEpochMilliseconds(period.end).toZonedDateTimeISO(table.data_zone).toPlainDate();
    const due = ended.add({ days: days_after }).toZonedDateTime({ timeZone: table.zone, plainTime: at }).epochMilliseconds;
    if (due > to) return;
    if (due > from) yield { at: due, period };
    period = periodOf(table.kind, period.end, table.data_zone);
  }
}

/** The zone's clock changes that touch a period or the day of its firing, in words. */
export function clockNotes({ at, period }: Firing, zone: string): string[] {
  const hours = (period.end - period.start) / 3_600_000;
  const usual = period.days.length * 24;
  const notes = hours === usual ? [] : [`the period has ${hours} hours instead of ${usual}: the clocks change in it`];
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  if (local.hoursInDay !== 24) notes.push(`the clocks change on ${local.toPlainDate()}, the day it is due (${local.hoursInDay} hours)`);
  return notes;
}

/** The next local time at which a rhythm would fire and that the zone's clock skips, in words; undefined when there is none in a year. */
export function gapRemark(table: Timetable, now: Ms): string | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(table.zone);
  const last = today.add({ years: 1 }).epochMilliseconds;
  for (
    let turn = today.getTimeZoneTransition('next');
    turn !== null && turn.epochMilliseconds < last;
    turn = turn.getTimeZoneTransition('next')
  ) {
    const missed = missedAt(table, turn);
    const [fires] = missed === undefined ? [] : firings(table, turn.epochMilliseconds - 1, turn.add({ hours: 12 }).epochMilliseconds);
    if (missed === undefined || fires === undefined) continue;
    const [named, then] = [missed, Temporal.Instant.fromEpochMilliseconds(fires.at).toZonedDateTimeISO(table.zone)].map((local) =>
      local.toPlainTime().toString({ smallestUnit: 'minute' }),
    );
    return `${named} is skipped by the clocks of ${table.zone} on ${missed.toPlainDate()}; it fires once then, at ${then}`;
  }
  return undefined;
}

/** The first local time that a rhythm names among those that a change of the clocks leaves out, and which it would not fire at anyway. */
function missedAt({ rhythm }: Timetable, turn: Temporal.ZonedDateTime): Temporal.PlainDateTime | undefined {
  const before = turn.subtract({ nanoseconds: 1 });
  if (turn.offsetNanoseconds <= before.offsetNanoseconds) return undefined;
  const [from, to] = [before.toPlainDateTime().add({ nanoseconds: 1 }), turn.toPlainDateTime()];
  if (typeof rhythm !== 'string') {
    const named = from.toPlainDate().toPlainDateTime(rhythm.at);
    return Temporal.PlainDateTime.compare(named, from) >= 0 && Temporal.PlainDateTime.compare(named, to) < 0 ? named : undefined;
  }
  // On a clock that skips nothing.
  const [start, end] = [from, to].map((local) => local.toZonedDateTime('UTC').epochMilliseconds);
  if (start === undefined || end === undefined) return undefined;
  const named = [...occurrences(rhythm, 'UTC', start - 1, end)];
  const [first] = named;
  // Right after the gap it fires by itself.
  if (first === undefined || first === end || named.at(-1) === end) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO('UTC').toPlainDateTime();
}
