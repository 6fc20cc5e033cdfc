import type { Cell, ChartKind, Series } from '../analyse/kpi.ts';
import type { Format } from './format.ts';
import { visible } from './visible.ts';
import { plain } from './words.ts';

const kinds: Record<ChartKind, string> = {
  columns: 'Column chart',
  bars: 'Bar chart',
  line: 'Line chart',
  dots: 'Dot plot with intervals',
  'small-multiples': 'Small charts side by side',
  heatmap: 'Heat map',
  pareto: 'Bar chart, largest first',
  curves: 'Curves',
  bullet: 'Bars with a target line',
  ageing: 'Bar chart of ages',
  figure: 'Figure',
  table: 'Table',
  xmr: 'Line chart with limits',
  timeline: 'Timelines',
};

/** Days as "5 Oct", hours and texts as they are, with nothing invisible in them. */
export function labelText(series: Pick<Series, 'axis'>, label: string, format: Format): string {
  return series.axis === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(label) ? format.day(label) : plain(label);
}

/** A chart in words: what it shows, its extremes, and every place where data is missing. Names cells, computes nothing. */
export function describe(series: Series, format: Format): string {
  const groups = series.groups.slice(0, 4).map((group) => {
    const name = series.groups.length > 1 ? `${visible(group.name)}: ` : '';
    return name + describeCells(group.cells, series, format);
  });
  const more = series.groups.length > 4 ? [`${series.groups.length - 4} more in the table`] : [];
  return `${kinds[series.chart]}. ${visible(series.caption)}. ${[...groups, ...more].join('. ')}.`;
}

function describeCells(cells: Cell[], series: Series, format: Format): string {
  const name = (index: number) => shorten(labelText(series, series.labels[index] ?? '', format), 60);
  let highest = -1;
  let lowest = -1;
  const gaps: string[] = [];
  const partials: string[] = [];
  for (const [index, cell] of cells.entries()) {
    if (cell.status === 'no-data') {
      gaps.push(name(index));
      continue;
    }
    if (cell.status === 'partial') partials.push(name(index));
    if (isMore(cell, cells[highest])) highest = index;
    if (isMore(cells[lowest], cell) || lowest < 0) lowest = index;
  }
  const print = (index: number) => {
    const cell = cells[index];
    return cell === undefined ? '' : `${format.cell(cell, series.unit).text} (${name(index)})`;
  };
  const parts = highest < 0 ? [] : [`highest ${print(highest)}`, `lowest ${print(lowest)}`];
  if (gaps.length > 0) parts.push(`no data: ${list(gaps)}`);
  if (partials.length > 0) parts.push(`incomplete: ${list(partials)}`);
  return parts.join('; ') || 'nothing to show';
}

function isMore(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === undefined || a.status === 'no-data') return false;
  return b === undefined || b.status === 'no-data' || a.value > b.value;
}

function list(names: string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most `length` characters as people count them, with an ellipsis where something was left out. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text.slice(0, length * 8))) {
    if (++count >= length) return `${kept}…`;
    kept += segment;
  }
  return kept;
}
