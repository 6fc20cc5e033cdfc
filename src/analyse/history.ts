import type { Ms } from '../finding.ts';
import type { Outcome } from '../outcome.ts';
import { parseDays, type Period, previousPeriod } from '../period.ts';
import type { Analysis, KpiEntry } from './analysis.ts';
import type { Change } from './change.ts';
import type { Kpi } from './kpi.ts';

/** What was issued for the period before: report.json as it was read back. */
export type LastEdition = Pick<Analysis, 'as_of' | 'kpis'> & { period: { label: string } };

/** A figure beside the one of the period before. */
export interface Compared {
  kpi: Kpi;
  entry: KpiEntry;
  previous: Outcome | undefined;
  change: Change | undefined;
}

/** The other figures of the report, for those that are about them. */
export interface Book {
  /** Every figure but those over history, in the order of the report. */
  compared(): readonly Compared[];
  lastEdition: LastEdition | undefined;
}

/** How far back a view must reach: the period before, the eight weeks that show what is usual, and of days and weeks thirteen periods. */
export function historyStart(period: Period): Ms {
  const start = Temporal.Instant.fromEpochMilliseconds(period.start).toZonedDateTimeISO(period.zone);
  const weeks = period.kind === 'week' ? 12 : 8;
  return Math.min(previousPeriod(period).start, start.subtract({ weeks }).epochMilliseconds);
}

/** From the first whole local day that the view knows to the last day of the period. */
export function historyPeriod(since: Ms, period: Period): Period {
  const { zone } = period;
  const first = Temporal.Instant.fromEpochMilliseconds(Math.min(since, period.start)).toZonedDateTimeISO(zone);
  const date = first.equals(first.startOfDay()) ? first.toPlainDate() : first.toPlainDate().add({ days: 1 });
  const last = period.days.at(-1)?.date ?? date.toString(); // a period has at least one day
  return parseDays(date.toString(), last, zone);
}
