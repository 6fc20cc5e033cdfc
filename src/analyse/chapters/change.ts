import { quantity, say } from '../../words/index.ts';
import { hasValue, known, type Outcome } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import type { Compared } from '../history.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { captionOf, daySeries } from '../series.ts';
import { perDayOf } from '../matrix.ts';
import { type Spike, spikesOf } from '../spikes.ts';
import { growthOf, leastRatio, leastUsers, mostPerUser } from '../spraying.ts';
import { shortName } from '../words.ts';

const common = {
  chapter: 'change',
  cohort: 'history',
  unit: 'count',
  direction: 'neutral',
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const changes = defineKpi({
  ...common,
  id: 'CHG-01',
  name: 'Figures that changed',
  question: 'What is different from the period before?',
  needs: [],
  formula:
    'Figures whose change against the period before has a 95 % interval that excludes none; "clearly" where a control chart of weekday-adjusted days agrees',
  statistic: 'counts as rate ratios per day with over-dispersion, shares by Newcombe; incomplete days are left out of both sides',
  chart: 'table',
  sources: ['catalogue CHG-01'],
  compute: (facts) => {
    const judged = facts.book
      .compared()
      .filter(({ change }) => change !== undefined && change.step !== 'unknown' && change.step !== 'too-few');
    if (judged.length === 0)
      return { outcome: { status: 'no-denominator', reason: say('no figure of this report can be compared'), n: 0 } };
    return { outcome: known(judged.filter(({ change }) => change?.direction !== undefined).length, judged.length) };
  },
  show: (facts) => ({ tables: [changeTable(facts)] }),
});

/** What moved first, then what did not, then what cannot be judged. */
const steps = ['clear', 'probable', 'none', 'too-few', 'unknown'] as const;

function changeTable(facts: Facts): Table {
  const compared = facts.book.compared().filter(({ change }) => change !== undefined);
  const ordered = steps.flatMap((step) => compared.filter(({ change }) => change?.step === step));
  const moved = compared.filter(({ change }) => change?.direction !== undefined).length;
  return {
    id: 'CHG-01.changes',
    title: say('{moved} of {all, plural, one {# figure} other {# figures}} changed', { moved, all: compared.length }),
    caption: captionOf(facts, say('Each figure against the period before, by the ladder no clear change, probably, clearly')),
    columns: [
      { key: 'name', label: say('Figure'), kind: 'text' },
      { key: 'previous', label: say('Before'), kind: 'text' },
      { key: 'current', label: say('Now'), kind: 'text' },
      { key: 'interval', label: say('95 % interval now'), kind: 'text' },
      { key: 'verdict', label: say('Change'), kind: 'text' },
    ],
    rows: ordered.map(changeRow),
    total_rows: ordered.length,
  };
}

function changeRow({ kpi, entry, previous, change }: Compared): Table['rows'][number] {
  const shown = (outcome: Outcome | undefined) => (outcome !== undefined && hasValue(outcome) ? quantity(outcome.value, kpi.unit) : null);
  const { low, high } = hasValue(entry) ? entry : {};
  const interval =
    low === undefined || high === undefined
      ? null
      : say('{low} to {high}', { low: quantity(low, kpi.unit), high: quantity(high, kpi.unit) });
  return { name: entry.name, previous: shown(previous), current: shown(entry), interval, verdict: change?.phrase ?? null };
}

const spikes = defineKpi({
  ...common,
  id: 'ANO-01',
  name: 'Unusual days',
  question: 'Did anything spike?',
  needs: [],
  formula:
    'Days of a category, rule or product with more findings than the 99.9 % limit of a negative binomial around the median of the same weekday in the last 8 weeks (at least 4), at least 10 more and at least 3 times as many; where those days vary, at least 3.5 robust standard deviations above their median',
  statistic:
    'negative binomial with the dispersion of the days before; robust z = 0.6745 × (n − median) / MAD, none where MAD is 0; Benjamini–Hochberg, 5 % false among those found',
  chart: 'columns',
  sources: ['catalogue ANO-01', 'EARS C1–C3 idea: same-weekday baseline'],
  compute: (facts) => {
    const found = spikesOf(facts);
    if (found.tested === 0) return { outcome: { status: 'too-few', reason: say('fewer than 4 earlier weeks to compare with') } };
    return { outcome: known(found.spikes.length, found.tested) };
  },
  show: (facts) => ({ series: worstSeries(facts), tables: [spikeTable(facts)] }),
});

const kinds = {
  Category: {
    column: 'category',
    name: say('Category'),
    one: say('One category'),
    measure: say('Findings created per day, category with the largest spike'),
  },
  Rule: { column: 'rule', name: say('Rule'), one: say('One rule'), measure: say('Findings created per day, rule with the largest spike') },
  Product: {
    column: 'product',
    name: say('Product'),
    one: say('One product'),
    measure: say('Findings created per day, product with the largest spike'),
  },
} as const;

const kindOf = (kind: string) => kinds[kind as keyof typeof kinds]; // the kinds of spikes are these three

/** The days of the series with the largest spike. */
function worstSeries(facts: Facts): Series[] {
  const [worst] = spikesOf(facts).spikes;
  if (worst === undefined) return [];
  const { kind, name } = worst;
  const counts = perDayOf(facts.history, kindOf(kind).column, 10).get(name)?.slice(-facts.period.days.length);
  const title = say('{name}: {n}, usual {usual}', {
    name: shortName(name, kindOf(kind).one),
    n: worst.n,
    usual: quantity(worst.expected, 'ratio'),
  });
  const drawing = {
    id: 'ANO-01.worst',
    title,
    measure: kindOf(kind).measure,
    chart: 'columns',
  } as const;
  return [daySeries(facts, drawing, [{ name, counts: counts ?? [] }])];
}

function spikeTable(facts: Facts): Table {
  const found = spikesOf(facts).spikes;
  const row = ({ day, kind, name, n, expected, limit, z }: Spike) => ({ day, kind: kindOf(kind).name, name, n, expected, limit, z });
  return {
    id: 'ANO-01.spikes',
    title:
      found.length === 0 ? say('No day stands out') : say('{n, plural, one {# unusual day} other {# unusual days}}', { n: found.length }),
    caption: captionOf(facts, say('Days above what is usual for the category, rule or product')),
    columns: [
      { key: 'day', label: say('Day'), kind: 'day' },
      { key: 'kind', label: say('What'), kind: 'text' },
      { key: 'name', label: say('Name'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'expected', label: say('Usual'), kind: 'number' },
      { key: 'limit', label: say('Limit'), kind: 'count' },
      { key: 'z', label: say('Robust z'), kind: 'number' },
    ],
    rows: found.slice(0, 30).map(row),
    total_rows: found.length,
  };
}

const growth = defineKpi({
  ...common,
  id: 'ANO-02',
  name: 'Hours with many accounts at once',
  question: 'Does anything look like password spraying?',
  needs: ['entities'],
  formula: `Hours in which findings name at least ${leastUsers} accounts with at most ${mostPerUser} findings each on average, at least ${leastRatio} times the average hour of the week before and above its 99.9 % limit`,
  statistic: 'growth over an average period; negative binomial limit with the dispersion of that week',
  chart: 'table',
  audiences: ['client', 'engineer', 'manager'],
  sources: ['catalogue ANO-02', 'article on grouping: growth over an average period'],
  compute: (facts) => {
    const found = growthOf(facts);
    return { outcome: found === undefined ? { status: 'no-data', reason: say('no finding names an account') } : count(found.length) };
  },
  show: (facts) => ({ tables: [growthTable(facts)] }),
});

function growthTable(facts: Facts): Table {
  const found = growthOf(facts) ?? []; // then the figure says that no account is named
  return {
    id: 'ANO-02.hours',
    title:
      found.length === 0
        ? say('No hour looks like spraying')
        : say('{n, plural, one {# hour} other {# hours}} with many accounts at once', { n: found.length }),
    caption: captionOf(facts, say('Hours with many accounts and few findings each')),
    columns: [
      { key: 'from', label: say('Hour from'), kind: 'instant' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'users', label: say('Accounts'), kind: 'count' },
      { key: 'sources', label: say('Sources'), kind: 'count' },
      { key: 'average', label: say('Average hour before'), kind: 'number' },
    ],
    rows: found.slice(0, 30).map((one) => ({ ...one })),
    total_rows: found.length,
  };
}

export const change: readonly Kpi[] = [changes, spikes, growth];
