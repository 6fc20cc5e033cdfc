import type { Analysis } from '../../src/analyse/analysis.ts';
import { sampleAnalysis } from './sample.ts';

/** Words of the program itself. Every other text of an analysis may come from outside, whatever fields are added. */
const ours = new Set([
  ...['id', 'status', 'chart', 'axis', 'unit', 'kind', 'reader', 'key', 'day', 'start', 'end', 'zone', 'as_of', 'locale'],
  ...['chapter', 'cohort', 'direction', 'clock', 'audiences', 'needs', 'panel', 'sums_to', 'compare'],
]);

/** The analysis with `payload` in every field that may hold foreign text, and how many those are. */
export function withForeignText(analysis: Analysis, payload: string): { analysis: Analysis; fields: number } {
  const ids = new Set([analysis.kpis, analysis.series, analysis.tables].flatMap((things) => Object.keys(things)));
  let fields = 0;
  const put = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (ours.has(key) || ids.has(value) || /^\d{4}-\d\d(-\d\d)?$/.test(value)) return value;
      fields++;
      return payload;
    }
    if (Array.isArray(value)) return value.map((item) => put(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, put(item, name)]));
  };
  return { analysis: put(analysis, '') as Analysis, fields }; // only texts were exchanged
}

/** Everything a report has, once: a chart, a table, a figure, one that is unknown, a day without data. So that many can be made. */
export function smallAnalysis(): Analysis {
  const { kpis, chapters, series, tables, coverage, definitions, ...rest } = sampleAnalysis();
  const { 'VOL-04': titles, 'QUA-04': unknown, 'TIM-03': time } = kpis;
  const { ages } = series;
  const table = tables['top-pairs'];
  const [chapter] = chapters;
  const definition = definitions['VOL-04'];
  if (!titles || !unknown || !time || !ages || !table || !chapter || !definition) throw new Error('the sample has changed');
  const groups = ages.groups.map((group) => ({ ...group, cells: group.cells.slice(0, 2) }));
  return {
    ...rest,
    kpis: { 'VOL-04': { ...titles, series: ['ages'] }, 'QUA-04': unknown, 'TIM-03': { ...time, series: [] } },
    chapters: [{ ...chapter, kpis: ['VOL-04', 'QUA-04', 'TIM-03'] }],
    series: { ages: { ...ages, labels: ages.labels.slice(0, 2), groups } },
    tables: { 'top-pairs': { ...table, rows: table.rows.slice(0, 2) } },
    coverage: coverage.slice(10, 13),
    definitions: { 'VOL-04': definition },
  };
}
