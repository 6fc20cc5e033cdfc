import type { Ms } from '../finding.ts';

/** The instant that a text names; a date is its midnight, and a time without offset is local, in `zone`. A bare number is none. */
export function instantOf(value: string | number, zone: string): Ms | undefined {
  if (typeof value === 'number') return undefined;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return Temporal.PlainDate.from(value).toZonedDateTime(zone).startOfDay().epochMilliseconds;
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(value)) return Temporal.Instant.from(value).epochMilliseconds;
    return Temporal.PlainDateTime.from(value).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
