import { coverageOf } from '../analyse/index.ts';
import type { Client } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { type Day, type Period, parsePeriod } from '../period.ts';
import type { Batch, Run } from '../store/index.ts';

const hour: Ms = 60 * 60_000;

/** Days of one source that some report needs and no collection has. */
export interface Hole {
  source: string;
  /** A report's period with only those days, of whichever report they are. */
  days: Period;
}

/**
 * What the reports' periods still lack after their sources were asked for what changed: days of which the collection failed, came
 * incomplete, or was never made; each once, however many reports need it. What has just come incomplete is not asked for again
 * within the hour: it would come so once more.
 */
export function holesOf(batches: readonly Batch[], client: Client, runs: readonly Run[], now: Ms): Hole[] {
  const periods = runs.map((run) => parsePeriod(run.period, run.zone));
  return [...client.sources.values()].flatMap(({ id: source, required }): Hole[] => {
    const own = batches.filter((batch) => batch.source === source);
    const tried = own.filter(({ status, finished_at }) => status === 'partial' && finished_at > now - hour);
    const asked = new Map<Ms, Day>();
    for (const period of periods) {
      const fetched = () => new Float64Array(period.days.length);
      const { days } = coverageOf({ period, asOf: now, batches: own, sources: [{ id: source, required }], fetched });
      for (const [i, day] of period.days.entries()) {
        const lacks = days[i]?.status !== 'complete' && day.start < now;
        if (lacks && !tried.some((batch) => touches(batch, day))) asked.set(day.start, day);
      }
    }
    const [period] = periods;
    return period === undefined || asked.size === 0 ? [] : [{ source, days: { ...period, days: [...asked.values()] } }];
  });
}

/** Whether a collection was asked for any of it. */
export function touches({ window_from, window_to }: Batch, { start, end }: Day | Period): boolean {
  return window_from < end && window_to > start;
}
