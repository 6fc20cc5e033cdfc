import type { Plugin } from 'chart.js';
import type { Cell, Series } from '../analyse/kpi.ts';
import { labelText } from './alt.ts';
import type { Format } from './format.ts';
import { fit, type Pen, penOf, text } from './marks.ts';
import { fontFamily, frame, groupColours, mostGroups, type Plot, type Sketch, valueIn } from './frame.ts';
import { roles } from './svg.ts';

/** A longer list is a table; the chart says in its key that it shows the first of them. */
export const mostRows = 20;

/** Horizontal bars or dots, one row per label. The label stands above its bar, so that a long title has the whole width. */
export function rowPlot(sketch: Sketch): Plot {
  const { series, width, format } = sketch;
  const groups = series.groups.slice(0, mostGroups);
  const labels = series.labels.slice(0, mostRows);
  const thickness = groups.length > 1 ? 13 : width < 400 ? 10 : 12;
  const pitch = groups.length * thickness + (width < 400 ? 21 : 24);
  const dots = series.chart === 'dots';
  const datasets = groups.map(({ cells }, index) => {
    const colour = groupColours[index] ?? roles.c4;
    const shown = cells.slice(0, mostRows);
    return {
      data: dots ? shown.map(intervalOf) : shown.map(valueIn),
      backgroundColor: shown.map((cell) => (dots ? roles.c3 : cell.status === 'partial' ? roles.pale : colour)),
      borderColor: colour,
      borderWidth: shown.map((cell) => (cell.status === 'partial' && !dots ? 1.5 : 0)),
      barThickness: dots ? 4 : thickness,
    };
  });
  const values = groups.flatMap(({ cells }) => cells.slice(0, mostRows).map((cell) => format.cell(cell, series.unit)));
  const room = Math.max(...values.map((shown) => (shown.status === 'unknown' ? 0 : shown.text.length)), 3) * 7 + 12;
  const top = series.target === undefined ? 10 : 26;
  const scales = { x: { display: false, min: 0, max: sketch.max ?? longest(series) }, y: { display: false } };
  return frame(
    { width, height: labels.length * pitch + top + 4 },
    { left: 0, right: room, top, bottom: 4 },
    {
      type: 'bar',
      // Drawn by the marks, not by the axis; Chart.js only counts them.
      data: { labels: labels.map(() => ''), datasets },
      options: { indexAxis: 'y', scales },
      plugin: rowMarks({ ...series, labels, groups }, format, thickness),
    },
  );
}

function intervalOf(cell: Cell): [number, number] | null {
  return cell.status === 'no-data' || cell.low === undefined || cell.high === undefined ? null : [cell.low, cell.high];
}

function longest(series: Series): number {
  const ends = series.groups.flatMap(({ cells }) =>
    cells.map((cell) => (cell.status === 'no-data' ? 0 : Math.max(cell.value, cell.high ?? 0))),
  );
  return Math.max(...ends, series.target ?? 0) || 1;
}

function rowMarks(series: Series, format: Format, thickness: number): Plugin {
  return {
    id: 'rows',
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      const scale = { x: chart.scales.x, y: chart.scales.y };
      if (scale.x === undefined || scale.y === undefined) return;
      const across = scale.x.getPixelForValue.bind(scale.x);
      for (const [row, label] of series.labels.entries()) {
        const middle = scale.y.getPixelForValue(row);
        const first = middle - (series.groups.length * thickness) / 2;
        text(pen, fit(pen, labelText(series, label, format), chart.width - pen.area.left), pen.area.left, first - 5, { colour: roles.ink });
        for (const [index, { cells }] of series.groups.entries()) {
          const cell = cells[row];
          if (cell !== undefined) markRow(pen, { cell, y: first + (index + 0.5) * thickness, across, series, format, thickness });
        }
      }
      if (series.target !== undefined) markTarget(pen, across(series.target), format.quantity(series.target, series.unit));
    },
  };
}

interface Row {
  cell: Cell;
  y: number;
  across(value: number): number;
  series: Series;
  format: Format;
  thickness: number;
}

function markRow(pen: Pen, { cell, y, across, series, format, thickness }: Row): void {
  const half = thickness / 2 - 1;
  if (cell.status === 'no-data') {
    pen.rect(pen.area.left, y - half, 60, half * 2, roles.hatch);
    text(pen, 'no data', pen.area.left + 68, y + 4, { colour: roles.muted });
    return;
  }
  if (cell.value === 0) pen.rect(pen.area.left, y - half, 2, half * 2, roles.muted);
  if (series.chart === 'dots') pen.dot(across(cell.value), y, 5, cell.status === 'partial' ? roles.c2 : roles.c1);
  const bar = across(Math.max(cell.value, series.chart === 'dots' ? (cell.high ?? 0) : 0));
  const words = format.cell(cell, series.unit).text;
  const limit = series.target === undefined ? Number.NEGATIVE_INFINITY : across(series.target);
  if (series.target !== undefined) pen.line(limit, y - half - 4, limit, y + half + 4, roles.ink);
  // Past the target's mark where the two would meet.
  const end = limit > bar - 4 && limit < bar + words.length * 7 + 12 ? limit : bar;
  text(pen, words, end + 8, y + 4, { colour: roles.ink });
}

function markTarget(pen: Pen, x: number, words: string): void {
  const anchor = x > (pen.area.left + pen.area.right) / 2 ? 'right' : 'left';
  text(pen, `target ${words}`, x, pen.area.top - 10, { colour: roles.muted, anchor, font: `12px ${fontFamily}` });
}
