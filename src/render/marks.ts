import type { Chart, Plugin } from 'chart.js';
import type { Cell } from '../analyse/kpi.ts';
import type { ReadSeries } from './read.ts';
import { shorten } from './alt.ts';
import type { Format } from './format.ts';
import { fontFamily, valueIn } from './frame.ts';
import { markControl, markHeat, markPromise } from './overlays.ts';
import { seenLength } from '../words/index.ts';
import { roles } from './svg.ts';

/** What is drawn by hand over and under a chart: gaps in the data, zeros, direct labels, target lines. */
export interface Pen {
  area: { left: number; right: number; top: number; bottom: number };
  context: Context;
  rect(x: number, y: number, width: number, height: number, colour: string): void;
  dot(x: number, y: number, radius: number, colour: string): void;
  line(x1: number, y1: number, x2: number, y2: number, colour: string): void;
}

/** The part of a drawing context used here; the DOM's types are not loaded in a Node project. */
interface Context {
  font: string;
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  textAlign: string;
  textBaseline: string;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
}

export function penOf(chart: Chart): Pen {
  const context: Context = chart.ctx;
  return {
    area: chart.chartArea,
    context,
    rect(x, y, width, height, colour) {
      context.fillStyle = colour;
      context.fillRect(x, y, width, height);
    },
    dot(x, y, radius, colour) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x, y, radius, 0, Math.PI * 2);
      context.fill();
    },
    line(x1, y1, x2, y2, colour) {
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
    },
  };
}

interface Lettering {
  colour: string;
  anchor?: 'left' | 'center' | 'right';
  font?: string;
}

const lettering = `12px ${fontFamily}`;

export function text(pen: Pen, words: string, x: number, y: number, { colour, anchor = 'left', font = lettering }: Lettering): void {
  pen.context.font = font;
  pen.context.fillStyle = colour;
  pen.context.textAlign = anchor;
  pen.context.textBaseline = 'alphabetic';
  pen.context.fillText(words, x, y);
}

/** A text that is at most `width` wide, cut with an ellipsis; measured, because scripts differ threefold in width. */
export function fit(pen: Pen, words: string, width: number): string {
  pen.context.font = lettering;
  let most = Math.min(seenLength(words), 140);
  let fitting = shorten(words, most);
  while (most > 2 && pen.context.measureText(fitting).width > width) {
    most = Math.floor(most * 0.93) - 1;
    fitting = shorten(words, most);
  }
  return fitting;
}

/** Hatches every label at which some group has no data, so that a gap can never be read as zero. */
function hatchGaps(pen: Pen, series: ReadSeries, slot: (index: number) => { left: number; width: number }): void {
  for (const index of series.labels.keys()) {
    if (!series.groups.some(({ cells }) => cells[index]?.status === 'no-data')) continue;
    const { left, width } = slot(index);
    pen.rect(left, pen.area.top, width, pen.area.bottom - pen.area.top, roles.hatch);
  }
}

export function columnMarks(series: ReadSeries, format: Format): Plugin {
  const width = ({ area }: Pen) => (area.right - area.left) / Math.max(series.labels.length, 1);
  return {
    id: 'columns',
    beforeDatasetsDraw(chart) {
      const pen = penOf(chart);
      hatchGaps(pen, series, (index) => ({ left: pen.area.left + index * width(pen) + 1, width: width(pen) - 2 }));
    },
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      const slot = width(pen);
      for (const index of series.labels.keys()) {
        const cells = series.groups.map((group) => group.cells[index]);
        // A zero is a figure: it gets a foot on the axis, where "no data" gets hatching.
        if (cells.every((cell) => cell?.status !== 'no-data' && cell?.value === 0)) {
          pen.rect(pen.area.left + (index + 0.2) * slot, pen.area.bottom - 2.5, slot * 0.6, 2.5, roles.muted);
        }
      }
      if (series.groups.length === 1) labelTops(pen, chart, series, format, slot);
      markLimit(pen, chart, series, format);
    },
  };
}

/** The figure over each column where all fit, over the highest alone where they do not. */
function labelTops(pen: Pen, chart: Chart, series: ReadSeries, format: Format, slot: number): void {
  const cells = series.groups[0]?.cells ?? [];
  const words = cells.map((cell) => (cell.status === 'no-data' ? '' : format.quantity(cell.value, series.unit)));
  pen.context.font = lettering;
  const fits = words.every((word) => pen.context.measureText(word).width <= slot - 1);
  const highest = indexOfHighest(cells);
  for (const [index, element] of chart.getDatasetMeta(0).data.entries()) {
    const word = words[index] ?? '';
    if (word !== '' && (fits || index === highest)) above(pen, chart, word, element.x, element.y - 5);
  }
}

