import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import type { ChapterId, Series, Table } from '../analyse/kpi.ts';
import { say, type Words } from '../words/index.ts';
import { type ChartBlock, chartBlock, type Room } from './blocks.ts';
import { shorten } from './alt.ts';
import type { RenderChart } from './chart.ts';
import { candidates, type FigureView } from './figures.ts';
import type { Format } from './format.ts';
import { valueIn } from './frame.ts';
import { type TableView, tableView } from './tables.ts';

/** Chapters that are read together, in the order of a report; the analysis decides which of them there are. */
const together: readonly { id: string; title: Words; chapters: readonly ChapterId[] }[] = [
  { id: 'incidents', title: say('Incidents that mattered'), chapters: ['incidents'] },
  { id: 'volume', title: say('Volume and mix'), chapters: ['volume', 'change'] },
  { id: 'handling', title: say('Escalation and detection quality'), chapters: ['escalation', 'quality'] },
  { id: 'speed', title: say('Speed, service levels and backlog'), chapters: ['speed', 'backlog', 'people'] },
  { id: 'rules', title: say('Rules and noisy sources'), chapters: ['rules'] },
  { id: 'attack', title: say('Attackers and targets'), chapters: ['attack'] },
  { id: 'coverage', title: say('Coverage and health'), chapters: ['sources', 'data'] },
];

/** One section of a report: its figures in a table, its charts beside each other, and the same by KPI for drilling down. */
export interface Section {
  id: string;
  title: string;
  figures: FigureView[];
  /** Whether any of them has a target; without, no column speaks of one. */
  targets: boolean;
  rows: ChartBlock[][];
  kpis: KpiBlock[];
  /** What could not be measured, by the reason; a manager reads it in one line. */
  unknown: { reason: string; kpis: { id: string; name: string }[] }[];
}

export interface KpiBlock extends FigureView {
  /** Charts as they stand: one to a row, or two small ones side by side. */
  rows: ChartBlock[][];
  tables: TableBlock[];
}

export interface TableBlock extends TableView {
  title: string;
  /** Whether it goes to paper: for a manager only what no chart and no figure says. */
  print: boolean;
}

interface Making {
  analysis: Analysis;
  figures: ReadonlyMap<string, FigureView>;
  format: Format;
  draw: RenderChart;
}

/** Sections in the order of the report's chapters. "Coverage and health" is always there: it says what is not known. */
export function sectionsOf(making: Making): Section[] {
  const { chapters } = making.analysis;
  const place = (ids: readonly ChapterId[]) => {
    const first = ids.find((one) => chapters.some(({ id }) => id === one));
    return chapters.findIndex(({ id }) => id === first);
  };
  const number = { next: 0 };
  return together
    .filter(({ id, chapters: ids }) => place(ids) >= 0 || id === 'coverage')
    .sort((a, b) => order(place(a.chapters)) - order(place(b.chapters)))
    .map(({ id, title, chapters: ids }) => {
      const members = ids.flatMap((chapter) => chapters.find((one) => one.id === chapter)?.kpis ?? []);
      const manager = making.analysis.report.reader === 'manager';
      // Coverage is drawn day by day already.
      const undrawn = manager && id === 'coverage';
      const kpis = members.flatMap((kpi) => kpiBlock(kpi, making, number, undrawn) ?? []);
      const charts = manager ? weightiest(kpis) : kpis.flatMap(({ rows }) => rows.flat());
      const figures = kpis.filter(({ shown }) => shown.status !== 'unknown');
      const targets = figures.some(({ target }) => target !== '');
      return { id, title: making.format.words(title), figures, targets, rows: rowsOf(charts), kpis, unknown: unknownOf(kpis) };
    });
}

function unknownOf(kpis: readonly KpiBlock[]): Section['unknown'] {
  const open = kpis.filter(({ shown }) => shown.status === 'unknown');
  return [...Map.groupBy(open, ({ shown }) => shorten(shown.text, 200))].map(([reason, members]) => ({
    reason,
    kpis: members.map(({ id, name }) => ({ id, name })),
  }));
}

/** Small charts a manager's section has room for; those of the figures that lead the report come first. */
const mostSmall = 2;

