import type { Plugin } from 'chart.js';
import type { Cell } from '../analyse/kpi.ts';
import type { ReadSeries } from './read.ts';
import type { Format } from './format.ts';
import { fit, type Pen, penOf, text } from './marks.ts';
import { fontFamily, frame, groupColours, mostGroups, partialThroughout, type Plot, type Sketch, valueIn, widthOf } from './frame.ts';
import { roles } from './svg.ts';

/** A longer list is a table; who asks for the chart says what is left out. */
const mostRows = 20;

/** Where the rows stand and how high they are. */
interface Shape {
  /** Short labels stand before their bars, long ones above them, with the whole width. 0: above. */
  before: number;
  thickness: number;
  pitch: number;
  /** The parts of a row follow each other in one bar. */
  stacked: boolean;
}

/** Horizontal bars or dots, one row per label. */
export function rowPlot(sketch: Sketch): Plot {
  const { width, format } = sketch;
  const series = topOf(sketch.series);
  const { labels } = series;
  const shape = shapeOf(series, width);
  const room = roomForWords(series, shape, format);
  const top = series.target === undefined ? (shape.before > 0 ? 2 : 8) : 26;
  const scales = {
    x: { display: false, min: 0, max: sketch.max ?? (wholeScale(series) ? 1 : longest(series, shape.stacked)), stacked: shape.stacked },
    y: { display: false, stacked: shape.stacked },
  };
  const size = { width, height: labels.length * shape.pitch + top + 4 };
  return frame(
    size,
    format.language,
    // Never 0: whether a corner is written at all must not depend on a text.
    { left: Math.max(shape.before, 1), right: room, top, bottom: 4 },
    {
      type: 'bar',
      // Drawn by the marks, not by the axis; Chart.js only counts them.
      data: { labels: labels.map(() => ''), datasets: bars(series, shape) },
      options: { indexAxis: 'y', scales },
      plugin: rowMarks(series, format, shape),
    },
  );
}

/** A share is read against all: drawn to the largest, six per cent would look like much. */
function wholeScale({ chart, unit }: ReadSeries): boolean {
  return unit === 'rate' && (chart === 'dots' || chart === 'bullet');
}

function topOf(series: ReadSeries): ReadSeries {
  const groups = series.groups.slice(0, mostGroups).map(({ name, cells }) => ({ name, cells: cells.slice(0, mostRows) }));
  return { ...series, labels: series.labels.slice(0, mostRows), groups };
}

function shapeOf(series: ReadSeries, width: number): Shape {
  const stacked = series.chart === 'ageing' && series.groups.length > 1;
  const count = stacked ? 1 : series.groups.length;
  const thickness = count > 1 ? 12 : 11;
  const longestLabel = Math.max(...series.labels.map(widthOf), 0) + 12;
  if (longestLabel <= width * 0.4) return { before: longestLabel, thickness, pitch: count * thickness + 8, stacked };
  return { before: 0, thickness, pitch: count * thickness + 18, stacked };
}

/** To the right of the longest bar stands its figure. */
function roomForWords({ groups, unit, targets }: ReadSeries, { stacked }: Shape, format: Format): number {
  const shown = groups.flatMap(({ cells }) => cells.map((cell) => format.cell(cell, unit)));
  const letters = Math.max(...shown.map(({ status, text }) => (status === 'unknown' ? 0 : widthOf(text))), 21);
  const parts = stacked ? groups.length : 1;
  return (
    letters * parts +
    (parts - 1) * 16 +
    (targets === undefined ? 12 : 12 + widthOf(format.say(' (target {value})', { value: format.quantity(0.995, unit) })))
  );
}

function bars(series: ReadSeries, { thickness, stacked }: Shape) {
  const dots = series.chart === 'dots';
  // Where every bar lacks the same, the signs before the figures say it, and the bars stay readable.
  const pale = (cell: Cell) => cell.status === 'partial' && !partialThroughout(series);
  return series.groups.map(({ cells }, index) => {
    const colour = groupColours[index] ?? roles.c4;
    return {
      data: dots ? cells.map(intervalOf) : cells.map(valueIn),
      backgroundColor: cells.map((cell) => (dots ? roles.c3 : pale(cell) ? roles.pale : colour)),
      borderColor: colour,
      borderWidth: cells.map((cell) => (pale(cell) && !dots ? 1.5 : 0)),
      barThickness: dots ? 4 : thickness,
      ...(stacked ? { stack: 'one' } : {}),
    };
  });
}

function intervalOf(cell: Cell): [number, number] | null {
  return cell.status === 'no-data' || cell.low === undefined || cell.high === undefined ? null : [cell.low, cell.high];
}

