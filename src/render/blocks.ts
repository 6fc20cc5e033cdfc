import type { Series } from '../analyse/kpi.ts';
import type { Drawing, RenderChart } from './chart.ts';
import type { Format } from './format.ts';
import { mostGroups, partialThroughout, valueIn } from './frame.ts';
import { Phrase, say } from '../words/index.ts';
import { type ReadSeries, readSeries } from './read.ts';
import type { Svg } from './svg.ts';
import { dataTable, type TableView } from './tables.ts';
import { shapeOf } from './timeline.ts';

/** A chart with everything that must stand beside it. */
export interface ChartBlock {
  id: string;
  title: string;
  caption: string;
  alt: string;
  /** Half a page wide, to stand beside another. */
  small: boolean;
  /** Drawn over days. */
  course: boolean;
  /** One drawing, or one per panel of small multiples. `narrow` is the phone's; null where `wide` is narrow already. */
  panels: { name: string; wide: Svg; narrow: Svg | null }[];
  /** What of the series is not drawn, and stands only in the table. */
  notes: string[];
  /** What colours and marks mean; only those that occur. */
  key: { mark: 'c1' | 'c2' | 'c3' | 'c4' | 'gap' | 'partial' | 'shade' | 'interval' | 'limit'; shape?: string; text: string }[];
  table: TableView;
}

const wide = 680;
const narrow = 330;

/** How much of a series a reader gets, and how large. */
export interface Room {
  /** Rows of a bar chart at most. */
  rows: number;
  /** Half the page, whatever the series. */
  half?: boolean;
}

/** null for a series that is only a table or a figure, or that has nothing to draw. */
export function chartBlock(said: Series, index: number, room: Room, format: Format, draw: RenderChart): ChartBlock | null {
  const asked = readSeries(said, format);
  if (asked.chart === 'table' || asked.chart === 'figure' || asked.labels.length === 0 || asked.groups.length === 0) return null;
  const id = `chart-${index}`;
  const series = namesAtTheSide(asked);
  const small = room.half === true || !needsWidth(series);
  const shown = topRows(series, room.rows);
  const drawings =
    series.chart === 'small-multiples' ? drawPanels(shown, id, room, format, draw) : [drawOnce(shown, id, small, format, draw)];
  return {
    id,
    title: series.title,
    caption: captionOf(said, series, format),
    alt: drawings[0]?.alt ?? '',
    course: series.axis === 'day',
    small: small && drawings.length === 1,
    panels: drawings.map(({ name, wide, narrow }) => ({ name, wide, narrow })),
    notes: leftOut(series, shown, format),
    key: keyOf(shown, format),
    table: dataTable(asked, format),
  };
}

/** Many names would not fit beside each other under a heat map's squares: they become its rows. */
function namesAtTheSide(series: ReadSeries): ReadSeries {
  const { chart, axis, labels, groups } = series;
  if (chart !== 'heatmap' || axis !== 'category' || groups.length > mostGroups || labels.length <= groups.length) return series;
  const rows = labels.map((name, at) => ({ name, cells: groups.flatMap(({ cells }) => cells[at] ?? []) }));
  return { ...series, labels: groups.map(({ name }) => name), groups: rows };
}

/** The zone stands at the head of the report; here it would only make a second line. */
function captionOf({ caption: said }: Series, { caption }: ReadSeries, { zone, words }: Format): string {
  if (!(said instanceof Phrase) || !('measure' in said.args) || said.args.zone !== zone) return caption;
  return words(say('{measure}, {dates}', said.args));
}

/** A month of days, a week of hours and curves are read along their width; lists are not. */
function needsWidth({ chart, labels, groups }: ReadSeries): boolean {
  if (chart === 'small-multiples') return groups.length > 1;
  if (chart === 'heatmap') return labels.length > 12;
  return (chart === 'columns' || chart === 'line' || chart === 'xmr') && labels.length > 14
    ? true
    : chart === 'curves' || chart === 'timeline' || chart === 'funnel';
}

const rowCharts: readonly Series['chart'][] = ['bars', 'pareto', 'bullet', 'ageing', 'dots', 'timeline'];

function topRows(series: ReadSeries, rows: number): ReadSeries {
  if (!rowCharts.includes(series.chart) || series.labels.length <= rows) return series;
  const groups = series.groups.map(({ name, cells }) => ({ name, cells: cells.slice(0, rows) }));
  return { ...series, labels: series.labels.slice(0, rows), groups };
}

