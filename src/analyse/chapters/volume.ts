import { other } from '../../categories.ts';
import { fieldWords, instant, listed, say, type Words, weekdayDate } from '../../words/index.ts';
import { countOf } from '../cohort.ts';
import { severityNames } from '../columns.ts';
import type { Facts } from '../facts.ts';
import { count, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { joinedOf } from '../products.ts';
import { captionOf, countSeries, daySeries, inWords, largestShare } from '../series.ts';
import { at } from '../stats/at.ts';
import { shortName } from '../words.ts';

const common = {
  chapter: 'volume',
  cohort: 'created-in-period',
  needs: [],
  direction: 'neutral',
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const created = defineKpi({
  ...common,
  id: 'VOL-01',
  name: 'Findings created',
  question: 'How much came in?',
  formula: 'Findings with creation time in [start, end) that are no test, not merged into another and not deleted',
  unit: 'count',
  statistic: 'count; change as rate ratio per day with over-dispersion',
  chart: 'columns',
  sources: ['QRadar notebook: total, range, by day, by status'],
  daily: (facts) => facts.createdPerDay,
  driver: 'category',
  compute: (facts) => ({ outcome: count(facts.created.rows) }),
  show: (facts) => ({ series: [perDay(facts), perStatus(facts)], tables: [range(facts)], notes: createdNotes(facts) }),
});

function perDay(facts: Facts): Series {
  const counts = facts.createdPerDay;
  const busiest = counts.reduce((best, n, day) => (n > at(counts, best) ? day : best), 0);
  const n = at(counts, busiest);
  const start = facts.period.days[busiest]?.start;
  const title =
    n === 0 || start === undefined
      ? say('No findings in this period')
      : say('Busiest day: {day} with {n, plural, one {# finding} other {# findings}}', { day: weekdayDate(start, facts.period.zone), n });
  const drawing = { id: 'VOL-01.days', title, measure: say('Findings created per day'), chart: 'columns', sums_to: 'VOL-01' } as const;
  return daySeries(facts, drawing, [{ name: say('created'), counts }]);
}

function perStatus(facts: Facts): Series {
  const counts = facts.created.counts('status');
  const [most] = counts;
  const status = most?.name === undefined ? say('Status in front') : say('Status {name}', { name: fieldWords(most.name) });
  const title = largestShare(status, most?.n, facts.created.rows);
  const drawing = {
    id: 'VOL-01.status',
    title,
    measure: say('Findings created by status at the data cut'),
    chart: 'bars',
    sums_to: 'VOL-01',
  } as const;
  return countSeries(facts, drawing, inWords(counts));
}

/** When the first and the last finding were created, and how many came a day of the period's real length. */
function range(facts: Facts): Table {
  const stamps = facts.created.number('created_at');
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < stamps.length; i += 1) {
    const stamp = stamps[i] ?? Number.NaN;
    if (stamp < first) first = stamp;
    if (stamp > last) last = stamp;
  }
  const any = stamps.length > 0;
  const row = {
    n: stamps.length,
    per_day: facts.period.days.length > 0 ? stamps.length / facts.period.days.length : null,
    first: any ? new Date(first).toISOString() : null,
    last: any ? new Date(last).toISOString() : null,
    span: any ? (last - first) / 1000 : null,
  };
  return {
    id: 'VOL-01.range',
    title: any
      ? say('First {first}, last {last}', { first: instant(first, facts.period.zone), last: instant(last, facts.period.zone) })
      : say('No findings in this period'),
    caption: captionOf(facts, say('Findings created')),
    columns: [
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'per_day', label: say('Per day'), kind: 'number' },
      { key: 'first', label: say('First created'), kind: 'instant' },
      { key: 'last', label: say('Last created'), kind: 'instant' },
      { key: 'span', label: say('From first to last'), kind: 'seconds' },
    ],
    rows: [row],
    total_rows: 1,
  };
}

function createdNotes(facts: Facts): Words[] {
  if (facts.findings.links !== undefined) {
    const { alerts, joined, cases } = joinedOf(facts);
    return [
      say(
        '{cases, plural, one {# case} other {# cases}}, and {alone, plural, one {# alert} other {# alerts}} in no case; {joined} of {alerts, plural, one {# alert} other {# alerts}} are part of a case.',
        { cases, alone: facts.created.rows - cases, joined, alerts },
      ),
    ];
  }
  const kinds = facts.created.counts('kind');
  const parts = kinds.map(({ name, n }) => say('{n} of kind {name}', { n, name: fieldWords(name ?? 'unknown') }));
  return kinds.length > 1 ? [say('Alerts and cases are counted side by side: {parts}.', { parts: listed(parts) })] : [];
}

