import { coverageOf } from '../analyse/index.ts';
import type { Client } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { type Period, parsePeriod } from '../period.ts';
import type { Batch, Run } from '../store/index.ts';

const hour: Ms = 60 * 60_000;

/** Days of one source that some report needs and no collection has. */
export interface Hole {
  source: string;
  /** The report's period with only those days. */
  days: Period;
}

/**
 * What the reports' periods still lack after their sources were asked for what changed: days of which the collection failed, came
 * incomplete, or was never made. What has just come incomplete is not asked for again within the hour: it would come so once more.
 */
export function holesOf(batches: readonly Batch[], client: Client, runs: readonly Run[], now: Ms): Hole[] {
  return runs.flatMap(({ period: label, zone }) => {
    const period = parsePeriod(label, zone);
    const sources = [...client.sources.values()].map(({ id, required }) => ({ id, required }));
    const fetched = () => new Float64Array(period.days.length);
    const { days } = coverageOf({ period, asOf: now, batches, sources, fetched });
    return sources.flatMap(({ id: source }): Hole[] => {
      const tried = batches.filter((batch) => batch.source === source && batch.status === 'partial' && batch.finished_at > now - hour);
      const lacking = new Set(days.filter((day) => day.source === source && day.status !== 'complete').map(({ day }) => day));
      const asked = period.days.filter(
        ({ date, start, end }) =>
          lacking.has(date) && start < now && !tried.some(({ window_from, window_to }) => window_from < end && window_to > start),
      );
      return asked.length === 0 ? [] : [{ source, days: { ...period, days: asked } }];
    });
  });
}
