import type { ChartOptions } from 'chart.js';
import type { Cell } from '../analyse/kpi.ts';
import type { ReadSeries } from './read.ts';
import { shorten } from './alt.ts';
import type { Format } from './format.ts';
import { fontFamily, frame, groupColours, mostGroups, partialThroughout, type Plot, type Sketch, valueIn, widthOf } from './frame.ts';
import { columnMarks, heatMarks, lineMarks } from './marks.ts';
import { rowPlot } from './rows.ts';
import { sparkPlot } from './spark.ts';
import { timelinePlot } from './timeline.ts';
import { roles } from './svg.ts';

/** The Chart.js configuration of a series, whatever kind of chart it asks for. */
export function plot(sketch: Sketch): Plot {
  if (sketch.spark === true) return sparkPlot(sketch);
  switch (sketch.series.chart) {
    case 'line':
    case 'xmr':
    case 'curves':
    case 'funnel':
      return linePlot(sketch);
    case 'bars':
    case 'pareto':
    case 'bullet':
    case 'ageing':
    case 'dots':
      return rowPlot(sketch);
    case 'timeline':
      return timelinePlot(sketch);
    case 'heatmap':
      return heatPlot(sketch);
    case 'columns':
    case 'small-multiples':
    case 'figure':
    case 'table':
      return columnPlot(sketch);
  }
}

const plotHeight = (width: number) => (width < 400 ? 150 : 156);

function columnPlot({ series, width, format, max }: Sketch): Plot {
  const groups = series.groups.slice(0, mostGroups);
  const datasets = groups.map(({ cells }, index) => {
    const colour = groupColours[index] ?? roles.c4;
    return {
      data: cells.map(valueIn),
      backgroundColor: cells.map((cell) => (cell.status === 'partial' ? roles.pale : colour)),
      borderColor: colour,
      borderWidth: cells.map((cell) => (cell.status === 'partial' ? 1.5 : 0)),
      categoryPercentage: 0.86,
      barPercentage: 0.92,
      maxBarThickness: 56,
    };
  });
  const options: ChartOptions = {
    scales: { x: labelAxis(groups.length > 1), y: valueAxis(series, format, { max, stacked: groups.length > 1 }) },
  };
  return frame(
    { width, height: plotHeight(width) },
    format.language,
    { left: 0, right: 2, top: 20, bottom: 0 },
    {
      type: 'bar',
      data: { labels: tickLabels(series, width), datasets },
      options,
      plugin: columnMarks(series, format),
    },
  );
}

const pointStyles = ['circle', 'rect', 'triangle', 'rectRot'] as const;

function linePlot({ series, width, format, max }: Sketch): Plot {
  const groups = series.groups.slice(0, mostGroups);
  const funnel = series.chart === 'funnel';
  const radius = series.labels.length > 16 && !funnel ? 0 : 3;
  const throughout = partialThroughout(series);
  const datasets = groups.map(({ cells }, index) => {
    const colour = groupColours[index] ?? roles.c4;
    return {
      data: cells.map(valueIn),
      borderColor: colour,
      backgroundColor: roles.paper,
      borderWidth: funnel && index > 0 ? 1 : 2,
      // Clients are no sequence: only their limits are lines.
      showLine: !funnel || index > 0,
      pointStyle: pointStyles[index] ?? 'circle',
      pointRadius: funnel
        ? index === 0
          ? 4
          : 0
        : cells.map((cell, at) => (cell.status === 'partial' && !throughout ? 4 : standsAlone(cells, at) ? 3 : radius)),
      pointBorderColor: colour,
      pointBackgroundColor: cells.map((cell) => (cell.status === 'partial' ? roles.pale : colour)),
    };
  });
  const names = groups.length > 1 ? Math.min(Math.max(...groups.map(({ name }) => widthOf(name))) + 20, width * 0.3) : 10;
  return frame(
    { width, height: plotHeight(width) },
    format.language,
    { left: 0, right: names, top: 20, bottom: 0 },
    {
      type: 'line',
      data: { labels: tickLabels(series, width), datasets },
      options: { scales: { x: { ...labelAxis(false), offset: false }, y: valueAxis(series, format, { max, stacked: false }) } },
      plugin: lineMarks(series, format),
    },
  );
}

/** A point between two gaps has no line to be seen by. */
function standsAlone(cells: readonly Cell[], at: number): boolean {
  return valueIn(cells[at - 1]) === null && valueIn(cells[at + 1]) === null;
}

