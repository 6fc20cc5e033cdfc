import type { Words } from '../words/index.ts';
import type { KpiEntry } from './analysis.ts';
import type { Kpi } from './kpi.ts';
import { type Point, periodsShown } from './points.ts';
import { type Assurance, assurance, type Variation, variation, type Xmr, xmr } from './stats/index.ts';

/** A period in the row of periods. `point`: undefined where nothing is known of it, for the reason beside it. */
export interface Dated {
  label: string;
  point: Point | undefined;
  reason: Words;
  /** When a kept figure was taken down; absent: computed now, from what is known now. */
  as_of?: string;
}

/** Limits from fewer are a first guess, and nothing is called a sign by them. */
const leastCharted = 12;

/** The figure over its last periods, oldest first; what lies before anything was known is no gap in it. */
export function historyOf(latestFirst: readonly Dated[]): NonNullable<KpiEntry['history']> {
  const first = latestFirst.findLastIndex(({ point }) => point !== undefined && point.cell.status !== 'no-data');
  return latestFirst
    .slice(0, Math.min(first + 1, periodsShown))
    .reverse()
    .map(({ label, point, reason, as_of }) => ({
      label,
      ...(point ?? { cell: { status: 'no-data' as const, reason } }),
      ...(as_of === undefined ? {} : { as_of }),
    }));
}

/** The control chart of a history: `undefined` where this period is no point of it, or more than one other is missing. */
export function chartOf(history: NonNullable<KpiEntry['history']>): Xmr | undefined {
  if (history.at(-1)?.charted === undefined) return undefined;
  const values = history.flatMap(({ charted }) => charted ?? []);
  return values.length < leastCharted ? undefined : xmr(values);
}

/** Is it changing? */
export function variationOf({ direction }: Kpi, chart: Xmr): NonNullable<KpiEntry['variation']> {
  const signs: Record<Exclude<Variation, 'neither'>, NonNullable<KpiEntry['variation']>> = {
    common: 'steady',
    improving: 'better',
    concerning: 'worse',
  };
  const found = variation(chart, direction);
  if (found !== 'neither') return signs[found];
  return chart.points.at(-1)?.side === 1 ? 'higher' : 'lower';
}

/** Will it meet its target, as it runs now? `days`: how long the period is, for counts charted by the day. */
export function outlookOf({ direction, daily }: Kpi, chart: Xmr | undefined, target: number | undefined, days: number): Assurance {
  if (chart === undefined || target === undefined) return 'none';
  return assurance(chart, daily === undefined ? target : target / days, direction);
}

export const assuranceSigns: Record<Exclude<Assurance, 'none'>, NonNullable<KpiEntry['assurance']>> = {
  pass: 'will-meet',
  inconsistent: 'hit-or-miss',
  fail: 'will-miss',
};