function longest(series: ReadSeries, stacked: boolean): number {
  const totals = series.labels.map((_, row) => series.groups.reduce((sum, { cells }) => sum + (valueIn(cells[row]) ?? Number.NaN), 0));
  const ends = series.groups.flatMap(({ cells }) =>
    cells.map((cell) => (cell.status === 'no-data' ? 0 : Math.max(cell.value, cell.high ?? 0))),
  );
  const targets = [series.target, ...(series.targets ?? [])].filter((target) => typeof target === 'number');
  return Math.max(...(stacked ? totals.filter((total) => total > 0) : ends), ...targets, 0) || 1;
}

function rowMarks(series: ReadSeries, format: Format, shape: Shape): Plugin {
  return {
    id: 'rows',
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      const scale = { x: chart.scales.x, y: chart.scales.y };
      if (scale.x === undefined || scale.y === undefined) return;
      const across = scale.x.getPixelForValue.bind(scale.x);
      for (const row of series.labels.keys()) {
        const middle = scale.y.getPixelForValue(row);
        nameRow(pen, series, row, middle, shape, chart.width);
        if (shape.stacked) markStack(pen, series, row, { y: middle, across, series, format, shape });
        else markGroups(pen, series, row, { y: middle, across, series, format, shape });
      }
      if (series.target !== undefined)
        markTarget(pen, across(series.target), format.say('target {value}', { value: format.quantity(series.target, series.unit) }));
    },
  };
}

function nameRow(pen: Pen, series: ReadSeries, row: number, middle: number, shape: Shape, width: number): void {
  const words = series.labels[row] ?? '';
  if (shape.before > 0) {
    text(pen, fit(pen, words, shape.before - 8), 0, middle + 4, { colour: roles.ink });
    return;
  }
  const first = middle - (series.groups.length * shape.thickness) / 2;
  text(pen, fit(pen, words, width - pen.area.left), pen.area.left, first - 4, { colour: roles.ink });
}

interface Row {
  y: number;
  across(value: number): number;
  series: ReadSeries;
  format: Format;
  shape: Shape;
}

function markGroups(pen: Pen, { groups }: ReadSeries, row: number, at: Row): void {
  const { thickness } = at.shape;
  const first = at.y - (groups.length * thickness) / 2;
  for (const [index, { cells }] of groups.entries()) {
    const cell = cells[row];
    if (cell !== undefined) markRow(pen, cell, row, { ...at, y: first + (index + 0.5) * thickness });
  }
}

/** The parts' own figures follow the bar, in the order of the key. */
function markStack(pen: Pen, { groups }: ReadSeries, row: number, { y, across, series, format, shape }: Row): void {
  const cells = groups.flatMap((group) => group.cells[row] ?? []);
  // Only where to write; the figures follow one by one.
  const end = cells.reduce((sum, cell) => (cell.status === 'no-data' ? sum : sum + cell.value), 0);
  if (end === 0) pen.rect(pen.area.left, y - shape.thickness / 2 + 1, 2, shape.thickness - 2, roles.muted);
  const words = cells.map((cell) => (cell.status === 'no-data' ? format.say('no data') : format.cell(cell, series.unit).text)).join(' + ');
  text(pen, words, across(end) + 8, y + 4, { colour: roles.ink });
}

function markRow(pen: Pen, cell: Cell, row: number, { y, across, series, format, shape }: Row): void {
  const half = shape.thickness / 2 - 1;
  if (cell.status === 'no-data') {
    pen.rect(pen.area.left, y - half, 60, half * 2, roles.hatch);
    text(pen, format.say('no data'), pen.area.left + 68, y + 4, { colour: roles.muted });
    return;
  }
  if (cell.value === 0) pen.rect(pen.area.left, y - half, 2, half * 2, roles.muted);
  if (series.chart === 'dots')
    pen.dot(across(cell.value), y, 5, cell.status === 'partial' && !partialThroughout(series) ? roles.c2 : roles.c1);
  const bar = across(Math.max(cell.value, series.chart === 'dots' ? (cell.high ?? 0) : 0));
  const words = format.cell(cell, series.unit).text;
  const target = series.targets?.[row] ?? series.target;
  const limit = target === undefined ? Number.NEGATIVE_INFINITY : across(target);
  if (target !== undefined) pen.line(limit, y - half - 4, limit, y + half + 4, roles.ink);
  // Past the target's mark where the two would meet.
  const end = limit > bar - 4 && limit < bar + widthOf(words) + 12 ? limit : bar;
  const goal =
    series.targets === undefined || target === undefined
      ? ''
      : format.say(' (target {value})', { value: format.quantity(target, series.unit) });
  text(pen, words + goal, end + 8, y + 4, { colour: roles.ink });
}

function markTarget(pen: Pen, x: number, words: string): void {
  const anchor = x > (pen.area.left + pen.area.right) / 2 ? 'right' : 'left';
  text(pen, words, x, pen.area.top - 10, { colour: roles.muted, anchor, font: `12px ${fontFamily}` });
}
