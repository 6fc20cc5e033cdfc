import { count } from '../figures.ts';
import { defineKpi, type Kpi } from '../kpi.ts';
import { countSeries, countTable } from '../series.ts';
import type { Count } from '../table.ts';
import { percent, plural, shortName } from '../words.ts';

const seen = defineKpi({
  id: 'LOG-06',
  chapter: 'sources',
  name: 'Log sources behind findings',
  question: 'Which log sources produce findings, and which hardly any?',
  cohort: 'created-in-period',
  needs: ['log_sources'],
  formula: 'Distinct log sources named by findings created, without those the client leaves out; a finding counts once for each',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count of distinct log sources',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['QRadar notebook: most and least frequent log sources'],
  compute: (facts) => ({ outcome: { ...count(facts.created.counts('log_sources').length), n: facts.created.rows } }),
  show: (facts) => {
    const most = facts.created.counts('log_sources');
    const least = leastFrequent(most);
    const [first] = most;
    const share = first === undefined ? '' : percent(first.n / facts.created.rows);
    const mostTitle =
      first === undefined ? 'No log source is named' : `${shortName(first.name, 'One log source')} is in ${share} of findings`;
    const leastTitle = `${plural(most.filter(({ n }) => n === 1).length, 'log source')} with a single finding`;
    const heading = (name: string, title: string) => ({
      id: `LOG-06.${name}`,
      title,
      measure: `Findings created per log source, ${name} frequent`,
      label: 'Log source',
    });
    return {
      series: [
        countSeries(facts, { ...heading('most', mostTitle), chart: 'bars' }, most.slice(0, 10)),
        countSeries(facts, { ...heading('least', leastTitle), chart: 'bars' }, least.slice(0, 20)),
      ],
      tables: [
        countTable(facts, heading('most', mostTitle), most, facts.created.rows, 20),
        countTable(facts, heading('least', leastTitle), least, facts.created.rows, 20),
      ],
      notes: ['A log source without any finding is not listed here: it may be quiet, or silent.'],
    };
  },
});

/** Fewest first, ties by name. */
function leastFrequent(counts: readonly Count[]): Count[] {
  return counts.toSorted((a, b) => a.n - b.n || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

export const sources: readonly Kpi[] = [seen];
