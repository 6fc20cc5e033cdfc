import { type Words, percent, quantity, say } from '../../words/index.ts';
import { hasValue, known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { cellOf, count, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf, countSeries } from '../series.ts';
import { leastFindings, silenceOf, silenceTable, silenceLimit } from '../silence.ts';
import { shortName } from '../words.ts';

const common = {
  counts: 'alerts',
  chapter: 'rules',
  direction: 'down',
  minN: 0,
  clock: 'none',
} as const satisfies Partial<Kpi>;

/** Fewer verdicts than this leave any precision possible. */
const thin = 10;
const mostlyNoise = 0.5;

/** What became of a rule's closed findings. */
interface Judged {
  rule: string;
  real: number;
  benign: number;
  wrong: number;
  unjudged: number;
}

/** Per rule, most judged first; a finding of several rules counts once for each. */
const judgedRules = oncePerObject(({ closed }: Facts): Judged[] => {
  const named = closed.counts('rule').flatMap(({ name, n }) => (name === undefined ? [] : [{ name, n }]));
  // Pairs leave out what has no verdict: whatever is not moved from there stays unjudged.
  const rules = new Map(named.map(({ name, n }): [string, Judged] => [name, { rule: name, real: 0, benign: 0, wrong: 0, unjudged: n }]));
  for (const { left, right, n } of closed.pairs('rule', 'verdict', [...rules.keys()])) {
    const [rule, fate] = [rules.get(left ?? ''), fates.get(right)];
    if (rule === undefined || fate === undefined) continue;
    rule[fate] += n;
    rule.unjudged -= n;
  }
  return [...rules.values()].sort((a, b) => judgements(b) - judgements(a) || (a.rule < b.rule ? -1 : 1));
});

const fates: ReadonlyMap<string | undefined, 'real' | 'benign' | 'wrong'> = new Map([
  ['true_positive', 'real'],
  ['benign_positive', 'benign'],
  ['false_positive', 'wrong'],
]);

function judgements({ real, benign, wrong }: Judged): number {
  return real + benign + wrong;
}

function precisionOf(rule: Judged) {
  return proportion(rule.real, judgements(rule), say('judged findings'));
}

function enough(facts: Facts): Judged[] {
  return judgedRules(facts).filter((rule) => judgements(rule) >= thin);
}

const precision = defineKpi({
  ...common,
  id: 'RUL-02',
  name: 'Rules that are mostly noise',
  question: 'Which rules find something real?',
  cohort: 'closed-in-period',
  needs: ['verdict', 'closed_at'],
  formula: `Rules with at least ${thin} findings closed as true, benign or false positive of which surely less than half were true: the upper end of the precision's 95 % interval lies below 50 %`,
  unit: 'count',
  statistic: 'count of rules; precision per rule with Wilson 95 % interval',
  chart: 'dots',
  audiences: ['engineer', 'manager'],
  sources: ['catalogue RUL-02'],
  compute: (facts) => {
    const rules = enough(facts);
    if (rules.length === 0) return { outcome: { status: 'too-few', reason: say('no rule has {thin} judged findings', { thin }), n: 0 } };
    return { outcome: known(rules.filter(isNoise).length, rules.length) };
  },
  show: (facts) => ({ series: precisionDots(facts), tables: [precisionTable(facts)], notes: thinNotes(facts) }),
});

function isNoise(rule: Judged): boolean {
  const outcome = precisionOf(rule);
  return hasValue(outcome) && (outcome.high ?? 1) < mostlyNoise;
}

/** By the upper end of the interval: what is surely noise stands first, what is surely good last. */
function bySurety(facts: Facts): { rule: Judged; low: number; high: number; value: number }[] {
  const rated = enough(facts).flatMap((rule) => {
    const outcome = precisionOf(rule);
    return hasValue(outcome) ? [{ rule, value: outcome.value, low: outcome.low ?? 0, high: outcome.high ?? 1 }] : []; // a share always has its interval
  });
  return rated.sort((a, b) => a.high - b.high || a.low - b.low || (a.rule.rule < b.rule.rule ? -1 : 1));
}

function precisionDots(facts: Facts): Series[] {
  const rated = bySurety(facts);
  const shown = rated.length <= 20 ? rated : [...rated.slice(0, 10), ...rated.slice(-10)];
  if (shown.length === 0) return [];
  return [
    {
      id: 'RUL-02.precision',
      title: say('{n} of {all, plural, one {# rule} other {# rules}} are mostly noise', {
        n: rated.filter(({ rule }) => isNoise(rule)).length,
        all: rated.length,
      }),
      caption: captionOf(facts, say('Share of judged findings that were real, per rule, the ten worst and the ten best')),
      chart: 'dots',
      unit: 'rate',
      axis: 'category',
      labels: shown.map(({ rule }) => rule.rule),
      groups: [
        {
          name: say('precision'),
          cells: shown.map(({ rule, value, low, high }) => ({ ...cellOf(facts, value), low, high, n: judgements(rule) })),
        },
      ],
    },
  ];
}

function precisionTable(facts: Facts): Table {
  const rules = judgedRules(facts);
  const row = (rule: Judged) => {
    const n = judgements(rule);
    const outcome = precisionOf(rule);
    const given = n >= thin && hasValue(outcome) ? outcome : undefined;
    return {
      rule: rule.rule,
      real: rule.real,
      benign: rule.benign,
      wrong: rule.wrong,
      unjudged: rule.unjudged,
      precision: given?.value ?? null,
      low: given?.low ?? null,
      high: given?.high ?? null,
      correct: given === undefined ? null : (rule.real + rule.benign) / n,
    };
  };
  return {
    id: 'RUL-02.rules',
    title: say('{n, plural, one {# rule} other {# rules}} with closed findings', { n: rules.length }),
    caption: captionOf(facts, say('Findings closed per rule; no share is given below {thin} judged ones', { thin })),
    columns: [
      { key: 'rule', label: say('Rule'), kind: 'text' },
      { key: 'real', label: say('True'), kind: 'count' },
      { key: 'benign', label: say('Benign'), kind: 'count' },
      { key: 'wrong', label: say('False'), kind: 'count' },
      { key: 'unjudged', label: say('Not judged'), kind: 'count' },
      { key: 'precision', label: say('Precision'), kind: 'rate' },
      { key: 'low', label: say('At least'), kind: 'rate' },
      { key: 'high', label: say('At most'), kind: 'rate' },
      { key: 'correct', label: say('Logic correct'), kind: 'rate' },
    ],
    rows: rules.slice(0, 50).map(row),
    total_rows: rules.length,
  };
}

function thinNotes(facts: Facts): Words[] {
  const n = judgedRules(facts).length - enough(facts).length;
  return n === 0
    ? []
    : [say('{n, plural, one {# rule} other {# rules}} with fewer than {thin} judged findings: too thin for a share.', { n, thin })];
}

const effort = defineKpi({
  ...common,
  id: 'RUL-03',
  name: 'Effort spent on noise',
  question: 'What does noise cost?',
  cohort: 'closed-in-period',
  needs: ['verdict', 'closed_at'],
  formula: 'Findings closed as benign or false positive × the assumed minutes per finding of the client’s configuration',
  unit: 'hours',
  statistic: 'sum under a stated assumption, without interval',
  chart: 'bars',
  audiences: ['engineer', 'manager'],
  sources: ['catalogue RUL-03'],
  compute: (facts) => {
    const noise = facts.closed.counts('verdict').filter(({ name }) => name === 'benign_positive' || name === 'false_positive');
    const n = noise.reduce((sum, one) => sum + one.n, 0);
    return { outcome: known((n * facts.client.minutes_per_finding) / 60, n) };
  },
  show: (facts) => {
    const wasted = judgedRules(facts)
      .map(({ rule, benign, wrong }) => ({ name: rule, n: benign + wrong }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
    const [most] = wasted;
    const minutes = facts.client.minutes_per_finding;
    const title =
      most === undefined
        ? say('No finding was closed as noise')
        : say('{rule} costs {time}', {
            rule: shortName(most.name, say('One rule')),
            time: quantity((most.n * minutes) / 60, 'hours'),
          });
    const measure = say('Findings closed as benign or false positive per rule');
    return {
      series: wasted.length === 0 ? [] : [countSeries(facts, { id: 'RUL-03.rules', title, measure, chart: 'bars' }, wasted.slice(0, 10))],
      notes: [say('Assumed: {minutes} minutes of work on each finding; no source logs hands-on time.', { minutes })],
    };
  },
});

const silent = defineKpi({
  ...common,
  id: 'RUL-07',
  name: 'Rules gone silent',
  question: 'Which rules have stopped firing?',
  cohort: 'history',
  needs: [],
  formula: `Rules with at least ${leastFindings} findings in the history whose present silence is less likely than 1 %: e^(−rate × gap) at the rates of its weekdays, more where the rule fires in bursts; only completely collected days count`,
  unit: 'count',
  statistic: 'Poisson, negative binomial where counts are over-dispersed; Benjamini–Hochberg, 5 % false among those found',
  chart: 'table',
  audiences: ['engineer', 'manager'],
  sources: ['catalogue RUL-07'],
  compute: (facts) => {
    const { silent: found, tested } = silenceOf(facts, 'rule');
    if (tested === 0)
      return {
        outcome: { status: 'too-few', reason: say('no rule has {least} findings over a week of history', { least: leastFindings }), n: 0 },
      };
    return { outcome: { ...count(found.length), n: tested } };
  },
  show: (facts) => {
    const { silent: found, tested } = silenceOf(facts, 'rule');
    const notes = [say('A rule falls silent too when its log source does: check that first. Whether a rule is enabled is not known here.')];
    return { tables: [silenceTable(facts, quiet, found, tested)], notes: found.length === 0 ? [] : notes };
  },
});

const quiet = {
  id: 'RUL-07.rules',
  label: say('Rule'),
  measure: say('Rules whose silence is less likely than {share}', { share: percent(silenceLimit) }),
};

export const ruleQuality: readonly Kpi[] = [precision, effort, silent];
