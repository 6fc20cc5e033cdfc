import { say, weekday } from '../../words/index.ts';
import { countOf } from '../cohort.ts';
import { type Facts, hourNames, weekdayNames } from '../facts.ts';
import { cellOf, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series } from '../kpi.ts';
import { captionOf, countSeries } from '../series.ts';

const byHour = defineKpi({
  id: 'VOL-07',
  chapter: 'volume',
  name: 'Arriving in the busiest hour of the day',
  question: 'When do findings arrive?',
  cohort: 'created-in-period',
  needs: [],
  formula: 'Findings created in the local clock hour that has most of them / findings created; 1/24 would be an even load',
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval of the share',
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
  chart: 'heatmap',
  sources: ['catalogue VOL-07', 'QRadar notebook: by hour of day'],
  compute: (facts) => {
    const [busiest] = facts.created.counts('hour');
    return { outcome: proportion(busiest?.n ?? 0, facts.created.rows, say('findings created in the period')) }; // without findings there is no share
  },
  show: (facts) => ({ series: [hours(facts), week(facts)] }),
});

function hours(facts: Facts): Series {
  const counts = facts.created.counts('hour');
  const [most] = counts;
  const title =
    most?.name === undefined
      ? say('No findings in this period')
      : say('Most arrive between {from} and {to}', { from: `${most.name}:00`, to: `${most.name}:59` });
  const ordered = hourNames.map((name) => ({ name, n: countOf(counts, name) }));
  const drawing = {
    id: 'VOL-07.hours',
    title,
    measure: say('Findings created per local hour of the day'),
    chart: 'line',
    sums_to: 'VOL-01',
  } as const;
  return { ...countSeries(facts, drawing, ordered), axis: 'hour' };
}

function week(facts: Facts): Series {
  const pairs = new Map(facts.created.pairs('weekday', 'hour').map(({ left, right, n }) => [`${left} ${right}`, n]));
  const [busiest] = facts.created.counts('weekday');
  const title =
    busiest?.name === undefined
      ? say('No findings in this period')
      : say('{weekday} is the busiest weekday', { weekday: dayOfWeek(busiest.name) });
  const cells = (day: string) => hourNames.map((hour) => cellOf(facts, pairs.get(`${day} ${hour}`) ?? 0)); // a slot without findings has zero
  return {
    id: 'VOL-07.week',
    title,
    caption: captionOf(facts, say('Findings created per weekday and local hour')),
    chart: 'heatmap',
    unit: 'count',
    axis: 'hour',
    labels: [...hourNames],
    groups: weekFrom(facts.client.week_start).map((name) => ({ name: dayOfWeek(name), cells: cells(name) })),
    sums_to: 'VOL-01',
  };
}

function weekFrom(first: number): string[] {
  return [...weekdayNames.slice(first - 1), ...weekdayNames.slice(0, first - 1)];
}

const dayOfWeek = (name: string) => weekday(weekdayNames.indexOf(name) + 1);

export const load: readonly Kpi[] = [byHour];
