import { type Phrase, percent, say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import type { ColumnName } from '../findings.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf, countSeries, countTable } from '../series.ts';
import { at } from '../stats/at.ts';
import { shortName } from '../words.ts';

const common = {
  counts: 'alerts',
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
  real: number;
  noise: number;
  unjudged: number;
}

/** Entities whose findings lie in more than one ISO week: the weeks of the first and of the last differ. */
const offenders = oncePerObject((facts: Facts): Offender[] => {
  const { counts, first, last, real, noise, values } = spansOf(facts);
  const days = facts.period.days.map(({ date }) => date);
  const weeks = days.map(weekOf);
  const found: Offender[] = [];
  for (let item = 0; item < values.length; item += 1) {
    const n = counts[item] ?? 0; // as long as the values
    if (n < 3 || weeks[at(first, item)] === weeks[at(last, item)]) continue;
    const judged = { real: at(real, item), noise: at(noise, item) };
    const span = { first: days[at(first, item)] ?? 'unknown', last: days[at(last, item)] ?? 'unknown' };
    found.push({ name: values[item] ?? '', n, ...span, ...judged, unjudged: n - judged.real - judged.noise });
  }
  return found.sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
});

/** Per entity how many findings there are, on which days the first and last, and how they were judged: one pass over the rows. */
function spansOf({ created, findings, period }: Facts) {
  const { starts, items, values } = findings.view.entityLists();
  const days = created.coded('day').codes;
  const verdicts = created.coded('verdict');
  const fates = Int8Array.from(verdicts.values, fateOf);
  const [counts, real, noise] = [new Float64Array(values.length), new Float64Array(values.length), new Float64Array(values.length)];
  const first = new Int32Array(values.length).fill(period.days.length);
  const last = new Int32Array(values.length).fill(-1);
  for (let i = 0; i < created.members.length; i += 1) {
    const row = created.members[i] ?? 0;
    const day = days[i] ?? -1;
    const fate = fates[verdicts.codes[i] ?? -1] ?? 0;
    for (let place = starts[row] ?? 0; place < (starts[row + 1] ?? 0); place += 1) {
      const item = items[place] ?? 0;
      counts[item] = (counts[item] ?? 0) + 1;
      if (fate > 0) real[item] = (real[item] ?? 0) + 1;
      else if (fate < 0) noise[item] = (noise[item] ?? 0) + 1;
      if (day < (first[item] ?? -1)) first[item] = day;
      if (day > (last[item] ?? period.days.length)) last[item] = day;
    }
  }
  return { counts, first, last, real, noise, values };
}

/** 1 real, -1 benign or false, 0 neither. */
function fateOf(verdict: string): number {
  if (verdict === 'true_positive') return 1;
  return verdict === 'benign_positive' || verdict === 'false_positive' ? -1 : 0;
}

function weekOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${day.yearOfWeek}-${day.weekOfYear}`;
}

function offenderTable(facts: Facts): Table {
  const found = offenders(facts);
  const shown = found.slice(0, 20);
  return {
    id: 'ENT-01.entities',
    title: say('{n, plural, one {# entity} other {# entities}} came back in another week', { n: found.length }),
    caption: captionOf(facts, say('Entities in at least 3 findings over at least 2 ISO weeks')),
    columns: [
      { key: 'name', label: say('Entity'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'first', label: say('First day'), kind: 'day' },
      { key: 'last', label: say('Last day'), kind: 'day' },
      { key: 'real', label: say('True'), kind: 'count' },
      { key: 'noise', label: say('Benign or false'), kind: 'count' },
      { key: 'unjudged', label: say('Not judged'), kind: 'count' },
    ],
    rows: shown.map((offender) => ({ ...offender })),
    total_rows: found.length,
    essential: true,
  };
}

/** What is said of a list: of its items in the definition, of there being none, of one, of all, and at the head of a column. */
interface ListWords {
  item: string;
  none: Phrase;
  one: Phrase;
  measure: Phrase;
  label: Phrase;
}

/** Distinct values of a list and the most frequent of them, over all findings of the period and not only those of the top rules. */
function topList(
  column: ColumnName,
  words: ListWords,
  rest: Pick<Kpi, 'id' | 'chapter' | 'name' | 'question' | 'needs' | 'sources'> & Partial<Kpi>,
): Kpi {
  return defineKpi({
    ...common,
    ...rest,
    formula: `Distinct values of "${words.item}" among all findings created; a finding with several counts once for each`,
    chart: 'bars',
    compute: (facts) => ({ outcome: { ...count(facts.created.counts(column).length), n: facts.created.rows } }),
    show: (facts) => {
      const counts = facts.created.counts(column);
      const [most] = counts;
      const share = most === undefined ? '' : percent(most.n / facts.created.rows);
      const title =
        most === undefined ? words.none : say('{name} is in {share} of findings', { name: shortName(most.name, words.one), share });
      const measure = say('{measure}, the ten most frequent', { measure: words.measure });
      return {
        series: [countSeries(facts, { id: `${rest.id}.top`, title, measure, chart: 'bars' }, counts.slice(0, 10))],
        tables: [
          countTable(facts, { id: `${rest.id}.top`, title, measure: words.measure, label: words.label }, counts, facts.created.rows, 50),
        ],
      };
    },
  });
}

const targets = topList(
  'targets',
  {
    item: 'target',
    none: say('No target is named'),
    one: say('One target'),
    measure: say('All findings created per target'),
    label: say('Target'),
  },
  {
    id: 'ENT-03',
    chapter: 'attack',
    name: 'Targets',
    question: 'What was attacked most?',
    needs: ['entities'],
    sources: ['QRadar notebook: top destinations, there over the top ten rules only'],
  },
);

const actors = topList(
  'actors',
  {
    item: 'source',
    none: say('No source is named'),
    one: say('One source'),
    measure: say('All findings created per source'),
    label: say('Source'),
  },
  {
    id: 'ENT-04',
    chapter: 'attack',
    name: 'Sources',
    question: 'Where did it come from?',
    needs: ['entities'],
    sources: ['QRadar notebook: offense sources'],
  },
);

const networks = topList(
  'networks',
  {
    item: 'network',
    none: say('No network is named'),
    one: say('One network'),
    measure: say('All findings created per network'),
    label: say('Network'),
  },
  {
    id: 'ENT-05',
    audiences: ['client', 'engineer'],
    chapter: 'attack',
    name: 'Networks',
    question: 'Which networks are involved?',
    needs: ['networks'],
    sources: ['QRadar notebook: top source networks'],
  },
);

export const entities: readonly Kpi[] = [repeatOffenders, targets, actors, networks];