const bySeverity = defineKpi({
  ...common,
  id: 'VOL-02',
  name: 'High or worse severity',
  question: 'How serious is what came in?',
  formula: 'Findings created with severity high, critical or fatal / findings created; severity as known at the data cut',
  needs: ['severity'],
  unit: 'rate',
  statistic: 'Wilson 95 % interval of the share',
  chart: 'bars',
  sources: ['catalogue VOL-02'],
  compare: 'proportion',
  compute: (facts) => {
    const severe = ['High', 'Critical', 'Fatal'].map((name) => countOf(facts.created.counts('severity'), name));
    const k = severe.reduce((sum, n) => sum + n, 0);
    return { outcome: proportion(k, facts.created.rows, say('findings created in the period')) };
  },
  show: (facts) => {
    const found = facts.created.counts('severity');
    const ordered = [...severityNames.values()].map((name) => ({ name, n: countOf(found, name) })).filter(({ n }) => n > 0);
    const [most] = found;
    const title = largestShare(say('Severity {name}', { name: fieldWords(most?.name ?? '') }), most?.n, facts.created.rows);
    const drawing = {
      id: 'VOL-02.severity',
      title,
      measure: say('Findings created by severity'),
      chart: 'bars',
      sums_to: 'VOL-01',
    } as const;
    return { series: [countSeries(facts, drawing, inWords(ordered))] };
  },
});

const byCategory = defineKpi({
  ...common,
  id: 'VOL-04',
  name: 'Findings in no category',
  question: 'What kind of findings are they?',
  formula: 'Findings created that no tag rule matches ("Other") / findings created; rules are ordered and the first match wins',
  unit: 'rate',
  statistic: 'Wilson 95 % interval of the share',
  chart: 'bars',
  sources: ['catalogue VOL-04', 'QRadar article: categories'],
  compare: 'proportion',
  compute: (facts) => ({
    outcome: proportion(countOf(facts.created.counts('category'), other), facts.created.rows, say('findings created in the period')),
  }),
  show: (facts) => {
    const counts = facts.created.counts('category');
    const title = largestShare(shortName(counts[0]?.name, say('The largest category')), counts[0]?.n, facts.created.rows);
    const drawing = {
      id: 'VOL-04.categories',
      title,
      measure: say('Findings created by category'),
      chart: 'bars',
      sums_to: 'VOL-01',
    } as const;
    return { series: [countSeries(facts, drawing, counts)], tables: [ruleMatches(facts)], notes: categoryNotes(facts) };
  },
});

function ruleMatches(facts: Facts): Table {
  const { perRule } = facts.ruleCounts;
  const never = perRule.filter((rule) => rule.matched === 0).length;
  return {
    id: 'VOL-04.rules',
    title: say('{n} of {all, plural, one {# tag rule} other {# tag rules}} never matched', { n: never, all: perRule.length }),
    caption: captionOf(facts, say('Tag rules in their order')),
    columns: [
      { key: 'category', label: say('Category'), kind: 'text' },
      { key: 'place', label: say('Rule'), kind: 'text' },
      { key: 'matched', label: say('Matched'), kind: 'count' },
      { key: 'assigned', label: say('Matched first'), kind: 'count' },
    ],
    rows: perRule.map(({ category, place, matched, assigned }) => ({ category, place, matched, assigned })),
    total_rows: perRule.length,
  };
}

function categoryNotes(facts: Facts): Words[] {
  const never = facts.ruleCounts.perRule.filter((rule) => rule.matched === 0);
  const overlap = say('{n, plural, one {# finding} other {# findings}} matched rules of more than one category; the first rule decided.', {
    n: facts.ruleCounts.overlaps,
  });
  if (never.length === 0) return [overlap];
  return [
    overlap,
    say('Rules that never matched: {rules}.', { rules: listed(never.map(({ category, place }) => `${category} (${place})`)) }),
  ];
}

const closed = defineKpi({
  ...common,
  id: 'VOL-05',
  name: 'Findings closed',
  question: 'How much was finished?',
  cohort: 'closed-in-period',
  needs: ['closed_at'],
  formula: 'Findings whose last close lies in [start, end), whenever they were created',
  unit: 'count',
  statistic: 'count; change as rate ratio per day with over-dispersion',
  chart: 'columns',
  sources: ['catalogue VOL-05'],
  daily: (facts) => facts.closedPerDay,
  compute: (facts) => ({ outcome: count(facts.closed.rows) }),
  show: (facts) => {
    const title = say('{n, plural, one {# finding} other {# findings}} closed, {created} created', {
      n: facts.closed.rows,
      created: facts.created.rows,
    });
    const drawing = { id: 'VOL-05.days', title, measure: say('Findings closed per day'), chart: 'columns', sums_to: 'VOL-05' } as const;
    return { series: [daySeries(facts, drawing, [{ name: say('closed'), counts: facts.closedPerDay }])] };
  },
});

export const volume: readonly Kpi[] = [created, bySeverity, byCategory, closed];
