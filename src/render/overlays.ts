import type { Chart } from 'chart.js';
import type { ReadSeries } from './read.ts';
import type { Format } from './format.ts';
import { valueIn } from './frame.ts';
import { type Pen, text } from './marks.ts';
import { roles } from './svg.ts';

/** The limits of a control chart, its mean, and a square around each point that is more than chance. */
export function markControl(pen: Pen, chart: Chart, { limits, unit }: ReadSeries, format: Format): void {
  const scale = chart.scales.y;
  if (limits === undefined || scale === undefined) return;
  for (const [value, colour] of [
    [limits.high, roles.target],
    [limits.low, roles.target],
    [limits.mean, roles.muted],
  ] as const) {
    const y = scale.getPixelForValue(value);
    if (y >= pen.area.top && y <= pen.area.bottom) pen.line(pen.area.left, y, pen.area.right, y, colour);
  }
  const points = chart.getDatasetMeta(0).data;
  for (const { index } of limits.signals) {
    const point = points[index];
    if (point !== undefined) pen.rect(point.x - 4.5, point.y - 4.5, 9, 9, roles.c2);
  }
  const y = scale.getPixelForValue(limits.mean);
  text(pen, format.say('mean {value}', { value: format.quantity(limits.mean, unit) }), pen.area.left + 4, y + 13, { colour: roles.muted });
}

/** Where the promise ends: an upright line at one of the curve's times. */
export function markPromise(pen: Pen, chart: Chart, series: ReadSeries, format: Format): void {
  const { within, times = [] } = series;
  const next = within === undefined ? -1 : times.findIndex((seconds) => seconds >= within);
  const [from, to] = [chart.scales.x?.getPixelForValue(next - 1), chart.scales.x?.getPixelForValue(next)];
  if (within === undefined || next < 1 || from === undefined || to === undefined) return;
  const x = from + (to - from) * partOf(within, times[next - 1] ?? within, times[next] ?? within);
  pen.line(x, pen.area.top, x, pen.area.bottom, roles.target);
  const anchor = x > (pen.area.left + pen.area.right) / 2 ? 'right' : 'left';
  text(
    pen,
    format.say('target {value}', { value: format.quantity(within, 'seconds') }),
    anchor === 'right' ? x - 5 : x + 5,
    pen.area.top - 6,
    {
      colour: roles.muted,
      anchor,
    },
  );
}

/** How far between two steps of a logarithmic axis. */
function partOf(value: number, from: number, to: number): number {
  return from === to ? 1 : Math.log(value / from) / Math.log(to / from);
}

/** The figures in the squares of a heat map, where they have room; light on dark, dark on light. */
export function markHeat(pen: Pen, { groups, labels, unit }: ReadSeries, top: number, format: Format): void {
  const size = {
    x: (pen.area.right - pen.area.left) / Math.max(labels.length, 1),
    y: (pen.area.bottom - pen.area.top) / Math.max(groups.length, 1),
  };
  pen.context.font = small;
  const widest = pen.context.measureText(format.quantity(top, unit)).width;
  if (widest > size.x - 4) return;
  for (const [row, { cells }] of groups.entries()) {
    for (const [column, cell] of cells.entries()) {
      const value = valueIn(cell);
      if (value === null) continue;
      const colour = top > 0 && value / top > 0.5 ? roles.paper : roles.ink;
      const [x, y] = [pen.area.left + (column + 0.5) * size.x, pen.area.top + (row + 0.5) * size.y + 3.5];
      text(pen, format.quantity(value, unit), x, y, { colour, anchor: 'center', font: small });
    }
  }
}

const small = '10px "Noto Sans", "DejaVu Sans", sans-serif';
