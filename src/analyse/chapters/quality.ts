import { type Words, message, percent, phrase, say } from '../../words/index.ts';
import { countOf, totalOf } from '../cohort.ts';
import type { Facts } from '../facts.ts';
import { proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series } from '../kpi.ts';
import { countSeries, countTable, topCounts } from '../series.ts';
import type { Count } from '../table.ts';

const common = {
  chapter: 'quality',
  cohort: 'closed-in-period',
  needs: ['verdict', 'closed_at'],
  unit: 'rate',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  compare: 'proportion',
} as const satisfies Partial<Kpi>;

const everybody = ['manager', 'client', 'engineer'] as const;

/** In the order in which they are printed. */
const words: ReadonlyMap<string | undefined, string> = new Map([
  ['true_positive', message('True positive')],
  ['benign_positive', message('Benign positive')],
  ['false_positive', message('False positive')],
  ['undetermined', message('Undetermined')],
  ['duplicate', message('Duplicate')],
  ['other', message('Other')],
  [undefined, message('Unclassified')],
]);

const completeness = defineKpi({
  ...common,
  id: 'QUA-01',
  name: 'Verdict recorded',
  question: 'Do we know what the closed findings were?',
  formula: 'Findings closed with a verdict / findings closed; the client decides which closing reason means which verdict',
  direction: 'up',
  audiences: everybody,
  sources: ['catalogue QUA-01', 'QRadar notebook: count by closing reason'],
  compute: (facts) => ({
    outcome: proportion(facts.closed.rows - verdicts(facts, undefined), facts.closed.rows, say('findings closed in the period')),
  }),
  show: (facts) => ({ series: [closingReasons(facts)], tables: [closingTable(facts)] }),
});

function verdicts(facts: Facts, ...names: (string | undefined)[]): number {
  return names.reduce((sum, name) => sum + countOf(facts.closed.counts('verdict'), name), 0);
}

function closingReasons(facts: Facts): Series {
  const counts = facts.closed.counts('closing_reason');
  const most = counts[0];
  const title =
    most === undefined
      ? say('Nothing was closed')
      : say('The commonest closing reason covers {share}', { share: percent(most.n / facts.closed.rows) });
  const drawing = {
    id: 'QUA-01.reasons',
    title,
    measure: say('Findings closed by closing reason'),
    chart: 'bars',
    sums_to: 'VOL-05',
  } as const;
  return countSeries(facts, drawing, topCounts(counts, 15), say('no reason given'));
}

function closingTable(facts: Facts) {
  const counts = facts.closed.counts('closing_reason');
  const title = say('{n, plural, one {# finding} other {# findings}} closed for {reasons, plural, one {# reason} other {# reasons}}', {
    n: facts.closed.rows,
    reasons: counts.length,
  });
  const heading = {
    id: 'QUA-01.reasons',
    title,
    measure: say('Findings closed by closing reason'),
    label: say('Closing reason'),
    missing: say('no reason given'),
  };
  return countTable(facts, heading, counts, facts.closed.rows, 50);
}

/** A share among the findings with one of the three verdicts; the others have no place in its denominator. */
function share(
  id: string,
  name: string,
  question: string,
  parts: readonly string[],
  rest: Partial<Kpi> & Pick<Kpi, 'direction' | 'audiences'>,
): Kpi {
  const joined = parts.map((part) => words.get(part)?.toLowerCase()).join(' or ');
  return defineKpi({
    ...common,
    id,
    name,
    question,
    formula: `Findings closed as ${joined} / findings closed as true, benign or false positive`,
    sources: [`catalogue ${id}`],
    ...rest,
    compute: (facts) => ({
      outcome: proportion(
        verdicts(facts, ...parts),
        verdicts(facts, 'true_positive', 'benign_positive', 'false_positive'),
        say('findings closed as true, benign or false positive'),
      ),
    }),
  });
}

const truePositives = share('QUA-02', 'True-positive share', 'How much of it was real?', ['true_positive'], {
  direction: 'neutral',
  audiences: everybody,
  show: (facts) => ({ series: [verdictParts(facts)], notes: [unclassifiedNote(facts)] }),
});

/** Every closed finding stands in exactly one part, those that nobody judged included. */
function verdictParts(facts: Facts): Series {
  const counts = [...words].map(([verdict, name]) => ({ name: phrase(name), n: verdicts(facts, verdict) })).filter(({ n }) => n > 0);
  const unjudged = verdicts(facts, undefined);
  const title =
    facts.closed.rows === 0
      ? say('Nothing was closed')
      : say('{share} of closed findings have no verdict', { share: percent(unjudged / facts.closed.rows) });
  const drawing = { id: 'QUA-02.verdicts', title, measure: say('Findings closed by verdict'), chart: 'bars', sums_to: 'VOL-05' } as const;
  return countSeries(facts, drawing, counts);
}

function unclassifiedNote(facts: Facts): Words {
  return say('{verdicts} of {n, plural, one {# closed finding} other {# closed findings}} are unclassified and in no share.', {
    verdicts: verdicts(facts, undefined),
    n: facts.closed.rows,
  });
}

const benignPositives = share('QUA-03', 'Benign-positive share', 'How much was real but harmless?', ['benign_positive'], {
  direction: 'down',
  audiences: everybody,
});
const falsePositives = share('QUA-04', 'False-positive share', 'How often were rule or data wrong?', ['false_positive'], {
  direction: 'down',
  audiences: everybody,
});
const noise = share('QUA-05', 'Noise share', 'How much effort found nothing?', ['benign_positive', 'false_positive'], {
  direction: 'down',
  audiences: ['manager', 'engineer'],
});

const wrongReasons = defineKpi({
  ...common,
  id: 'QUA-06',
  name: 'False positives with a reason',
  question: 'Why were findings false?',
  formula:
    'Findings closed as false positive for which a reason is recorded (logic, data, indicator …) / findings closed as false positive',
  direction: 'up',
  audiences: ['engineer'],
  sources: ['catalogue QUA-06'],
  compute: (facts) => {
    const reasons = wrongCounts(facts);
    const all = reasons.reduce((sum, { n }) => sum + n, 0);
    const named = reasons.reduce((sum, { name, n }) => sum + (name === undefined ? 0 : n), 0);
    return { outcome: proportion(named, all, say('findings closed as false positive')) };
  },
  show: (facts) => {
    const reasons = wrongCounts(facts);
    const [most] = reasons.filter(({ name }) => name !== undefined);
    if (most === undefined) return {};
    const title = say('The commonest reason covers {share}', { share: percent(most.n / reasons.reduce((sum, { n }) => sum + n, 0)) });
    const drawing = { id: 'QUA-06.reasons', title, measure: say('Findings closed as false positive by reason'), chart: 'bars' } as const;
    return { series: [countSeries(facts, drawing, topCounts(reasons, 12), say('no reason given'))] };
  },
});

/** By reason, those without one last. */
function wrongCounts(facts: Facts): Count[] {
  const named = facts.closed.pairs('verdict', 'verdict_reason', ['false_positive']).map(({ right, n }) => ({ name: right, n }));
  const rest = verdicts(facts, 'false_positive') - totalOf(named);
  return rest === 0 ? named : [...named, { name: undefined, n: rest }];
}

export const quality: readonly Kpi[] = [completeness, truePositives, benignPositives, falsePositives, noise, wrongReasons];
