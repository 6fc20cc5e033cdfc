import { analystWords } from '../columns.ts';
import { say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { countOf } from '../cohort.ts';
import { count, proportion } from '../figures.ts';
import { states } from '../lifecycle.ts';
import { defineKpi, type Kpi, type KpiResult, type Series, type Table } from '../kpi.ts';
import { captionOf, countSeries, daySeries, topCounts, perAnalyst } from '../series.ts';
import { gatherNumbers } from '../table.ts';

const noAnalyst = say('no analyst');

const rate = defineKpi({
  id: 'ESC-01',
  counts: 'alerts',
  chapter: 'escalation',
  name: 'Escalation rate',
  question: 'How much had to be handed on?',
  cohort: 'created-in-period',
  needs: ['escalated'],
  formula: 'Escalated / findings created of which it is decided: escalated, or ended without; open ones are pending and left out',
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'dots',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue ESC-01'],
  compare: 'proportion',
  compute: (facts) => {
    const { yes, no } = decided(facts);
    return { outcome: proportion(yes, yes + no, say('findings of which it is decided whether they were escalated')) };
  },
  show: (facts) => {
    const { yes, no, pending, unknown } = decided(facts);
    const notes = [
      say('{yes} escalated, {no} ended without, {n, plural, one {# open finding} other {# open findings}} not yet decided.', {
        yes,
        no,
        n: pending,
      }),
    ];
    if (unknown > 0)
      notes.push(
        say('Of {n, plural, one {# finding} other {# findings}} the source does not say whether they were escalated.', { n: unknown }),
      );
    return { notes };
  },
});

interface Decided {
  yes: number;
  no: number;
  pending: number;
  unknown: number;
}

function decided({ created, findings }: Facts): Decided {
  const counts = { yes: 0, no: 0, pending: 0, unknown: 0 };
  const { state } = findings.life;
  const flags = findings.escalated;
  for (let i = 0; i < created.rows; i += 1) {
    const row = created.members[i] ?? -1;
    const escalated = flags[row];
    if (escalated === 1) counts.yes += 1;
    else if (escalated === -1) counts.unknown += 1;
    else if (state[row] === states.open) counts.pending += 1;
    else counts.no += 1;
  }
  return counts;
}

const perDay = defineKpi({
  id: 'ESC-02',
  counts: 'alerts',
  chapter: 'escalation',
  name: 'Findings escalated',
  question: 'How many were escalated, when and by whom?',
  cohort: 'event-in-period',
  needs: ['escalated'],
  formula: 'Findings escalated in [start, end), by the time of escalation; where the source gives none, by the time of creation',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count; change as rate ratio per day with over-dispersion',
  minN: 0,
  clock: 'none',
  chart: 'columns',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue ESC-02', 'QRadar notebook: escalated by day, per analyst and day'],
  daily: (facts) => countsPerDay(facts),
  compute: (facts) => ({ outcome: count(facts.escalated.rows) }),
  show: (facts) => showEscalated(facts),
});

function showEscalated(facts: Facts): Omit<KpiResult, 'outcome'> {
  const stamps = gatherNumbers(facts.findings.escalatedAt, facts.escalated.members);
  const undated = stamps.filter((stamp) => Number.isNaN(stamp) || stamp > facts.asOf).length;
  const fallback = say('{undated} of {all} have no time of escalation and stand on the day they were created.', {
    undated,
    all: facts.escalated.rows,
  });
  return {
    series: [escalatedDays(facts), byAnalyst(facts)],
    tables: [analystDays(facts)],
    notes: undated > 0 ? [fallback] : [],
  };
}

function countsPerDay(facts: Facts): number[] {
  const counts = new Map(facts.escalated.counts('day').map(({ name, n }) => [name, n]));
  return facts.period.days.map(({ date }) => counts.get(date) ?? 0); // a day without an entry has none
}

function escalatedDays(facts: Facts): Series {
  const counts = countsPerDay(facts);
  const days = counts.filter((n) => n > 0).length;
  const title =
    days === 0
      ? say('Nothing was escalated')
      : say('{all} escalated on {n, plural, one {# day} other {# days}}', { all: facts.escalated.rows, n: days });
  const drawing = { id: 'ESC-02.days', title, measure: say('Findings escalated per day'), chart: 'columns', sums_to: 'ESC-02' } as const;
  return daySeries(facts, drawing, [{ name: say('escalated'), counts }]);
}

/** Who has none stands there as such: an escalation without an analyst is still one. */
function byAnalyst(facts: Facts): Series {
  const counts = facts.escalated.counts('analyst');
  const without = counts.find(({ name }) => name === undefined)?.n;
  const title =
    without === undefined
      ? say('Every escalation has an analyst')
      : say('{n, plural, one {# escalation} other {# escalations}} without an analyst', { n: without });
  const drawing = {
    id: 'ESC-02.analysts',
    title: counts.length === 0 ? say('Nothing was escalated') : title,
    measure: say('Findings escalated per analyst'),
    chart: 'bars',
    sums_to: 'ESC-02',
  } as const;
  return countSeries(facts, drawing, topCounts(perAnalyst(counts), 20), noAnalyst);
}

function analystDays(facts: Facts): Table {
  const pairs = facts.escalated
    .pairs('day', 'analyst')
    .toSorted((a, b) => ((a.left ?? '') < (b.left ?? '') ? -1 : Number(a.left !== b.left)));
  return {
    id: 'ESC-02.analyst-days',
    title: say('{n} escalated by analyst and day', { n: facts.escalated.rows }),
    caption: captionOf(facts, say('Findings escalated per analyst and day')),
    columns: [
      { key: 'day', label: say('Day'), kind: 'day' },
      { key: 'analyst', label: say('Analyst'), kind: 'text' },
      { key: 'n', label: say('Escalated'), kind: 'count' },
    ],
    rows: pairs.slice(0, 100).map(({ left, right, n }) => ({ day: left ?? say('unknown'), analyst: analystWords(right) ?? noAnalyst, n })),
    total_rows: pairs.length,
  };
}

const accuracy = defineKpi({
  id: 'ESC-03',
  counts: 'alerts',
  chapter: 'escalation',
  name: 'Escalation accuracy',
  question: 'Was it right to hand it on?',
  cohort: 'event-in-period',
  needs: ['escalated', 'verdict'],
  formula: 'Findings escalated in the period that are judged true positives / those judged true, benign or false positive',
  unit: 'rate',
  direction: 'up',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'dots',
  audiences: ['manager', 'engineer'],
  sources: ['catalogue ESC-03'],
  compare: 'proportion',
  compute: (facts) => {
    const { real, judged } = accuracyOf(facts);
    return { outcome: proportion(real, judged, say('escalated findings judged true, benign or false positive')) };
  },
  show: (facts) => {
    const { judged } = accuracyOf(facts);
    const open = facts.escalated.rows - judged;
    return { notes: [say('{n} of {all} escalated have no such verdict and are in no share.', { n: open, all: facts.escalated.rows })] };
  },
});

function accuracyOf({ escalated }: Facts): { real: number; judged: number } {
  const counts = escalated.counts('verdict');
  const real = countOf(counts, 'true_positive');
  return { real, judged: real + countOf(counts, 'benign_positive') + countOf(counts, 'false_positive') };
}

export const escalation: readonly Kpi[] = [rate, perDay, accuracy];
