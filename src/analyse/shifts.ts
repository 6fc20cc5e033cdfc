import { isOpen } from '../calendar/index.ts';
import type { Ms } from '../finding.ts';
import { acknowledgedOf, touches } from './acknowledged.ts';
import type { Facts } from './facts.ts';
import { oncePerObject } from '../once.ts';
import { countUntil } from './stats/at.ts';
import { closeEnough } from './steps.ts';

/** One shift that was worked, and how many findings were first touched in it. */
export interface WorkedShift {
  name: string;
  start: Ms;
  end: Ms;
  analysts: number;
  touched: number;
}

/** The shifts that began in the period and are over, oldest first. */
export const shiftsOf = oncePerObject((facts: Facts): WorkedShift[] => {
  const { client, period, end } = facts;
  const zone = client.calendar?.zone ?? client.timezone;
  const first = Temporal.Instant.fromEpochMilliseconds(period.start).toZonedDateTimeISO(zone).toPlainDate();
  const last = Temporal.Instant.fromEpochMilliseconds(period.end).toZonedDateTimeISO(zone).toPlainDate();
  const shifts: WorkedShift[] = [];
  for (let date = first; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    // Apia had no 30 December 2011: nobody worked on it.
    if (!date.toZonedDateTime(zone).toPlainDate().equals(date)) continue;
    for (const { name, days, from, to, analysts } of client.shifts) {
      if (!days.includes(date.dayOfWeek)) continue;
      const start = clock(date, from, zone);
      const over = clock(to <= from ? date.add({ days: 1 }) : date, to, zone);
      if (start >= period.start && start < period.end && over <= end) shifts.push({ name, start, end: over, analysts, touched: 0 });
    }
  }
  shifts.sort((a, b) => a.start - b.start);
  countTouches(facts, shifts);
  return shifts;
});

function clock(date: Temporal.PlainDate, time: string, zone: string): Ms {
  if (time === '24:00') return date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** Where shifts overlap, a touch counts for the one that began last. */
function countTouches({ findings }: Facts, shifts: readonly WorkedShift[]): void {
  const { how, after, by } = acknowledgedOf(findings);
  const starts = Float64Array.from(shifts, ({ start }) => start);
  let begun = 0;
  for (let row = 0; row < how.length; row += 1) {
    const exact = how[row] === touches.stamped || how[row] === touches.closing;
    const when = by[row] ?? Number.NaN;
    if (!exact && !(how[row] === touches.between && when - (after[row] ?? Number.NaN) <= closeEnough * 1000)) continue;
    begun = countUntil(starts, when, begun);
    for (let i = begun - 1; i >= 0; i -= 1) {
      const shift = shifts[i];
      if (shift === undefined || when - shift.start > longest) break;
      if (when >= shift.end) continue;
      shift.touched += 1;
      break;
    }
  }
}

/** No shift lasts longer than from one local time to the same on the next day, with a change of clocks in between. */
const longest: Ms = 26 * 60 * 60 * 1000;

/** Per finding created in the period 1 where the desk was not staffed then; undefined without a calendar. */
export const afterHours = oncePerObject(({ client, created }: Facts): Uint8Array | undefined => {
  const { calendar } = client;
  if (calendar === undefined) return undefined;
  const instants = created.number('created_at');
  const flags = new Uint8Array(instants.length);
  for (let i = 0; i < flags.length; i += 1) flags[i] = isOpen(calendar, instants[i] ?? Number.NaN) ? 0 : 1;
  return flags;
});
