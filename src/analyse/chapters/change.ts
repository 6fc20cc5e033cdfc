import { hasValue, known, type Outcome } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import type { Compared } from '../history.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { quantityText } from '../quantity.ts';
import { captionOf, daySeries } from '../series.ts';
import { perDayOf } from '../matrix.ts';
import { type Spike, spikesOf } from '../spikes.ts';
import { growthOf, leastRatio, leastUsers, mostPerUser } from '../spraying.ts';
import { plural, shortName } from '../words.ts';

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
    if (judged.length === 0) return { outcome: { status: 'no-denominator', reason: 'no figure of this report can be compared', n: 0 } };
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
    title: `${moved} of ${plural(compared.length, 'figure')} changed`,
    caption: captionOf(facts, 'Each figure against the period before, by the ladder no clear change, probably, clearly'),
    columns: [
      { key: 'name', label: 'Figure', kind: 'text' },
      { key: 'previous', label: 'Before', kind: 'text' },
      { key: 'current', label: 'Now', kind: 'text' },
      { key: 'interval', label: '95 % interval now', kind: 'text' },
      { key: 'verdict', label: 'Change', kind: 'text' },
    ],
    rows: ordered.map(changeRow),
    total_rows: ordered.length,
  };
}

function changeRow({ kpi, entry, previous, change }: Compared): Table['rows'][number] {
  const shown = (outcome: Outcome | undefined) =>
    outcome !== undefined && hasValue(outcome) ? quantityText(outcome.value, kpi.unit) : null;
  const { low, high } = hasValue(entry) ? entry : {};
  const interval = low === undefined || high === undefined ? null : `${quantityText(low, kpi.unit)} to ${quantityText(high, kpi.unit)}`;
  return { name: entry.name, previous: shown(previous), current: shown(entry), interval, verdict: change?.phrase ?? null };
}

const spikes = defineKpi({
  ...common,
  id: 'ANO-01',
  name: 'Unusual days',
  question: 'Did anything spike?',
  needs: [],
  formula:
    'Days of a category, rule or product with more findings than the 99.9 % limit of a negative binomial around the median of the same weekday in the last 8 weeks (at least 4), at least 10 more and at least 3 times as many',
  statistic: 'negative binomial with the dispersion of the days before; Benjamini–Hochberg, 5 % false among those found',
  chart: 'columns',
  sources: ['catalogue ANO-01', 'EARS C1–C3 idea: same-weekday baseline'],
  compute: (facts) => {
    const found = spikesOf(facts);
    if (found.tested === 0) return { outcome: { status: 'too-few', reason: 'fewer than 4 earlier weeks to compare with' } };
    return { outcome: known(found.spikes.length, found.tested) };
  },
  show: (facts) => ({ series: worstSeries(facts), tables: [spikeTable(facts)] }),
});

const columns = { Category: 'category', Rule: 'rule', Product: 'product' } as const;

/** The days of the series with the largest spike. */
function worstSeries(facts: Facts): Series[] {
  const [worst] = spikesOf(facts).spikes;
  if (worst === undefined) return [];
  const { kind, name } = worst;
  const counts = perDayOf(facts.history, columns[kind as keyof typeof columns], 10)
    .get(name)
    ?.slice(-facts.period.days.length); // the kinds are these three
  const title = `${shortName(name, `One ${kind.toLowerCase()}`)}: ${worst.n}, usual ${quantityText(worst.expected, 'ratio')}`;
  const drawing = {
    id: 'ANO-01.worst',
    title,
    measure: `Findings created per day, ${kind.toLowerCase()} with the largest spike`,
    chart: 'columns',
  } as const;
  return [daySeries(facts, drawing, [{ name, counts: counts ?? [] }])];
}

function spikeTable(facts: Facts): Table {
  const found = spikesOf(facts).spikes;
  const row = ({ day, kind, name, n, expected, limit }: Spike) => ({ day, kind, name, n, expected, limit });
  return {
    id: 'ANO-01.spikes',
    title: found.length === 0 ? 'No day stands out' : `${plural(found.length, 'unusual day')}`,
    caption: captionOf(facts, 'Days above what is usual for the category, rule or product'),
    columns: [
      { key: 'day', label: 'Day', kind: 'text' },
      { key: 'kind', label: 'What', kind: 'text' },
      { key: 'name', label: 'Name', kind: 'text' },
      { key: 'n', label: 'Findings', kind: 'count' },
      { key: 'expected', label: 'Usual', kind: 'number' },
      { key: 'limit', label: 'Limit', kind: 'count' },
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
    return { outcome: found === undefined ? { status: 'no-data', reason: 'no finding names an account' } : count(found.length) };
  },
  show: (facts) => ({ tables: [growthTable(facts)] }),
});

function growthTable(facts: Facts): Table {
  const found = growthOf(facts) ?? []; // then the figure says that no account is named
  return {
    id: 'ANO-02.hours',
    title: found.length === 0 ? 'No hour looks like spraying' : `${plural(found.length, 'hour')} with many accounts at once`,
    caption: captionOf(facts, 'Hours with many accounts and few findings each'),
    columns: [
      { key: 'from', label: 'Hour from', kind: 'instant' },
      { key: 'n', label: 'Findings', kind: 'count' },
      { key: 'users', label: 'Accounts', kind: 'count' },
      { key: 'sources', label: 'Sources', kind: 'count' },
      { key: 'average', label: 'Average hour before', kind: 'number' },
    ],
    rows: found.slice(0, 30).map((one) => ({ ...one })),
    total_rows: found.length,
  };
}

export const change: readonly Kpi[] = [changes, spikes, growth];
