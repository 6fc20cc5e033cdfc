import { createHash } from 'node:crypto';
import type { CategoryRule } from '../categories.ts';
import type { Client, ReportDefinition } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { once } from '../once.ts';
import type { Period } from '../period.ts';
import type { Batch, View } from '../store/index.ts';
import { say } from '../words/index.ts';
import type { Analysis } from './analysis.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Findings, prepareFindings } from './findings.ts';
import { type Book, historyStart } from './history.ts';
import type { Kpi } from './kpi.ts';
import { earlierPeriods, isTraced, type KeptPoints, type Point, type Points, pointOf, populationOf } from './points.ts';
import { registry } from './registry.ts';
import { capabilitiesOf, isPrinted, unanswered } from './results.ts';
import type { Dated } from './signs.ts';

interface Known {
  since: Ms;
  book: Book;
  kept: readonly KeptPoints[];
}

/**
 * A figure's earlier periods, latest first: computed where the view reaches, else as they were kept. A month's report reads
 * two months of findings, not thirteen, so most of its past is of the second kind and says since when it is known.
 */
export function pastOf(findings: Findings, period: Period, context: Known): (kpi: Kpi) => Dated[] {
  const past = once(() => earlierPeriods(period).map((one) => periodReader(findings, one, context)));
  return (kpi) => past().map((read) => read(kpi));
}

function periodReader(findings: Findings, period: Period, { since, book, kept }: Known): (kpi: Kpi) => Dated {
  const { label } = period;
  if (period.start >= since) {
    const facts = factsOf(findings, period, { since, book });
    return (kpi) => ({ label, point: pointOf(kpi, populationOf(kpi, facts)), reason: '' });
  }
  // Kept in the order in which they were taken down: the first stands, whatever is added later.
  const own = kept.filter((one) => one.period === label);
  const reason = isCollected(findings.view.batches, period, findings.asOf)
    ? say('its figures were not kept')
    : say('nothing was collected');
  return ({ id }) => {
    const found = own.find(({ points }) => points[id] !== undefined);
    const point = found?.points[id];
    return { label, point, reason, ...(found === undefined ? {} : { as_of: new Date(found.as_of).toISOString() }) };
  };
}

/** Whether any collection covers some of a period: without one there is nothing to compute from. */
export function isCollected(batches: readonly Batch[], { start, end }: Period, asOf: Ms): boolean {
  return batches.some(
    ({ window_from, window_to, finished_at, status }) =>
      status !== 'failed' && finished_at <= asOf && window_from < end && Math.min(window_to, finished_at) > start,
  );
}

/** The KPIs of a report that have a figure per period. */
export function tracedKpis(client: Client, report: ReportDefinition): Kpi[] {
  return registry.filter((kpi) => isPrinted(kpi, report, client) && isAnswered(kpi, client));
}

function isAnswered(kpi: Kpi, client: Client): boolean {
  return (
    isTraced(kpi) && (kpi.joined !== true || client.records !== undefined) && unanswered(kpi, client, capabilitiesOf(client)) === undefined
  );
}

/** From when on a view must be complete so that `pointsOf` can compute these periods. */
export function reachOf(periods: readonly Period[]): Ms {
  return Math.min(...periods.map(historyStart));
}

/** Every figure of some earlier periods, for keeping. */
export function pointsOf(
  input: { view: View; client: Client; asOf: Ms; categories: readonly CategoryRule[] },
  periods: readonly Period[],
): Map<string, Points> {
  const findings = prepareFindings({ ...input, reader: 'manager' });
  const kpis = registry.filter((kpi) => isAnswered(kpi, input.client));
  const book: Book = { compared: () => [], lastEdition: undefined };
  return new Map(
    periods.map((period) => {
      const facts: Facts = factsOf(findings, period, { since: historyStart(period), book });
      return [period.label, Object.fromEntries(kpis.map((kpi) => [kpi.id, pointOf(kpi, populationOf(kpi, facts))]))];
    }),
  );
}

/** What an analysis says of the period before its own: complete by now, so it can be kept without computing it again. */
export function pointsBefore({ kpis }: Analysis): Points {
  const points: Record<string, Point> = {};
  for (const { id, history } of Object.values(kpis)) {
    const before = history?.at(-2);
    if (before !== undefined) points[id] = { cell: before.cell, ...(before.charted === undefined ? {} : { charted: before.charted }) };
  }
  return points;
}

/**
 * What kept figures mean: the definitions and the client's own settings that they were computed by. Figures of another
 * meaning are not set beside today's. A source that comes or goes changes no meaning, and what was known before stands.
 */
export function meaningOf(
  { timezone, mappings, calendar, shifts, sla, minutes_per_finding, scope, records, time_to_close }: Client,
  categories: readonly CategoryRule[],
): string {
  const definitions = registry.map(({ id, cohort, formula, unit, statistic, minN }) => ({ id, cohort, formula, unit, statistic, minN }));
  const settings = { timezone, mappings, calendar, shifts, sla, minutes_per_finding, scope, records, time_to_close };
  return createHash('sha256').update(JSON.stringify({ definitions, settings, categories }, plain)).digest('hex');
}

function plain(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
