import { type Words, percent, say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { cellOf, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { captionOf, countSeries, countTable } from '../series.ts';
import { totalOf } from '../cohort.ts';
import type { PairCount } from '../table.ts';
import { clipped } from '../words.ts';

const common = {
  counts: 'alerts',
  chapter: 'rules',
  cohort: 'created-in-period',
  direction: 'neutral',
  minN: 0,
  clock: 'none',
} as const satisfies Partial<Kpi>;

const pareto = defineKpi({
  ...common,
  id: 'RUL-01',
  name: 'Rules that make 80 % of the volume',
  question: 'Which rules make the work?',
  needs: [],
  formula:
    'Smallest number of rules whose findings make 80 % of all (finding, rule) pairs; a rule is known by its id, without one by its name; a finding without a rule goes by its title',
  unit: 'count',
  statistic: 'count of rules',
  chart: 'pareto',
  audiences: ['manager', 'engineer'],
  sources: ['catalogue RUL-01', 'QRadar notebook: top descriptions'],
  compute: (facts) => {
    const counts = facts.created.counts('rule');
    if (counts.length === 0)
      return { outcome: { status: 'no-denominator', reason: say('there are no findings created in the period'), n: 0 } };
    return { outcome: { status: 'ok', value: rulesFor(facts, 0.8), n: totalOf(counts) } };
  },
  show: (facts) => {
    const counts = facts.created.counts('rule');
    const title =
      counts.length === 0
        ? say('No findings in this period')
        : say('{n} of {all, plural, one {# rule} other {# rules}} make {share}', {
            n: rulesFor(facts, 0.8),
            all: counts.length,
            share: percent(0.8),
          });
    const measure = say('Findings created per rule');
    return {
      series: [countSeries(facts, { id: 'RUL-01.rules', title, measure, chart: 'pareto' }, counts.slice(0, 20), say('no rule'))],
      tables: [ruleTable(facts, title), titleTable(facts)],
      notes: unnamedNote(facts),
    };
  },
});

/** How many of the most frequent rules make a share of all. */
function rulesFor(facts: Facts, share: number): number {
  const counts = facts.created.counts('rule');
  const total = totalOf(counts);
  let sum = 0;
  for (const [index, { n }] of counts.entries()) {
    sum += n;
    if (sum >= share * total) return index + 1;
  }
  return counts.length;
}

function ruleTable(facts: Facts, title: Words): Table {
  const counts = facts.created.counts('rule');
  const total = totalOf(counts);
  let sum = 0;
  const rows = counts.slice(0, 50).map(({ name, n }) => {
    sum += n;
    return { name: name ?? say('no rule'), n, share: n / total, cumulative: sum / total };
  });
  return {
    id: 'RUL-01.rules',
    title,
    caption: captionOf(facts, say('Findings created per rule')),
    columns: [
      { key: 'name', label: say('Rule'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'share', label: say('Share'), kind: 'rate' },
      { key: 'cumulative', label: say('Cumulative'), kind: 'rate' },
    ],
    rows,
    total_rows: counts.length,
  };
}

function titleTable(facts: Facts): Table {
  const counts = facts.created.counts('title');
  const title =
    counts[0] === undefined
      ? say('No findings in this period')
      : say('The commonest title covers {share}', { share: percent(counts[0].n / facts.created.rows) });
  const heading = { id: 'RUL-01.titles', title, measure: say('Findings created by title'), label: say('Title'), missing: say('no title') };
  return countTable(facts, heading, counts, facts.created.rows, 20);
}

function unnamedNote(facts: Facts): Words[] {
  const without = facts.created.coded('rules').codes.reduce((sum, code) => sum + (code < 0 ? 1 : 0), 0);
  return without === 0
    ? []
    : [
        say('{n, plural, one {# finding} other {# findings}} of {rows} name no rule and go by their title.', {
          n: without,
          rows: facts.created.rows,
        }),
      ];
}

const noisySources = defineKpi({
  ...common,
  id: 'RUL-04',
  name: 'Largest share of one source within a top rule',
  question: 'Which sources keep which rules busy?',
  needs: ['entities'],
  formula:
    'Over the ten most frequent rules: findings of a rule that one source took part in / findings of that rule; the largest of these',
  unit: 'rate',
  statistic: 'Wilson 95 % interval of the largest pair',
  chart: 'small-multiples',
  audiences: ['engineer', 'manager'],
  sources: ['catalogue RUL-04', 'QRadar notebook: description x source, top sources and destinations of the top ten rules'],
  compute: (facts) => {
    const rules = ruleCounts(facts);
    const [worst] = byShare(facts.created.pairs('rule', 'actors', [...rules.keys()]), rules);
    if (worst === undefined) return { outcome: { status: 'no-denominator', reason: say('no finding of a top rule names a source'), n: 0 } };
    return { outcome: proportion(worst.n, worst.of, say('findings')) };
  },
  show: (facts) => {
    const rules = ruleCounts(facts);
    const sources = facts.created.pairs('rule', 'actors', [...rules.keys()]);
    const targets = facts.created.pairs('rule', 'targets', [...rules.keys()]);
    const panels = (kind: 'source' | 'target', pairs: readonly PairCount[]) =>
      [...rules].flatMap(([rule, n], rank) => panel(facts, { kind, rule, n, rank }, pairs));
    return { series: [...panels('source', sources), ...panels('target', targets)], tables: [pairTable(facts, sources, rules)] };
  },
});

/** The ten most frequent rules with their findings. */
function ruleCounts(facts: Facts): Map<string, number> {
  const named = facts.created.counts('rule').flatMap(({ name, n }) => (name === undefined ? [] : [[name, n] as const]));
  return new Map(named.slice(0, 10));
}

function byShare(pairs: readonly PairCount[], rules: ReadonlyMap<string, number>): { n: number; of: number }[] {
  const shares = pairs.flatMap(({ left, n }) => {
    const of = left === undefined ? undefined : rules.get(left);
    return of === undefined ? [] : [{ n, of }];
  });
  return shares.sort((a, b) => b.n / b.of - a.n / a.of || b.n - a.n);
}

interface Panel {
  kind: 'source' | 'target';
  rule: string;
  n: number;
  rank: number;
}

/** One rule's own ten most frequent sources or targets; a rule without any has no panel. */
function panel(facts: Facts, { kind, rule, n, rank }: Panel, pairs: readonly PairCount[]): Series[] {
  const own = pairs.filter(({ left }) => left === rule).slice(0, 10);
  const [first] = own;
  if (first === undefined) return [];
  return [
    {
      id: `RUL-04.${kind}s.${rank + 1}`,
      panel: `RUL-04.${kind}s`,
      title:
        kind === 'source'
          ? say('{rule}: one source has {share}', { rule: clipped(rule), share: percent(first.n / n) })
          : say('{rule}: one target has {share}', { rule: clipped(rule), share: percent(first.n / n) }),
      caption: captionOf(
        facts,
        kind === 'source'
          ? say('Findings of the rule per source, the ten most frequent')
          : say('Findings of the rule per target, the ten most frequent'),
      ),
      chart: 'small-multiples',
      unit: 'count',
      axis: 'category',
      labels: own.map(({ right }) => right ?? (kind === 'source' ? say('no source') : say('no target'))),
      groups: [{ name: rule, cells: own.map((pair) => cellOf(facts, pair.n)) }],
    },
  ];
}

function pairTable(facts: Facts, pairs: readonly PairCount[], rules: ReadonlyMap<string, number>): Table {
  const [first] = pairs;
  const rows = pairs.slice(0, 20).map(({ left, right, n }) => {
    const of = rules.get(left ?? '');
    return { rule: left ?? say('no rule'), source: right ?? say('no source'), n, share: of === undefined ? null : n / of };
  });
  return {
    id: 'RUL-04.pairs',
    title:
      first === undefined
        ? say('No source is named')
        : say('The busiest pair has {n, plural, one {# finding} other {# findings}}', { n: first.n }),
    caption: captionOf(facts, say('Findings created per rule and source, over the ten most frequent rules')),
    columns: [
      { key: 'rule', label: say('Rule'), kind: 'text' },
      { key: 'source', label: say('Source'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'share', label: say('Share of the rule'), kind: 'rate' },
    ],
    rows,
    total_rows: pairs.length,
  };
}

export const rules: readonly Kpi[] = [pareto, noisySources];
