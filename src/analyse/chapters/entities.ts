import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import type { ColumnName } from '../findings.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { once, oncePer } from '../once.ts';
import { captionOf, countSeries, countTable } from '../series.ts';
import { at } from '../stats/at.ts';
import { percent, plural, shortName } from '../words.ts';

const common = {
  cohort: 'created-in-period',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count of distinct values',
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const repeatOffenders = defineKpi({
  ...common,
  id: 'ENT-01',
  chapter: 'attack',
  name: 'Repeat offenders',
  question: 'Who keeps coming back?',
  needs: ['entities'],
  formula: 'Entities in at least 3 findings created in at least 2 different ISO weeks of the period',
  direction: 'down',
  statistic: 'count of entities',
  chart: 'table',
  sources: ['catalogue ENT-01'],
  compute: (facts) => ({ outcome: { ...count(offenders(facts).length), n: facts.created.rows } }),
  show: (facts) => ({ tables: [offenderTable(facts)] }),
});

interface Offender {
  name: string;
  n: number;
  first: string;
  last: string;
}

/** Entities whose findings lie in more than one ISO week: the weeks of the first and of the last differ. */
const offenders = oncePer((facts: Facts): Offender[] => {
  const { codes, owners, values } = facts.created.list('entities');
  const days = facts.created.coded('day').codes;
  const n = new Int32Array(values.length);
  const first = new Int32Array(values.length).fill(facts.period.days.length);
  const last = new Int32Array(values.length).fill(-1);
  for (let entry = 0; entry < codes.length; entry += 1) {
    const entity = at(codes, entry);
    const day = at(days, at(owners, entry));
    n[entity] = at(n, entity) + 1;
    if (day < at(first, entity)) first[entity] = day;
    if (day > at(last, entity)) last[entity] = day;
  }
  const week = once(() => facts.period.days.map(({ date }) => weekOf(date)));
  const date = (day: number) => facts.period.days[day]?.date ?? 'unknown';
  return values
    .map((name, i) => ({ name, n: at(n, i), from: at(first, i), to: at(last, i) }))
    .filter((entity) => entity.n >= 3 && week()[entity.from] !== week()[entity.to])
    .map(({ name, n: findings, from, to }) => ({ name, n: findings, first: date(from), last: date(to) }))
    .sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
});

function weekOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${day.yearOfWeek}-${day.weekOfYear}`;
}

function offenderTable(facts: Facts): Table {
  const found = offenders(facts);
  return {
    id: 'ENT-01.entities',
    title: `${plural(found.length, 'entity', 'entities')} came back in another week`,
    caption: captionOf(facts, 'Entities in at least 3 findings over at least 2 ISO weeks'),
    columns: [
      { key: 'name', label: 'Entity', kind: 'text' },
      { key: 'n', label: 'Findings', kind: 'count' },
      { key: 'first', label: 'First day', kind: 'text' },
      { key: 'last', label: 'Last day', kind: 'text' },
    ],
    rows: found.slice(0, 20).map((offender) => ({ ...offender })),
    total_rows: found.length,
  };
}

/** Distinct values of a list and the most frequent of them, over all findings of the period and not only those of the top rules. */
function topList(column: ColumnName, one: string, rest: Pick<Kpi, 'id' | 'chapter' | 'name' | 'question' | 'needs' | 'sources'>): Kpi {
  return defineKpi({
    ...common,
    ...rest,
    formula: `Distinct values of "${one}" among all findings created; a finding with several counts once for each`,
    chart: 'bars',
    compute: (facts) => ({ outcome: { ...count(facts.created.counts(column).length), n: facts.created.rows } }),
    show: (facts) => {
      const counts = facts.created.counts(column);
      const [most] = counts;
      const share = most === undefined ? '' : percent(most.n / facts.created.rows);
      const title = most === undefined ? `No ${one} is named` : `${shortName(most.name, `One ${one}`)} is in ${share} of findings`;
      const measure = `All findings created per ${one}, the ten most frequent`;
      return {
        series: [countSeries(facts, { id: `${rest.id}.top`, title, measure, chart: 'bars' }, counts.slice(0, 10))],
        tables: [
          countTable(
            facts,
            { id: `${rest.id}.top`, title, measure: `All findings created per ${one}`, label: one },
            counts,
            facts.created.rows,
            50,
          ),
        ],
      };
    },
  });
}

const targets = topList('targets', 'target', {
  id: 'ENT-03',
  chapter: 'attack',
  name: 'Targets',
  question: 'What was attacked most?',
  needs: ['entities'],
  sources: ['QRadar notebook: top destinations, there over the top ten rules only'],
});

const actors = topList('actors', 'source', {
  id: 'ENT-04',
  chapter: 'attack',
  name: 'Sources',
  question: 'Where did it come from?',
  needs: ['entities'],
  sources: ['QRadar notebook: offense sources'],
});

const networks = topList('networks', 'network', {
  id: 'ENT-05',
  chapter: 'attack',
  name: 'Networks',
  question: 'Which networks are involved?',
  needs: ['networks'],
  sources: ['QRadar notebook: top source networks'],
});

export const entities: readonly Kpi[] = [repeatOffenders, targets, actors, networks];
