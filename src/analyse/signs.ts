import { hasValue, type Outcome } from '../outcome.ts';
import type { KpiEntry } from './analysis.ts';
import type { Facts } from './facts.ts';
import { leastComplete } from './gaps.ts';
import type { Cell, Kpi } from './kpi.ts';
import { xmr, variation } from './stats/index.ts';

/** How many periods a control chart is made of; with fewer its limits would be a first guess. */
const wanted = 13;

interface Dated {
  facts: Facts;
  outcome: Outcome;
}

/** The figure over the last 13 periods and whether it is changing, where the view reaches back that far. */
export function signsOf(
  kpi: Kpi,
  latest: readonly Dated[],
  earlier: () => readonly Facts[],
  compute: (facts: Facts) => Outcome,
): Pick<KpiEntry, 'history' | 'variation'> {
  if ((kpi.compare ?? kpi.daily) === undefined) return {};
  const facts = earlier();
  if (latest.length + facts.length < wanted) return {};
  const dated = [...latest, ...facts.map((one) => ({ facts: one, outcome: compute(one) }))].slice(0, wanted).reverse();
  const history = dated.map(({ facts: { period }, outcome }) => ({ label: period.label, cell: cellFrom(outcome) }));
  const values = dated.map((one) => comparable(kpi, one));
  if (!values.every((value) => value !== undefined)) return { history };
  const chart = xmr(values);
  return chart === undefined ? { history } : { history, variation: signOf(kpi, chart) };
}

function cellFrom(outcome: Outcome): Cell {
  return hasValue(outcome) ? outcome : { status: 'no-data', reason: outcome.reason };
}

/** Counts as rates per complete day, so that February lies beside March; nothing where too much of the period is missing. */
function comparable(kpi: Kpi, { facts, outcome }: Dated): number | undefined {
  const { coverage, period } = facts;
  if (!hasValue(outcome) || coverage.complete < leastComplete * coverage.states.length) return undefined;
  if (kpi.daily === undefined) return outcome.value;
  const daily = Array.from(kpi.daily(facts)).filter((_, day) => coverage.states[day]?.status === 'complete');
  const days = period.days.filter((_, day) => coverage.states[day]?.status === 'complete');
  const length = days.reduce((sum, day) => sum + (day.end - day.start), 0) / 3_600_000 / 24;
  return daily.reduce((sum, n) => sum + n, 0) / length;
}

function signOf({ direction }: Kpi, chart: NonNullable<ReturnType<typeof xmr>>): NonNullable<KpiEntry['variation']> {
  switch (variation(chart, direction)) {
    case 'common':
      return 'steady';
    case 'improving':
      return 'better';
    case 'concerning':
      return 'worse';
    case 'neither':
      return chart.points.at(-1)?.side === 1 ? 'higher' : 'lower';
  }
}
