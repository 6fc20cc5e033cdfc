import type { Series } from '../analyse/kpi.ts';
import type { Drawing, RenderChart } from './chart.ts';
import type { Format } from './format.ts';
import { mostGroups, valueIn } from './frame.ts';
import { mostRows } from './rows.ts';
import type { Svg } from './svg.ts';
import { dataTable, type TableView } from './tables.ts';
import { visible } from './visible.ts';

/** A chart with everything that must stand beside it. */
export interface ChartBlock {
  id: string;
  title: string;
  caption: string;
  alt: string;
  /** Half a page wide: one panel alone, to stand beside others. */
  small: boolean;
  /** One drawing, or one per panel of small multiples. `narrow` is the phone's; null where `wide` is narrow already. */
  panels: { name: string; wide: Svg; narrow: Svg | null }[];
  /** What of the series is not drawn, and stands only in the table. */
  notes: string[];
  /** What colours and marks mean; only those that occur. */
  key: { mark: 'c1' | 'c2' | 'c3' | 'c4' | 'gap' | 'partial' | 'shade' | 'interval'; text: string }[];
  table: TableView;
}

const wide = 680;
const narrow = 345;

/** null for a series that is only a table or a figure, or that has nothing to draw. */
export function chartBlock(series: Series, index: number, format: Format, draw: RenderChart): ChartBlock | null {
  if (series.chart === 'table' || series.chart === 'figure' || series.labels.length === 0 || series.groups.length === 0) return null;
  const id = `chart-${index}`;
  const drawings = series.chart === 'small-multiples' ? drawPanels(series, id, format, draw) : [drawTwice(series, id, format, draw)];
  return {
    id,
    title: visible(series.title),
    caption: visible(series.caption),
    alt: drawings[0]?.alt ?? '',
    small: series.chart === 'small-multiples' && series.groups.length === 1,
    panels: drawings.map(({ name, wide, narrow }) => ({ name, wide, narrow })),
    notes: leftOut(series),
    key: keyOf(series, format),
    table: dataTable(series, format),
  };
}

interface Panel {
  name: string;
  wide: Svg;
  narrow: Svg | null;
  alt: string;
}

function drawTwice(series: Series, id: string, format: Format, draw: RenderChart): Panel {
  const large = draw(series, { id: `${id}-w`, width: wide, format });
  const small = draw(series, { id: `${id}-n`, width: narrow, format });
  return { name: '', wide: large.svg, narrow: small.svg, alt: large.alt };
}

/** One panel per group, on one scale. Panels of categories show the largest; the table has all. */
function drawPanels(series: Series, id: string, format: Format, draw: RenderChart): Panel[] {
  const max = Math.max(...series.groups.flatMap(({ cells }) => cells.map((cell) => valueIn(cell) ?? 0)), 1);
  return series.groups.map((group, index) => {
    const panel = series.axis === 'category' ? largest(series, group) : { ...series, chart: 'columns' as const, groups: [group] };
    const drawing: Drawing = draw(panel, { id: `${id}-p${index}`, width: narrow - 15, format, max });
    return { name: visible(group.name), wide: drawing.svg, narrow: null, alt: drawing.alt };
  });
}

const mostPanelRows = 10;

function largest(series: Series, group: Series['groups'][number]): Series {
  const order = [...series.labels.keys()]
    .filter((at) => (valueIn(group.cells[at]) ?? 1) > 0)
    .sort((a, b) => (valueIn(group.cells[b]) ?? -1) - (valueIn(group.cells[a]) ?? -1))
    .slice(0, mostPanelRows);
  const cells = order.flatMap((at) => group.cells[at] ?? []);
  return { ...series, chart: 'bars', labels: order.map((at) => series.labels[at] ?? ''), groups: [{ name: group.name, cells }] };
}

const colours = ['c1', 'c2', 'c3', 'c4'] as const;

function keyOf(series: Series, format: Format): ChartBlock['key'] {
  const key: ChartBlock['key'] = [];
  const coloured = series.chart !== 'heatmap' && series.chart !== 'small-multiples';
  if (coloured && series.groups.length > 1) {
    for (const [index, mark] of colours.entries()) {
      const group = series.groups[index];
      if (group !== undefined) key.push({ mark, text: visible(group.name) });
    }
  }
  const cells = series.groups.flatMap((group) => group.cells);
  const values = cells.map(valueIn).filter((value) => value !== null);
  if (series.chart === 'heatmap' && values.length > 0) {
    key.push({ mark: 'shade', text: `the darker the more, up to ${format.quantity(Math.max(...values), series.unit)}` });
  }
  if (series.chart === 'dots') key.push({ mark: 'interval', text: '95% interval' });
  if (cells.some(({ status }) => status === 'no-data')) key.push({ mark: 'gap', text: 'no data' });
  if (cells.some(({ status }) => status === 'partial')) {
    const bound = series.unit === 'count' ? 'incomplete data, at least this much' : 'incomplete data';
    key.push({ mark: 'partial', text: bound });
  }
  return key;
}

function leftOut(series: Series): string[] {
  const words: string[] = [];
  const rows = ['bars', 'pareto', 'bullet', 'ageing', 'dots'].includes(series.chart);
  if (rows && series.labels.length > mostRows) words.push(`the first ${mostRows} of ${series.labels.length} are drawn`);
  const lines = series.chart !== 'heatmap' && series.chart !== 'small-multiples';
  if (lines && series.groups.length > mostGroups) words.push(`${series.groups.length - mostGroups} more groups are in the table`);
  return words;
}