interface Panel {
  name: string;
  wide: Svg;
  narrow: Svg | null;
  alt: string;
}

/** A small chart fits a phone as it is; a wide one gets a second drawing for it. */
function drawOnce(series: ReadSeries, id: string, small: boolean, format: Format, draw: RenderChart): Panel {
  const first = draw(series, { id: `${id}-w`, width: small ? narrow : wide, format });
  const second = small ? null : draw(series, { id: `${id}-n`, width: narrow, format }).svg;
  return { name: '', wide: first.svg, narrow: second, alt: first.alt };
}

/** One panel per group, on one scale. Panels of categories show the largest; the table has all. */
function drawPanels(series: ReadSeries, id: string, room: Room, format: Format, draw: RenderChart): Panel[] {
  const max = Math.max(...series.groups.flatMap(({ cells }) => cells.map((cell) => valueIn(cell) ?? 0)), 1);
  return series.groups.map((group, index) => {
    const panel =
      series.axis === 'category'
        ? largest(series, group, Math.min(room.rows, mostPanelRows))
        : { ...series, chart: 'columns' as const, groups: [group] };
    const drawing: Drawing = draw(panel, { id: `${id}-p${index}`, width: narrow, format, max });
    return { name: group.name, wide: drawing.svg, narrow: null, alt: drawing.alt };
  });
}

const mostPanelRows = 10;

function largest(series: ReadSeries, group: ReadSeries['groups'][number], most: number): ReadSeries {
  const order = [...series.labels.keys()]
    .filter((at) => (valueIn(group.cells[at]) ?? 1) > 0)
    .sort((a, b) => (valueIn(group.cells[b]) ?? -1) - (valueIn(group.cells[a]) ?? -1))
    .slice(0, most);
  const cells = order.flatMap((at) => group.cells[at] ?? []);
  return { ...series, chart: 'bars', labels: order.map((at) => series.labels[at] ?? ''), groups: [{ name: group.name, cells }] };
}

const colours = ['c1', 'c2', 'c3', 'c4'] as const;

function keyOf(series: ReadSeries, format: Format): ChartBlock['key'] {
  const key: ChartBlock['key'] = [];
  const coloured = series.chart !== 'heatmap' && series.chart !== 'small-multiples';
  if (coloured && series.groups.length > 1) {
    for (const [index, mark] of colours.entries()) {
      const group = series.groups[index];
      const shape = series.chart === 'timeline' ? { shape: shapeOf(index, series.groups.length) } : {};
      if (group !== undefined) key.push({ mark, ...shape, text: group.name });
    }
  }
  const cells = series.groups.flatMap((group) => group.cells);
  const values = cells.map(valueIn).filter((value) => value !== null);
  if (series.chart === 'heatmap' && values.length > 0) {
    key.push({
      mark: 'shade',
      text: format.say('the darker the more, up to {most}', { most: format.quantity(Math.max(...values), series.unit) }),
    });
  }
  if (series.chart === 'dots') key.push({ mark: 'interval', text: format.say('95% interval') });
  if (cells.some(({ status }) => status === 'no-data')) key.push({ mark: 'gap', text: format.say('no data') });
  if (cells.some(({ status }) => status === 'partial')) {
    // Where every figure lacks the same, the sign before each says it, and the head of the page says why.
    const throughout = partialThroughout(series) && series.chart !== 'columns';
    if (!throughout)
      key.push({ mark: 'partial', text: format.say(series.unit === 'count' ? 'incomplete data, at least this much' : 'incomplete data') });
  }
  if (series.limits !== undefined)
    key.push({
      mark: 'limit',
      text: format.say(series.limits.trial ? 'limits, a first guess from few periods' : 'limits of usual variation'),
    });
  return key;
}

function leftOut(series: ReadSeries, { labels }: ReadSeries, { say }: Format): string[] {
  const words: string[] = [];
  if (labels.length < series.labels.length)
    words.push(say('The first {n} of {all} are drawn.', { n: labels.length, all: series.labels.length }));
  const lines = series.chart !== 'heatmap' && series.chart !== 'small-multiples';
  if (lines && series.groups.length > mostGroups)
    words.push(say('{n, plural, one {# more group is} other {# more groups are}} in the table.', { n: series.groups.length - mostGroups }));
  return words;
}
