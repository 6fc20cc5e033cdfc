import type { Facts } from '../facts.ts';
import { cellOf, count } from '../figures.ts';
import { defineKpi, type Kpi, type Series } from '../kpi.ts';
import { markPartial, type Outcome } from '../../outcome.ts';
import { captionOf, daySeries } from '../series.ts';
import { at } from '../stats/at.ts';
import { plural } from '../words.ts';

const common = {
  chapter: 'backlog',
  needs: ['closed_at'],
  minN: 0,
  clock: 'calendar',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const openAtEnd = defineKpi({
  ...common,
  id: 'BKL-01',
  name: 'Open at the end',
  question: 'How much was still open when the period ended?',
  cohort: 'open-at-end',
  formula: 'Findings created before the end of the period and not closed before it, from the stretches in which each was open',
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  chart: 'line',
  sources: ['catalogue BKL-01'],
  compute: (facts) => ({ outcome: openCount(facts) }),
  show: (facts) => ({ series: [openDays(facts)] }),
});

/** What ended at an unknown time, or is in a status nobody knows, may have been open then: the count is a lower bound. */
function openCount(facts: Facts): Outcome {
  const unsure = facts.excluded.filter(({ reason }) => reason.includes('backlog'));
  const reason = unsure.map(({ reason: why, n }) => `${plural(n, 'finding')}: ${why}`).join('; ');
  return markPartial(count(facts.open.rows), reason === '' ? undefined : reason);
}

function openDays(facts: Facts): Series {
  const [first] = facts.openPerDay;
  const last = facts.openPerDay.at(-1);
  const title = first === undefined || last === undefined ? 'The period has not begun' : `Open findings went from ${first} to ${last}`;
  const drawing = { id: 'BKL-01.days', title, measure: 'Findings open at the end of each day', chart: 'line' } as const;
  return daySeries(facts, drawing, [{ name: 'open', counts: facts.openPerDay }]);
}

/** Upper edges in days of exactly 24 hours: an age is a duration, not a calendar distance. */
const ageBands = [1, 3, 7, 14, 30] as const;
const ageNames = ['up to 1 d', '1–3 d', '3–7 d', '7–14 d', '14–30 d', 'over 30 d'] as const;
const secondsPerDay = 24 * 60 * 60;

const ageing = defineKpi({
  ...common,
  id: 'BKL-03',
  name: 'Open longer than 30 days',
  question: 'How old is what is open?',
  cohort: 'open-at-end',
  formula: 'Findings open at the end that were created more than 30 × 24 hours before it',
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  chart: 'ageing',
  sources: ['catalogue BKL-03'],
  compute: (facts) => ({ outcome: { ...count(bandCounts(facts).at(-1) ?? 0), n: facts.open.rows } }), // there are always six bands
  show: (facts) => {
    const counts = bandCounts(facts);
    const young = at(counts, 0) + at(counts, 1) + at(counts, 2);
    const series: Series = {
      id: 'BKL-03.ages',
      title: facts.open.rows === 0 ? 'Nothing is open' : `${young} of ${facts.open.rows} open findings are under a week`,
      caption: captionOf(facts, 'Findings open at the end by age'),
      chart: 'ageing',
      unit: 'count',
      axis: 'category',
      labels: [...ageNames],
      groups: [{ name: 'open', cells: counts.map((n) => cellOf(facts, n)) }],
      sums_to: 'BKL-01',
    };
    return { series: [series] };
  },
});

function bandCounts(facts: Facts): number[] {
  const counts: number[] = ageNames.map(() => 0);
  for (const created of facts.open.number('created_at')) {
    const days = (facts.end - created) / 1000 / secondsPerDay;
    const band = ageBands.filter((edge) => days > edge).length;
    counts[band] = at(counts, band) + 1;
  }
  return counts;
}

const clearance = defineKpi({
  ...common,
  id: 'BKL-04',
  name: 'Clearance ratio',
  question: 'Does the team keep up?',
  cohort: 'event-in-period',
  formula: 'Findings closed in the period / findings created in it; 1 means that as much was finished as came in',
  unit: 'ratio',
  direction: 'target',
  statistic: 'ratio of two counts',
  chart: 'figure',
  sources: ['catalogue BKL-04'],
  compute: ({ closed, created }) => ({
    outcome:
      created.rows === 0
        ? { status: 'no-denominator', reason: 'there are no findings created in the period', n: 0 }
        : { status: 'ok', value: closed.rows / created.rows, n: created.rows },
  }),
});

export const backlog: readonly Kpi[] = [openAtEnd, ageing, clearance];
