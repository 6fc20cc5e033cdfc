import { dates, quantity, say, type Words } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import { type Drift, driftOf } from '../drift.ts';
import type { Facts } from '../facts.ts';
import { type Cell, defineKpi, type Kpi, type Series } from '../kpi.ts';
import { captionOf } from '../series.ts';

const drift = defineKpi({
  id: 'ANO-03',
  chapter: 'change',
  name: 'Days outside the usual band',
  question: 'Does the volume creep up or down?',
  cohort: 'history',
  needs: [],
  formula:
    'Days of the period on which the smoothed number of findings created lies outside its band; each day less the mean of its weekday in the 8 weeks before (at least 28 known days), days without complete data skipped',
  unit: 'count',
  direction: 'neutral',
  statistic:
    'EWMA, λ = 0.2, band of ±3 standard deviations of the average around the mean of the days before; their deviation with over-dispersion around weekday means',
  minN: 0,
  clock: 'none',
  chart: 'line',
  audiences: ['engineer'],
  sources: ['catalogue ANO-03', 'EWMA control chart'],
  compute: (facts) => {
    const found = driftOf(facts);
    const days = judgedDays(found);
    if (days.length === 0)
      return { outcome: { status: 'too-few', reason: say('fewer than 28 known days in the 8 weeks before to compare with') } };
    return { outcome: known(days.filter(({ outside }) => outside).length, days.length) };
  },
  show: (facts) => {
    const found = driftOf(facts);
    if (found === undefined || judgedDays(found).length === 0) return {};
    const learned = say('Usual: {n} a day, from {days, plural, one {# day} other {# days}} before the period.', {
      n: quantity(found.usual, 'ratio'),
      days: found.learned,
    });
    return { series: [driftSeries(facts, found)], notes: [learned] };
  },
});

function judgedDays(found: Drift | undefined) {
  return (found?.days ?? []).filter((day) => day !== undefined); // without history no day is judged
}

function driftSeries(facts: Facts, { days }: Drift): Series {
  const cells = (name: 'value' | 'low' | 'high') =>
    days.map((day, i) => cell(facts, i, name === 'low' ? day && Math.max(0, day.low) : day?.[name]));
  return {
    id: 'ANO-03.days',
    title: titleOf(facts, days),
    caption: captionOf(facts, say('Findings created per day, less the pattern of the week, smoothed')),
    chart: 'line',
    unit: 'ratio',
    axis: 'day',
    labels: facts.period.days.map(({ date }) => date),
    groups: [
      { name: say('smoothed'), cells: cells('value') },
      { name: say('band from'), cells: cells('low') },
      { name: say('band to'), cells: cells('high') },
    ],
  };
}

function titleOf({ period }: Facts, days: Drift['days']): Words {
  const first = days.findIndex((day) => day?.outside === true);
  const day = days[first];
  const date = period.days[first]?.date;
  if (day === undefined || date === undefined) return say('The volume stays in its band');
  return day.value > day.high
    ? say('Volume above its band from {day}', { day: dates(date) })
    : say('Volume below its band from {day}', { day: dates(date) });
}

function cell(facts: Facts, day: number, value: number | undefined): Cell {
  if (value !== undefined) return { status: 'ok', value };
  const state = facts.coverage.states[day];
  const reason = state === undefined || state.status === 'complete' ? undefined : state.reason;
  return { status: 'no-data', reason: reason ?? say('nothing is known of this weekday before') };
}

export const drifts: readonly Kpi[] = [drift];
