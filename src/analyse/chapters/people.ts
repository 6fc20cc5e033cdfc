import type { Facts } from '../facts.ts';
import { proportion } from '../figures.ts';
import { countOf } from '../cohort.ts';
import { defineKpi, type Kpi } from '../kpi.ts';
import { countSeries, countTable, topCounts } from '../series.ts';
import { percent } from '../words.ts';

const unassigned = 'unassigned';

const spread = defineKpi({
  id: 'WRK-02',
  chapter: 'people',
  name: 'Share of the busiest analyst',
  question: 'How is the work spread?',
  cohort: 'created-in-period',
  needs: ['assignee'],
  formula: 'Findings created that are assigned to the analyst who has most / findings created that are assigned to anybody',
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue WRK-02', 'QRadar notebook: share per analyst'],
  compute: (facts) => {
    const { most, assigned } = assignment(facts);
    return { outcome: proportion(most, assigned, 'assigned findings created in the period') };
  },
  show: (facts) => {
    const counts = facts.created.counts('analyst');
    const { none, total } = assignment(facts);
    const title = total === 0 ? 'No findings in this period' : `${percent(none / total)} of findings have no analyst`;
    const drawing = { id: 'WRK-02.analysts', title, measure: 'Findings created per analyst', chart: 'bars', sums_to: 'VOL-01' } as const;
    const heading = { id: 'WRK-02.analysts', title, measure: drawing.measure, label: 'Analyst', missing: unassigned };
    return {
      series: [countSeries(facts, drawing, topCounts(counts, 20), unassigned)],
      tables: [countTable(facts, heading, counts, total, 50)],
      notes: ['A number of findings is no measure of a person: they differ in size, and a shift decides who gets which.'],
    };
  },
});

function assignment(facts: Facts) {
  const counts = facts.created.counts('analyst');
  const none = countOf(counts, undefined);
  const most = counts.find(({ name }) => name !== undefined)?.n ?? 0; // nobody has any
  return { none, most, assigned: facts.created.rows - none, total: facts.created.rows };
}

export const people: readonly Kpi[] = [spread];
