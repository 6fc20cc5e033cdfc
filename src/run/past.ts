import type { Analysis } from '../analyse/analysis.ts';
import {
  earlierPeriods,
  historyStart,
  isCollected,
  type KeptPoints,
  meaningOf,
  type Points,
  pointsBefore,
  pointsOf,
  reachOf,
  tracedKpis,
} from '../analyse/index.ts';
import { type Period, periodOf, previousPeriod } from '../period.ts';
import type { Client, Config } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import type { Store } from '../store/index.ts';
import { quickly } from './quickly.ts';
import type { ReportRequest } from './report.ts';

/** What a report shows besides its own period; a whole request is one. */
type Asked = Pick<ReportRequest, 'client' | 'report' | 'period' | 'as_of'> & { config: Pick<Config, 'categories'> };

/** Kept figures of the periods that the report's view does not reach. */
export function keptPast({ config, client, period, as_of }: Asked, store: Store): KeptPoints[] {
  const periods = unreached(period).map(({ label }) => label);
  if (periods.length === 0) return [];
  const texts = store.points({ meaning: meaningOf(client, config.categories), periods, as_of });
  return texts.map((kept) => ({ ...kept, points: JSON.parse(kept.points) as Points })); // written by `keep`
}

/**
 * Computes what the store has findings of and nobody has kept yet: once, when a client is new or its settings changed.
 * It reads back as far as the oldest of these periods, which an ordinary report never does.
 */
export function fillPast(asked: Asked, store: Store): void {
  const { config, client, report, period, as_of } = asked;
  const kept = keptPast(asked, store);
  const wanted = tracedKpis(client, report);
  const isKept = ({ label }: Period): boolean => {
    const own = kept.filter((one) => one.period === label);
    return wanted.every(({ id }) => own.some(({ points }) => points[id] !== undefined));
  };
  const open = unreached(period).filter((one) => !isKept(one));
  if (open.length === 0) return;
  const batches = store.batches(as_of);
  const missing = open.filter((one) => isCollected(batches, one, as_of));
  if (missing.length === 0) return;
  const points = quickly(() => {
    const view = store.view({ as_of, since: reachOf(missing) });
    return pointsOf({ view, client, asOf: as_of, categories: config.categories }, missing);
  });
  keep(asked, points, store);
}

/** After a collection: what the next previews of a client's reports will ask for, as they may not write. */
export function fillPasts(config: Config, client: Client, store: Store, now: Ms): void {
  for (const id of client.reports) {
    const report = config.reports.get(id);
    if (report === undefined) continue;
    const period = previousPeriod(periodOf(report.period, now, client.timezone));
    fillPast({ config, client, report, period, as_of: now }, store);
  }
}

/** An issued report has just computed the period before; kept now, it stands as it was known when the next one was over. */
export function keepBefore(asked: Asked, analysis: Analysis, store: Store): void {
  const { period, as_of } = asked;
  // Of a period that is still running nothing is kept, nor of what came before it: it may still settle.
  if (period.kind === 'custom' || as_of < period.end) return;
  keep(asked, new Map([[previousPeriod(period).label, pointsBefore(analysis)]]), store);
}

function keep({ config, client, as_of }: Asked, figures: ReadonlyMap<string, Points>, store: Store): void {
  const kept = [...figures].map(([period, points]) => ({ period, as_of, points: JSON.stringify(points) }));
  store.keepPoints(meaningOf(client, config.categories), kept);
}

function unreached(period: Period): Period[] {
  const since = historyStart(period);
  return earlierPeriods(period).filter(({ start }) => start < since);
}