/** A square per label and group, the darker the more; drawn as stacked columns of height one. */
function heatPlot({ series, width, format }: Sketch): Plot {
  const rows = series.groups.slice(0, 31);
  const values = rows.flatMap(({ cells }) => cells.map(valueIn)).filter((value) => value !== null);
  const top = Math.max(...values, 0);
  const throughout = partialThroughout(series);
  const datasets = rows.toReversed().map(({ cells }) => ({
    data: cells.map(() => 1),
    backgroundColor: cells.map((cell) => shade(valueIn(cell), top)),
    borderColor: cells.map((cell) => (cell.status === 'partial' && !throughout ? roles.c2 : roles.paper)),
    borderWidth: 1,
    borderSkipped: false,
    categoryPercentage: 1,
    barPercentage: 1,
  }));
  // Few columns leave the names more room.
  const names = Math.min(Math.max(...rows.map(({ name }) => widthOf(name)), 0) + 12, width * (series.labels.length > 4 ? 0.35 : 0.5));
  // The squares are their own frame.
  const x = { ...labelAxis(true), border: { display: false } };
  const scales = { x, y: { display: false, stacked: true, min: 0, max: rows.length } };
  return frame(
    { width, height: rows.length * (rows.length > 10 ? 15 : 22) + 28 },
    format.language,
    { left: names, right: 2, top: 2, bottom: 0 },
    {
      type: 'bar',
      data: { labels: tickLabels(series, width - names + 48), datasets },
      options: { scales },
      plugin: heatMarks({ ...series, groups: rows }, top, format),
    },
  );
}

function shade(value: number | null, top: number): string {
  if (value === null) return roles.hatch;
  const alpha = value === 0 || top === 0 ? 0.05 : 0.15 + 0.85 * (value / top);
  return (
    roles.c1 +
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')
  );
}

function labelAxis(stacked: boolean) {
  return {
    stacked,
    grid: { display: false },
    border: { color: roles.muted },
    ticks: { color: roles.muted, maxRotation: 0, autoSkip: false, padding: 2, font: { family: fontFamily, size: 12 } },
  };
}

function valueAxis(series: ReadSeries, format: Format, scale: { max: number | undefined; stacked: boolean }) {
  const step = series.unit === 'seconds' ? timeStep(series) : undefined;
  return {
    // A control chart asks how far a point lies from the others, not from nothing.
    beginAtZero: series.limits === undefined,
    stacked: scale.stacked,
    ...(scale.max === undefined ? {} : { max: scale.max }),
    ...suggested(series),
    grid: { color: roles.grid, drawTicks: false },
    border: { display: false },
    ticks: {
      color: roles.muted,
      maxTicksLimit: 5,
      padding: 6,
      font: { family: fontFamily, size: 12 },
      ...(series.unit === 'count' ? { precision: 0 } : {}),
      ...(step === undefined ? {} : { stepSize: step }),
      callback: (value: number | string) => format.quantity(Number(value), series.unit),
    },
  };
}

/** Room for what is drawn beside the data: a target, the limits of a control chart. */
function suggested({ target, limits }: ReadSeries): { suggestedMax?: number; suggestedMin?: number } {
  const ends = [target, limits?.high].filter((end) => end !== undefined);
  const floor = limits === undefined ? {} : { suggestedMin: limits.low };
  return ends.length === 0 ? floor : { ...floor, suggestedMax: Math.max(...ends) * 1.08 };
}

/** Clock-like steps, so that an axis of durations reads 30 min, 1 h and not 33 min, 1 h 7 min. */
function timeStep(series: ReadSeries): number {
  const values = series.groups.flatMap(({ cells }) => cells.map(valueIn)).filter((value) => value !== null);
  const top = Math.max(...values, series.target ?? 1);
  const steps = [1, 5, 15, 60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800];
  return steps.find((step) => top / step <= 4) ?? Math.ceil(top / 4 / 604_800) * 604_800;
}

/** Labels under an axis: as many as fit beside each other without turning, the others empty. */
function tickLabels(series: ReadSeries, width: number): string[] {
  const labels = series.labels;
  const slot = (width - 50) / Math.max(labels.length, 1);
  const every = labelStep(series, slot, Math.max(...labels.map(widthOf), 7));
  const length = Math.max(Math.floor((slot * every) / 7), 3);
  return labels.map((label, index) => (index % every === 0 ? shorten(label, length) : ''));
}

/** Days are named by the week, hours by the quarter of a day; categories all, unless they stand for a sequence. */
function labelStep(series: ReadSeries, slot: number, longest: number): number {
  if (series.axis === 'day') return [1, 2, 7, 14, 28, 91, 182].find((step) => step * slot >= 46) ?? 364;
  if (series.axis === 'hour') return [1, 2, 3, 6, 12].find((step) => step * slot >= 30) ?? 24;
  if (series.labels.length <= 4) return 1;
  const sequence = series.chart !== 'columns' && series.chart !== 'small-multiples';
  return sequence ? Math.ceil(Math.min(longest + 6, 90) / slot) : 1;
}
