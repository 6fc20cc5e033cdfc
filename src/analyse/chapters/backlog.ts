import { analystWords } from '../columns.ts';
import { type Words, duration, fieldWords, listed, quantity, range, say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { cellOf, count } from '../figures.ts';
import { flowOf } from '../flow.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { known, markPartial, type Outcome } from '../../outcome.ts';
import { captionOf, daySeries } from '../series.ts';
import { at } from '../stats/at.ts';
import { ascending, dispersion, quantile, rateRatio } from '../stats/index.ts';

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
  const unsure = facts.excluded.filter(({ reason }) => String(reason).includes('backlog'));
  const reasons = unsure.map(({ reason, n }) => say('{n, plural, one {# finding} other {# findings}}: {reason}', { n, reason }));
  return markPartial(count(facts.open.rows), reasons.length === 0 ? undefined : listed(reasons, 'semicolon'));
}

function openDays(facts: Facts): Series {
  const last = facts.openPerDay.at(-1);
  const title =
    last === undefined
      ? say('The period has not begun')
      : say('Open findings went from {first} to {last}', { first: flowOf(facts).before, last });
  const drawing = { id: 'BKL-01.days', title, measure: say('Findings open at the end of each day'), chart: 'line' } as const;
  return daySeries(facts, drawing, [{ name: say('open'), counts: facts.openPerDay }]);
}

/** Upper edges in days of exactly 24 hours: an age is a duration, not a calendar distance. */
const ageBands = [1, 3, 7, 14, 30] as const;
const ageNames = [
  say('up to {age}', { age: quantity(1, 'days') }),
  ...[
    [1, 3],
    [3, 7],
    [7, 14],
    [14, 30],
  ].map(([from = 0, to = 0]) => range(from, to, 'days')), // both are there
  say('over {age}', { age: quantity(30, 'days') }),
];
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
  show: (facts) => ({ series: [ages(facts)], tables: [agesBySeverity(facts), oldest(facts)], notes: medianAge(facts) }),
});

function ages(facts: Facts): Series {
  const counts = bandCounts(facts);
  const young = at(counts, 0) + at(counts, 1) + at(counts, 2);
  return {
    id: 'BKL-03.ages',
    title:
      facts.open.rows === 0
        ? say('Nothing is open')
        : say('{young} of {all} open findings are under a week', { young, all: facts.open.rows }),
    caption: captionOf(facts, say('Findings open at the end by age')),
    chart: 'ageing',
    unit: 'count',
    axis: 'category',
    labels: [...ageNames],
    groups: [{ name: say('open'), cells: counts.map((n) => cellOf(facts, n)) }],
    sums_to: 'BKL-01',
  };
}

/** Per band of age, and there per severity. */
const bandsOf = oncePerObject((facts: Facts): { all: number[]; bySeverity: Map<number, number[]> } => {
  const none = () => ageNames.map(() => 0);
  const severities = facts.open.coded('severity').codes;
  const bySeverity = new Map<number, number[]>();
  const all = none();
  facts.open.number('created_at').forEach((created, i) => {
    const days = (facts.end - created) / 1000 / secondsPerDay;
    const band = ageBands.filter((edge) => days > edge).length;
    const code = at(severities, i);
    const own = bySeverity.get(code) ?? none();
    own[band] = at(own, band) + 1;
    all[band] = at(all, band) + 1;
    bySeverity.set(code, own);
  });
  return { all, bySeverity };
});

function bandCounts(facts: Facts): number[] {
  return bandsOf(facts).all;
}

function agesBySeverity(facts: Facts): Table {
  const { values } = facts.open.coded('severity');
  const { bySeverity } = bandsOf(facts);
  const rows = values.flatMap((severity, code) => {
    const counts = bySeverity.get(code); // values stand in order of severity
    return counts === undefined
      ? []
      : [{ severity: fieldWords(severity), ...Object.fromEntries(ageNames.map((name, band) => [String(name), at(counts, band)])) }];
  });
  return {
    id: 'BKL-03.severities',
    title: rows.length === 0 ? say('Nothing is open') : say('Open findings by age and severity'),
    caption: captionOf(facts, say('Findings open at the end by age and severity')),
    columns: [
      { key: 'severity', label: say('Severity'), kind: 'text' },
      ...ageNames.map((label) => ({ key: String(label), label, kind: 'count' as const })),
    ],
    rows,
    total_rows: rows.length,
  };
}

/** Durations so far, of what is open: said as they are, not as a forecast. */
function medianAge(facts: Facts): Words[] {
  const seconds = facts.open.number('created_at').map((created) => (facts.end - created) / 1000);
  return seconds.length === 0
    ? []
    : [say('Half of what is open is older than {time}.', { time: duration(quantile(ascending(seconds), 0.5)) })];
}

const mostListed = 10;

function oldest(facts: Facts): Table {
  const created = facts.findings.created;
  const limit = ascending(facts.open.number('created_at'))[mostListed - 1] ?? Number.POSITIVE_INFINITY; // fewer: all of them
  const old = facts.open.members.filter((row) => at(created, row) <= limit);
  const rows = old.sort((a, b) => at(created, a) - at(created, b) || a - b).slice(0, mostListed);
  const ids = facts.findings.view.cold(rows);
  const text = (row: number, name: 'title' | 'severity' | 'analyst') => {
    const { codes, values } = facts.findings.coded(name);
    return values[codes[row] ?? -1] ?? null;
  };
  return {
    id: 'BKL-03.oldest',
    title: rows.length === 0 ? say('Nothing is open') : say('What has been open longest'),
    caption: captionOf(facts, say('The oldest open findings')),
    columns: [
      { key: 'id', label: say('Finding'), kind: 'text' },
      { key: 'title', label: say('Title'), kind: 'text' },
      { key: 'severity', label: say('Severity'), kind: 'text' },
      { key: 'analyst', label: say('Analyst'), kind: 'text' },
      { key: 'age', label: say('Open for'), kind: 'seconds' },
    ],
    rows: Array.from(rows, (row, i) => ({
      id: ids[i]?.native_id ?? null,
      title: text(row, 'title'),
      severity: fieldWords(text(row, 'severity') ?? 'Unknown'),
      analyst: analystWords(text(row, 'analyst')),
      age: (facts.end - at(created, row)) / 1000,
    })),
    total_rows: facts.open.rows,
  };
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
  statistic: 'ratio of two counts, 95 % interval with the over-dispersion of the days',
  chart: 'figure',
  sources: ['catalogue BKL-04'],
  compute: (facts) => ({ outcome: clearanceOf(facts) }),
});

/** As if the two counts were independent, which makes the interval wider than it is. */
function clearanceOf({ closed, created, closedPerDay, createdPerDay }: Facts): Outcome {
  if (created.rows === 0) return { status: 'no-denominator', reason: say('there are no findings created in the period'), n: 0 };
  const spread = Math.max(dispersion(closedPerDay), dispersion(createdPerDay));
  const ratio = rateRatio({ a: created.rows, exposureA: 1, b: closed.rows, exposureB: 1, dispersion: spread });
  const interval = ratio.status === 'ok' ? { low: ratio.low, high: ratio.high } : undefined;
  return known(closed.rows / created.rows, created.rows, interval);
}

export const backlog: readonly Kpi[] = [openAtEnd, ageing, clearance];
