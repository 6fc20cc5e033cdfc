import type { ScheduledReport } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { type Firing, firings, type Timetable } from '../firing.ts';
import type { Looked, NewRun } from '../store/index.ts';

export function timetableOf(scheduled: ScheduledReport, dataZone: string): Timetable {
  return { rhythm: scheduled.rhythm, zone: scheduled.zone, kind: scheduled.report.period, data_zone: dataZone };
}

/** A timetable as the ledger remembers it, to see when it was changed. */
export function rhythmText({ kind, rhythm, zone }: Timetable): string {
  return JSON.stringify([kind, rhythm, zone]);
}

/**
 * What of a report fell due up to now, oldest first, each as the row the ledger is to hold. What the catch-up policy
 * leaves out is a row, too, with its reason: nothing disappears. A report never looked at before starts now.
 */
export function due(scheduled: ScheduledReport, dataZone: string, looked: Looked | undefined, now: Ms): NewRun[] {
  if (looked === undefined) return [];
  const table = timetableOf(scheduled, dataZone);
  return byPolicy([...firings(table, startOf(table, looked), now)], scheduled, dataZone, now);
}

/**
 * A schedule moved from afternoon to morning at noon would lose the day: the old time has not come and the new one is
 * over. So a changed one is asked from the last firing on; periods that have a row keep it.
 */
function startOf(table: Timetable, { until, rhythm, last_due }: Looked): Ms {
  const [kind] = JSON.parse(rhythm) as unknown[]; // as rhythmText wrote it
  const moved = rhythm !== rhythmText(table) && kind === table.kind;
  return moved && last_due !== undefined ? Math.min(until, last_due) : until;
}

function byPolicy(fallen: readonly Firing[], { report, catchup }: ScheduledReport, dataZone: string, now: Ms): NewRun[] {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(dataZone);
  const oldest = local.subtract({ days: catchup.window_days }).epochMilliseconds;
  const inWindow = fallen.filter(({ at }) => at >= oldest).length;
  return fallen.map(({ at, period }, index) => {
    const toCome = fallen.length - index;
    const skipped = skippedBy(toCome, inWindow, catchup);
    return {
      report: report.id,
      period: period.label,
      zone: period.zone,
      due_at: at,
      mail: catchup.mail === 'each' || toCome === 1,
      ...(skipped === undefined ? {} : { skipped }),
    };
  });
}

/** `toCome`: the how manieth from the latest it is. */
function skippedBy(toCome: number, inWindow: number, catchup: ScheduledReport['catchup']): string | undefined {
  if (toCome > inWindow) return `catchup_window: fell due more than ${catchup.window_days} days before it could be looked at`;
  if (toCome > catchup.max) return `catchup_limit: at most ${catchup.max} are made up for at once`;
  return undefined;
}
