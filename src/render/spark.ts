import type { Plugin } from 'chart.js';
import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import type { Series, Unit } from '../analyse/kpi.ts';
import type { ReadSeries } from './read.ts';
import { monthOf, say, span, type Words } from '../words/index.ts';
import { frame, type Plot, type Sketch, valueIn } from './frame.ts';
import { penOf } from './marks.ts';
import { roles } from './svg.ts';

/** With fewer the days of the period tell more than the periods. */
const leastPeriods = 6;

/** A figure's past as a series small enough to stand beside its words; what it is made of stands in the caption. */
export function sparkSeries(entry: KpiEntry, series: Analysis['series'], period: Analysis['period']): Series | undefined {
  const unit = entry.unit as Unit; // the contract writes Unit as a text
  const base = { id: `spark-${entry.id}`, title: entry.name, chart: 'line' as const, unit };
  const { history } = entry;
  if (history !== undefined && history.filter(({ cell }) => cell.status !== 'no-data').length >= leastPeriods) {
    const cells = history.map(({ cell }) => cell);
    const kept = history.filter(({ as_of }) => as_of !== undefined).length;
    const caption =
      kept === 0
        ? say('{n} periods up to {period}', { n: history.length, period: nameOf(period) })
        : say('{n} periods up to {period}, the first {kept} as they were first known', { n: history.length, period: nameOf(period), kept });
    return {
      ...base,
      caption,
      axis: 'category',
      labels: history.map(({ label }) => monthIn(label) ?? label),
      groups: [{ name: entry.name, cells }],
    };
  }
  const daily = entry.series.map((id) => series[id]).find((one) => one?.axis === 'day' && one.groups.length === 1 && one.unit === unit);
  return daily === undefined || daily.labels.length < 3 ? undefined : { ...daily, ...base, caption: say('each day of the period') };
}

function nameOf({ label, start, end, zone }: Analysis['period']): Words {
  const [from, to] = [start, end].map((instant) => Temporal.Instant.from(instant).epochMilliseconds);
  return monthIn(label) ?? (from === undefined || to === undefined ? label : span({ start: from, end: to, zone }));
}

function monthIn(label: string): Words | undefined {
  return /^\d{4}-\d{2}$/.test(label) ? monthOf(label) : undefined;
}

/** A line without axes: gaps stay gaps, the last figure has a dot, a target is a thin rule. */
export function sparkPlot({ series, width, format }: Sketch): Plot {
  const cells = series.groups[0]?.cells ?? [];
  const values = cells.map(valueIn);
  const daily = series.axis === 'day';
  const dataset = {
    data: values,
    borderColor: roles.c1,
    backgroundColor: roles.c1,
    borderWidth: daily ? 0 : 1.6,
    pointRadius: 0,
    barPercentage: 0.95,
    categoryPercentage: 0.9,
  };
  const known = [...values, series.target ?? null].filter((value) => value !== null);
  // Columns stand on zero; a line shows its own range, as sparklines do.
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const floor = daily ? 0 : least;
  // A line that never moved runs through the middle: a scale without extent cannot be drawn.
  const range = most > floor ? { min: floor, max: most } : { min: floor - (daily ? 0 : 1), max: floor + 1 };
  const scales = {
    x: { display: false, offset: daily },
    y: { display: false, ...range },
  };
  return frame(
    { width, height: 30 },
    format.language,
    { left: 2, right: 6, top: 4, bottom: 4 },
    {
      type: daily ? 'bar' : 'line',
      data: { labels: series.labels.map(() => ''), datasets: [dataset] },
      options: { scales },
      plugin: sparkMarks(series),
    },
  );
}

function sparkMarks(series: ReadSeries): Plugin {
  return {
    id: 'spark',
    beforeDatasetsDraw(chart) {
      const pen = penOf(chart);
      const cells = series.groups[0]?.cells ?? [];
      const step = (pen.area.right - pen.area.left) / Math.max(cells.length, 1);
      for (const [index, cell] of cells.entries()) {
        if (cell.status === 'no-data')
          pen.rect(pen.area.left + index * step, pen.area.top, step, pen.area.bottom - pen.area.top, roles.hatch);
      }
    },
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      const target = series.target === undefined ? undefined : chart.scales.y?.getPixelForValue(series.target);
      if (target !== undefined) pen.line(pen.area.left, target, pen.area.right, target, roles.target);
      if (series.axis === 'day') return;
      const cells = series.groups[0]?.cells ?? [];
      const last = chart.getDatasetMeta(0).data[cells.findLastIndex(({ status }) => status !== 'no-data')];
      if (last !== undefined) pen.dot(last.x, last.y, 2.6, roles.c2);
    },
  };
}
