import type { Ms } from '../finding.ts';
import { hasValue, type Outcome } from '../outcome.ts';
import { type Period, previousPeriod } from '../period.ts';
import type { Facts } from './facts.ts';
import { leastComplete } from './gaps.ts';
import { judged } from './judged.ts';
import type { Cell, Kpi } from './kpi.ts';
import { at } from './stats/at.ts';

/** One period's figure in the row of its periods. */
export interface Point {
  cell: Cell;
  /**
   * What a control chart makes of it: counts as rates per complete day, so that February lies beside March; absent where
   * too much of the period is missing.
   */
  charted?: number;
}

/** By KPI id. */
export type Points = Readonly<Record<string, Point>>;

/** Figures of one earlier period as they were first known, so that a report need not read a year of findings again. */
export interface KeptPoints {
  /** The period's label. */
  period: string;
  as_of: Ms;
  points: Points;
}

/** How many periods a control chart is made of, the report's own included. */
export const periodsShown = 13;

/** What is learned from all history, or is about other figures, has no figure per period. */
export function isTraced({ cohort }: Kpi): boolean {
  return cohort !== 'history';
}

/** What a figure is counted over: what people work on, or every alert. */
export function populationOf(kpi: Kpi, facts: Facts): Facts {
  return kpi.counts === 'alerts' ? facts.alerts : facts;
}

/** `facts`: of the figure's own population. */
export function pointOf(kpi: Kpi, facts: Facts, outcome: Outcome = judged(kpi, facts, kpi.compute(facts).outcome)): Point {
  const charted = chartedOf(kpi, facts, outcome);
  return { cell: cellFrom(outcome), ...(charted === undefined ? {} : { charted }) };
}

function cellFrom(outcome: Outcome): Cell {
  return hasValue(outcome) ? outcome : { status: 'no-data', reason: outcome.reason };
}

function chartedOf(kpi: Kpi, facts: Facts, outcome: Outcome): number | undefined {
  const { coverage, period } = facts;
  if (!hasValue(outcome) || coverage.complete < leastComplete * coverage.states.length) return undefined;
  if (kpi.daily === undefined) return outcome.value;
  const counts = kpi.daily(facts);
  let [total, length] = [0, 0];
  for (const [index, day] of period.days.entries()) {
    if (coverage.states[index]?.status !== 'complete') continue;
    total += at(counts, index);
    length += (day.end - day.start) / 3_600_000 / 24;
  }
  return total / length;
}

/** The periods before the one before, latest first, that a report shows beside its own. */
export function earlierPeriods(period: Period): Period[] {
  const found: Period[] = [];
  for (let one = previousPeriod(previousPeriod(period)); found.length < periodsShown - 2; one = previousPeriod(one)) found.push(one);
  return found;
}
