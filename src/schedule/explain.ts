import type { Client, ScheduledReport } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { clockNotes, type Firing, firings } from '../firing.ts';
import { timetableOf } from './due.ts';

/** One coming firing, for people and machines. Instants are ISO 8601 UTC. */
export interface Announced {
  client: string;
  report: string;
  at: string;
  local: string;
  period: string;
  window: { start: string; end: string; hours: number };
  recipients: number;
  notes: string[];
}

/** The next `count` firings of every scheduled report, soonest first. */
export function announce(clients: Iterable<Client>, now: Ms, count: number): Announced[] {
  const coming: Announced[] = [];
  for (const client of clients) {
    for (const scheduled of client.scheduled) {
      const table = timetableOf(scheduled, client.timezone);
      coming.push(
        ...firings(table, now, Number.POSITIVE_INFINITY)
          .take(count)
          .map((firing) => announced(client, scheduled, firing)),
      );
    }
  }
  return coming.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function announced(client: Client, scheduled: ScheduledReport, firing: Firing): Announced {
  const { at, period } = firing;
  const iso = (instant: Ms): string => new Date(instant).toISOString();
  return {
    client: client.id,
    report: scheduled.report.id,
    at: iso(at),
    local: Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(scheduled.zone)
      .toString({ smallestUnit: 'minute', calendarName: 'never' }),
    period: period.label,
    window: { start: iso(period.start), end: iso(period.end), hours: (period.end - period.start) / 3_600_000 },
    recipients: scheduled.recipients.length + scheduled.places.length,
    notes: clockNotes(firing, scheduled.zone),
  };
}
