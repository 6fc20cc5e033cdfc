import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import type { ColumnName } from '../findings.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { oncePerObject } from '../once.ts';
import { captionOf, countSeries, countTable } from '../series.ts';
import { at } from '../stats/at.ts';
import { itemsOf, type PairCount } from '../table.ts';
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
const offenders = oncePerObject((facts: Facts): Offender[] => {
  const spans = spansOf(facts);
  const days = facts.period.days.map(({ date }) => date);
  const weeks = days.map(weekOf);
  const frequent = facts.created.counts('entities').filter(({ n }) => n >= 3);
  return frequent.flatMap(({ name, n }) => {
    const span = name === undefined ? undefined : spans.get(name);
    if (name === undefined || span === undefined || weeks[span.first] === weeks[span.last]) return [];
    return [{ name, n, first: days[span.first] ?? 'unknown', last: days[span.last] ?? 'unknown' }];
  });
});

/** First and last day of each entity: of the rows' texts first, which are fewer than the rows, then of what stands in them. */
function spansOf({ created, findings, period }: Facts): Map<string, { first: number; last: number }> {
  const { codes } = created.coded('entities');
  const days = created.coded('day').codes;
  const lists = findings.lists('entities');
  const first = new Int32Array(lists.texts.length).fill(period.days.length);
  const last = new Int32Array(lists.texts.length).fill(-1);
  for (let i = 0; i < codes.length; i += 1) {
    const text = codes[i] ?? -1;
    const day = days[i] ?? -1;
    if (day < (first[text] ?? -1)) first[text] = day;
    if (day > (last[text] ?? period.days.length)) last[text] = day;
  }
  const spans = new Map<string, { first: number; last: number }>();
  for (let text = 0; text < first.length; text += 1) {
    if (at(last, text) < 0) continue;
    for (const item of itemsOf(lists, text)) {
      const name = lists.values[item] ?? '';
      const span = spans.get(name) ?? { first: at(first, text), last: at(last, text) };
      spans.set(name, { first: Math.min(span.first, at(first, text)), last: Math.max(span.last, at(last, text)) });
    }
  }
  return spans;
}

function weekOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${day.yearOfWeek}-${day.weekOfYear}`;
}

function offenderTable(facts: Facts): Table {
  const found = offenders(facts);
  const shown = found.slice(0, 20);
  const pairs = facts.created.pairs(
    'entities',
    'verdict',
    shown.map(({ name }) => name),
  );
  return {
    id: 'ENT-01.entities',
    title: `${plural(found.length, 'entity', 'entities')} came back in another week`,
    caption: captionOf(facts, 'Entities in at least 3 findings over at least 2 ISO weeks'),
    columns: [
      { key: 'name', label: 'Entity', kind: 'text' },
      { key: 'n', label: 'Findings', kind: 'count' },
      { key: 'first', label: 'First day', kind: 'text' },
      { key: 'last', label: 'Last day', kind: 'text' },
      { key: 'real', label: 'True', kind: 'count' },
      { key: 'noise', label: 'Benign or false', kind: 'count' },
      { key: 'unjudged', label: 'Not judged', kind: 'count' },
    ],
    rows: shown.map((offender) => ({ ...offender, ...verdictMix(offender, pairs) })),
    total_rows: found.length,
  };
}

/** Pairs leave out what has no verdict, so the unjudged are what remains of all. */
function verdictMix({ name, n }: Offender, pairs: readonly PairCount[]): { real: number; noise: number; unjudged: number } {
  const mix = { real: 0, noise: 0, unjudged: n };
  for (const { left, right, n: judged } of pairs) {
    const fate = right === 'true_positive' ? 'real' : right === 'benign_positive' || right === 'false_positive' ? 'noise' : undefined;
    if (left !== name || fate === undefined) continue;
    mix[fate] += judged;
    mix.unjudged -= judged;
  }
  return mix;
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