function weightiest(kpis: readonly KpiBlock[]): ChartBlock[] {
  const rank = ({ id }: KpiBlock) => (candidates.includes(id) ? candidates.indexOf(id) : candidates.length);
  const all = kpis.flatMap(({ rows }) => rows.flat());
  const small = kpis.toSorted((a, b) => rank(a) - rank(b)).flatMap(({ rows }) => rows.flat().filter((chart) => chart.small));
  // A course over days stands back for what is compared: the first page has it as a small line.
  const first = [...small.filter(({ course }) => !course), ...small.filter(({ course }) => course)];
  // In pairs: one alone would leave half a row empty.
  const room = first.length > 1 ? Math.min(mostSmall, first.length - (first.length % 2)) : 1;
  const kept = first.slice(0, room);
  return all.filter((chart) => !chart.small || kept.includes(chart));
}

const order = (place: number) => (place < 0 ? Number.POSITIVE_INFINITY : place);

function kpiBlock(
  id: string,
  { analysis, figures, format, draw }: Making,
  number: { next: number },
  undrawn: boolean,
): KpiBlock | undefined {
  const figure = figures.get(id);
  const entry = analysis.kpis[id];
  if (figure === undefined || entry === undefined) return undefined;
  const manager = analysis.report.reader === 'manager';
  const drawn = undrawn ? [] : seriesFor(entry, analysis);
  const charts = drawn.flatMap(({ series, room }) => chartBlock(series, number.next++, room, format, draw) ?? []);
  const tables = entry.tables.flatMap((key) => {
    const table = analysis.tables[key];
    return table === undefined ? [] : tableBlock(table, manager, format);
  });
  return { ...figure, rows: rowsOf(charts), tables };
}

const managerRows = 6;
const everyRow = 20;

/** What a reader gets drawn: a manager one chart of each figure, the richest, and no panels; others all. */
function seriesFor(entry: KpiEntry, analysis: Analysis): { series: Series; room: Room }[] {
  const promise = entry.unit === 'seconds' && entry.target !== undefined ? { within: entry.target } : {};
  const all = entry.series
    .flatMap((key) => analysis.series[key] ?? [])
    .map((series) => (series.chart === 'curves' ? { ...series, ...promise } : series));
  if (analysis.report.reader !== 'manager') return all.map((series) => ({ series, room: { rows: everyRow } }));
  const richest = all.find(({ chart }) => chart === 'heatmap' || chart === 'curves') ?? all[0];
  if (richest === undefined || richest.panel !== undefined || !tellsMore(richest)) return [];
  return [{ series: richest, room: { rows: managerRows, half: richest.chart !== 'heatmap' && !leads(entry, richest) } }];
}

/** A bar alone says no more than the figure beside it. */
function tellsMore({ chart, groups }: Series): boolean {
  const bars = groups.flatMap(({ cells }) => cells.filter((cell) => valueIn(cell) !== 0));
  return (chart !== 'bars' && chart !== 'pareto') || bars.length > 1;
}

/** The days of what came in, and curves of what the first page may lead with, are given the whole width. */
function leads(entry: KpiEntry, { axis, chart }: Series): boolean {
  return (entry.id === 'VOL-01' && axis === 'day') || (chart === 'curves' && candidates.includes(entry.id)) || chart === 'timeline';
}

/** A list as long as a page has room for is printed whole; of a longer one the beginning. */
const mostListed = 5;
const printedOfMore = 4;

function tableBlock(table: Table, manager: boolean, format: Format): TableBlock {
  const view = tableView(table, format);
  return {
    ...view,
    printed: !manager ? view.printed : table.rows.length <= mostListed ? mostListed : printedOfMore,
    title: format.words(table.title),
    print: (!manager || table.essential === true) && view.rows.length > 0,
  };
}

/** Small charts stand in pairs. One that is left over waits for the next, past wide ones. */
function rowsOf(charts: readonly ChartBlock[]): ChartBlock[][] {
  const rows: ChartBlock[][] = [];
  let waiting: ChartBlock[] | undefined;
  for (const chart of charts) {
    if (!chart.small) rows.push([chart]);
    else if (waiting === undefined) {
      waiting = [chart];
      rows.push(waiting);
    } else {
      waiting.push(chart);
      waiting = undefined;
    }
  }
  return rows;
}