/** Centred over a point; beside it where the edge of the drawing would cut the figure off: what grows is highest on its last day. */
function above(pen: Pen, chart: Chart, word: string, x: number, y: number): void {
  pen.context.font = lettering;
  const half = pen.context.measureText(word).width / 2 + 1;
  text(pen, word, Math.min(Math.max(x, half), chart.width - half), y, { colour: roles.ink, anchor: 'center' });
}

function indexOfHighest(cells: readonly Cell[]): number {
  let highest = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (const [index, cell] of cells.entries()) {
    if (cell.status === 'no-data' || cell.value <= top) continue;
    top = cell.value;
    highest = index;
  }
  return highest;
}

function markLimit(pen: Pen, chart: Chart, series: ReadSeries, format: Format): void {
  const limit = series.target;
  const y = limit === undefined ? undefined : chart.scales.y?.getPixelForValue(limit);
  if (y === undefined || limit === undefined) return;
  pen.line(pen.area.left, y, pen.area.right, y, roles.target);
  // At the end where the data is further away.
  const [first, last] = [series.groups[0]?.cells[0], series.groups[0]?.cells.at(-1)].map((cell) => Math.abs((valueIn(cell) ?? 0) - limit));
  const anchor = (first ?? 0) > (last ?? 0) ? 'left' : 'right';
  text(pen, format.say('target {value}', { value: format.quantity(limit, series.unit) }), pen.area[anchor], y - 5, {
    colour: roles.muted,
    anchor,
  });
}

export function lineMarks(series: ReadSeries, format: Format): Plugin {
  return {
    id: 'lines',
    beforeDatasetsDraw(chart) {
      const pen = penOf(chart);
      const step = (pen.area.right - pen.area.left) / Math.max(series.labels.length - 1, 1);
      hatchGaps(pen, series, (index) => {
        const left = Math.max(pen.area.left + (index - 0.5) * step, pen.area.left);
        return { left, width: Math.min(left + step, pen.area.right) - left };
      });
    },
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      markLimit(pen, chart, series, format);
      markControl(pen, chart, series, format);
      markPromise(pen, chart, series, format);
      if (series.groups.length === 1) labelPeak(pen, chart, series, format);
      else labelEnds(pen, chart, series);
    },
  };
}

function labelPeak(pen: Pen, chart: Chart, series: ReadSeries, format: Format): void {
  const cells = series.groups[0]?.cells ?? [];
  const index = indexOfHighest(cells);
  const cell = cells[index];
  const point = chart.getDatasetMeta(0).data[index];
  if (cell === undefined || cell.status === 'no-data' || point === undefined) return;
  above(pen, chart, format.quantity(cell.value, series.unit), point.x, point.y - 9);
}

/** Names each line at its last point, pushed apart where they would overlap. */
function labelEnds(pen: Pen, chart: Chart, series: ReadSeries): void {
  const ends = chart.data.datasets.flatMap((_, index) => {
    const last = series.groups[index]?.cells.findLastIndex((cell) => cell.status !== 'no-data') ?? -1;
    const point = chart.getDatasetMeta(index).data[last];
    return point === undefined ? [] : [{ name: series.groups[index]?.name ?? '', y: point.y }];
  });
  let floor = Number.NEGATIVE_INFINITY;
  for (const [index, { name, y }] of ends.sort((a, b) => a.y - b.y).entries()) {
    // Those that follow need their room above the words under the axis.
    floor = Math.max(Math.min(y, pen.area.bottom - 6 - (ends.length - 1 - index) * 14), floor + 14);
    text(pen, fit(pen, name, chart.width - pen.area.right - 8), pen.area.right + 8, floor + 4, { colour: roles.ink });
  }
}

/** Names the rows of a heat map where a line of text begins. */
export function heatMarks(series: ReadSeries, top: number, format: Format): Plugin {
  const rows = series.groups;
  return {
    id: 'heat',
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      const height = (pen.area.bottom - pen.area.top) / Math.max(rows.length, 1);
      for (const [index, { name }] of rows.entries()) {
        const y = pen.area.top + (index + 0.5) * height + 4;
        text(pen, fit(pen, name, pen.area.left - 6), pen.area.left - 6, y, { colour: roles.ink, anchor: 'right' });
      }
      markHeat(pen, series, top, format);
    },
  };
}
