import type { Chart, Plugin } from 'chart.js';
import type { ReadSeries } from './read.ts';
import type { Format } from './format.ts';
import { fontFamily, frame, groupColours, type Plot, type Sketch, valueIn, widthOf } from './frame.ts';
import { fit, type Pen, penOf, text } from './marks.ts';
import { roles } from './svg.ts';

/** Time since the first sign: minutes and weeks both have to be seen, so the axis is logarithmic, in steps of a clock. */
const steps = [60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800, 2_592_000, 7_776_000, 31_536_000];
const first = 60;
const pitch = 29;

/** One line per label from its beginning to its last step, a mark for each step; what has no last step goes on. */
export function timelinePlot({ series, width, format }: Sketch): Plot {
  const { labels, groups } = series;
  const values = groups.flatMap(({ cells }) => cells.map(valueIn)).filter((value) => value !== null);
  const last = Math.max(...values, first * 5);
  const end = steps.find((step) => step >= last) ?? last;
  const ends = labels.map((_, row) => Math.max(...groups.map(({ cells }) => valueIn(cells[row]) ?? first), first));
  return frame(
    { width, height: labels.length * pitch + 34 },
    format.language,
    { left: 1, right: widthOf(format.say('open')) + 12, top: 4, bottom: 0 },
    {
      type: 'bar',
      data: {
        labels: labels.map(() => ''),
        datasets: [
          {
            data: labels.map((_, row): [number, number] => [first, goesOn(series, row) ? end : (ends[row] ?? first)]),
            backgroundColor: roles.grid,
            barThickness: 4,
          },
        ],
      },
      options: { indexAxis: 'y', scales: { x: timeAxis(end, width, format), y: { display: false } } },
      plugin: stepMarks(series, format),
    },
  );
}

/** Whether the last step has not come. */
function goesOn({ groups }: ReadSeries, row: number): boolean {
  return valueIn(groups.at(-1)?.cells[row]) === null;
}

function timeAxis(end: number, width: number, format: Format) {
  const shown = steps.filter((step, index) => step <= end && (width >= 400 || index % 2 === 0));
  return {
    type: 'logarithmic' as const,
    min: first,
    max: end,
    grid: { color: roles.grid, drawTicks: false },
    border: { display: false },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = shown.map((value) => ({ value }));
    },
    ticks: {
      color: roles.muted,
      maxRotation: 0,
      autoSkip: false,
      padding: 4,
      font: { family: fontFamily, size: 12 },
      callback: (value: number | string) => format.quantity(Number(value), 'seconds'),
    },
  };
}

function stepMarks(series: ReadSeries, format: Format): Plugin {
  return {
    id: 'steps',
    afterDatasetsDraw(chart) {
      const pen = penOf(chart);
      for (const row of series.labels.keys()) markRow(pen, chart, series, row, format);
    },
  };
}

function markRow(pen: Pen, chart: Chart, series: ReadSeries, row: number, format: Format): void {
  const { x: across, y: down } = chart.scales;
  if (across === undefined || down === undefined) return;
  const y = down.getPixelForValue(row);
  text(pen, fit(pen, series.labels[row] ?? '', pen.area.right - pen.area.left), pen.area.left, y - 9, {
    colour: roles.ink,
  });
  for (const [index, { cells }] of series.groups.entries()) {
    const seconds = valueIn(cells[row]);
    if (seconds === null) continue;
    const x = across.getPixelForValue(Math.max(seconds, first));
    mark(pen, shapeOf(index, series.groups.length), x, y, groupColours[index] ?? roles.c4);
  }
  if (goesOn(series, row)) arrow(pen, pen.area.right, y, format.say('open'));
}

/** Shapes as well as colours, in the order of the steps; the last one ends the line. */
const shapes = ['dot', 'triangle', 'square'] as const;
type Shape = (typeof shapes)[number] | 'diamond';

/** What marks a step, also in the chart's key. */
export function shapeOf(step: number, steps: number): Shape {
  return step === steps - 1 ? 'diamond' : (shapes[step] ?? 'square');
}

function mark(pen: Pen, shape: Shape, x: number, y: number, colour: string): void {
  if (shape === 'dot') pen.dot(x, y, 5, colour);
  else if (shape === 'square') pen.rect(x - 4.5, y - 4.5, 9, 9, colour);
  else if (shape === 'triangle') polygon(pen, [x, y - 6, x + 6, y + 5, x - 6, y + 5], colour);
  else polygon(pen, [x, y - 6.5, x + 6.5, y, x, y + 6.5, x - 6.5, y], colour);
}

/** Its corners as x and y in turn. */
function polygon({ context }: Pen, corners: readonly number[], colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  for (let i = 0; i < corners.length; i += 2) {
    const [x = 0, y = 0] = corners.slice(i, i + 2); // there is always a pair
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.fill();
}

function arrow(pen: Pen, x: number, y: number, word: string): void {
  polygon(pen, [x, y - 6, x + 9, y, x, y + 6], roles.muted);
  text(pen, word, x + 11, y + 4, { colour: roles.muted });
}
