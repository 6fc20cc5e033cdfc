import type { Language } from './language.ts';
import { setApart } from './turn.ts';

/** Dates in words: "14 October 2026", "14–17 October 2026". Dates without time are read as UTC. */
export function printDates(first: string, last: string, language: Language): string {
  return ranged(
    language.dates({ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
    [Date.parse(first), Date.parse(last)],
    language,
  );
}

/** A month as YYYY-MM: "October 2026". */
export function printMonth(month: string, language: Language): string {
  return language.dates({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${month}-01`));
}

/** Half-open instants as the days they hold: the last day belongs to them, their end does not. */
export function printSpan(start: number, end: number, zone: string, language: Language): string {
  return ranged(language.dates({ day: 'numeric', month: 'long', year: 'numeric', timeZone: zone }), [start, end - 1], language);
}

/** Some locale data sets thin blanks around the dash. */
function ranged(form: Intl.DateTimeFormat, [from, to]: [number, number], language: Language): string {
  const text = form.formatRange(from, to).replace(/(\d)\s–\s(\d)/, '$1–$2');
  return text.replace(/\p{Nd}+–\p{Nd}+/u, (days) => setApart(days, language));
}

/** On the zone's clock: in English as logs write it, "2026-10-05 14:03", elsewhere as people there write it. */
export function printInstant(at: number, zone: string, language: Language): string {
  if (language.code !== 'en')
    return language.dates({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone: zone }).format(at);
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
}

/** 1 Monday … 7 Sunday. */
export function printWeekday(day: number, language: Language): string {
  const monday = Temporal.PlainDate.from('2024-01-01');
  const date = monday.add({ days: day - 1 }).toZonedDateTime('UTC');
  return language.dates({ weekday: 'long', timeZone: 'UTC' }).format(date.epochMilliseconds);
}

/** "Thursday 1 October". */
export function printWeekdayDate(at: number, zone: string, language: Language): string {
  return language.dates({ weekday: 'long', day: 'numeric', month: 'long', timeZone: zone }).format(at);
}
