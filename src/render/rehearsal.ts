import { setImmediate } from 'node:timers/promises';
import type { Cell, Series } from '../analyse/kpi.ts';
import type { RenderChart } from './chart.ts';
import { createFormat } from './format.ts';
import { readSeries } from './read.ts';
import { markupOf } from './svg.ts';

/**
 * Draws a few small charts for nobody, until it is enough: what draws them takes three times as long the first time, and there is time
 * for that while the figures are computed. Lets others go on between two of them.
 */
export async function rehearse(draw: RenderChart, enough: () => boolean): Promise<void> {
  const format = createFormat('en', 'UTC');
  const labels = Array.from({ length: 8 }, (_, day) => `2026-10-0${day + 1}`);
  const cells = labels.map((_, day): Cell => ({ status: 'ok', value: 1 + ((day * 37) % 90) }));
  for (const chart of kinds) {
    await setImmediate();
    if (enough()) return;
    const groups = ['one', 'other'].map((name) => ({ name, cells }));
    const series: Series = { id: chart, title: chart, caption: '', chart, unit: 'count', axis: 'day', labels, groups };
    markupOf(draw(readSeries(series, format), { id: 'rehearsal', width: 680, format }).svg);
  }
}

/** One of each way of drawing. */
const kinds = ['columns', 'line', 'bars', 'heatmap', 'timeline'] as const;
