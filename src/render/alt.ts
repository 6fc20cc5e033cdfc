import type { Cell, ChartKind } from '../analyse/kpi.ts';
import { closeIsolates, message, phrase, seenLength } from '../words/index.ts';
import type { Format } from './format.ts';
import type { ReadSeries } from './read.ts';

const kinds: Record<ChartKind, string> = {
  columns: message('Column chart'),
  bars: message('Bar chart'),
  line: message('Line chart'),
  dots: message('Dot plot with intervals'),
  'small-multiples': message('Small charts side by side'),
  heatmap: message('Heat map'),
  pareto: message('Bar chart, largest first'),
  curves: message('Curves'),
  bullet: message('Bars with a target line'),
  ageing: message('Bar chart of ages'),
  figure: message('Figure'),
  table: message('Table'),
  xmr: message('Line chart with limits'),
  timeline: message('Timelines'),
  funnel: message('Points with the limits of chance'),
};

/** A chart in words: what it shows, its extremes, and every place where data is missing. Names cells, computes nothing. */
export function describe(series: ReadSeries, format: Format): string {
  const groups = series.groups.slice(0, 4).map((group) => {
    const cells = describeCells(group.cells, series, format);
    return series.groups.length > 1 ? format.say('{name}: {content}', { name: group.name, content: cells }) : cells;
  });
  const more = series.groups.length > 4 ? [format.say('{n} more in the table', { n: series.groups.length - 4 })] : [];
  const content = [...groups, ...more].reduce((first, then) => format.say('{first}. {then}', { first, then }));
  const { caption } = series;
  return format.say('{kind}. {caption}. {content}.', { kind: format.words(phrase(kinds[series.chart])), caption, content });
}

function describeCells(cells: Cell[], series: ReadSeries, format: Format): string {
  const name = (index: number) => shorten(series.labels[index] ?? '', 60);
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
  const parts = extremes(cells, { highest, lowest }, name, series, format);
  if (gaps.length > 0) parts.push(format.say('no data: {which}', { which: list(gaps, format) }));
  if (partials.length > 0) parts.push(format.say('incomplete: {which}', { which: list(partials, format) }));
  return parts.join(format.language.semicolon) || format.say('nothing to show');
}

function extremes(
  cells: Cell[],
  { highest, lowest }: { highest: number; lowest: number },
  name: (index: number) => string,
  series: ReadSeries,
  format: Format,
): string[] {
  const [most, least] = [cells[highest], cells[lowest]];
  if (most === undefined || least === undefined) return [];
  return [
    format.say('highest {value} ({where})', { value: format.cell(most, series.unit).text, where: name(highest) }),
    format.say('lowest {value} ({where})', { value: format.cell(least, series.unit).text, where: name(lowest) }),
  ];
}

function isMore(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === undefined || a.status === 'no-data') return false;
  return b === undefined || b.status === 'no-data' || a.value > b.value;
}

function list(names: string[], { say, language }: Format): string {
  const first = names.slice(0, 5).join(language.comma);
  return names.length > 5 ? say('{names} and {n} more', { names: first, n: names.length - 5 }) : first;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most `length` characters as people count them, with an ellipsis where something was left out. */
export function shorten(text: string, length: number): string {
  if (text.length <= length || seenLength(text) <= length) return text;
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text.slice(0, length * 8))) {
    if (seenLength(segment) > 0 && ++count >= length) return closeIsolates(`${kept}…`);
    kept += segment;
  }
  return closeIsolates(kept);
}
