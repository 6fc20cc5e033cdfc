import type { Analysis } from '../analyse/analysis.ts';
import type { Kpi } from '../analyse/kpi.ts';
import { type ChartBlock, chartBlock } from './blocks.ts';
import type { RenderChart } from './chart.ts';
import { blindSpots, type CoverageStrip, coverageStrips } from './coverage.ts';
import { type FigureView, figureView, headlines, takeaway } from './figures.ts';
import { createFormat, type Format } from './format.ts';
import { type TableView, tableView } from './tables.ts';
import { visible } from './visible.ts';

/** Everything a template may see: finished words, and drawings. No figure is made here; form is. */
export interface ReportModel {
  lang: string;
  dir: 'ltr';
  title: string;
  client: string;
  reader: Analysis['report']['reader'];
  /** "1–31 October 2026". */
  period: string;
  zone: string;
  asOf: string;
  notice: string;
  incomplete: string;
  classification: string;
  footer: string;
  sentences: string[];
  headlines: FigureView[];
  blindSpots: { status: string; text: string };
  chapters: { id: string; title: string; kpis: KpiBlock[] }[];
  coverage: CoverageStrip[];
  excluded: { reason: string; n: string }[];
  definitions: DefinitionView[];
  capabilities: { source: string; product: string; question: string; answer: string; note: string }[];
  provenance: { batches: string; digest: string; versions: { name: string; version: string }[] };
}

export interface KpiBlock extends FigureView {
  /** Charts as they stand: one to a row, or two small ones side by side. */
  rows: ChartBlock[][];
  tables: (TableView & { title: string })[];
}

interface DefinitionView {
  id: string;
  name: string;
  question: string;
  formula: string;
  cohort: string;
  statistic: string;
  least: string;
  sources: string[];
}

/** What the client's configuration adds to the look of a report. */
export interface Branding {
  classification?: string;
  footer?: string;
}

export function buildModel(analysis: Analysis, branding: Branding, draw: RenderChart): ReportModel {
  const format = createFormat(analysis.locale, analysis.period.zone);
  const figures = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  const first = headlines(analysis, 8).flatMap((id) => figures.get(id) ?? []);
  const coverage = coverageStrips(analysis, format);
  return {
    ...frontMatter(analysis, branding, format),
    sentences: first
      .filter(({ shown }) => shown.status !== 'unknown')
      .slice(0, 3)
      .map(takeaway),
    headlines: first,
    blindSpots: blindSpots(coverage),
    chapters: chapterBlocks(analysis, figures, format, draw),
    coverage,
    ...appendix(analysis, format),
  };
}

function frontMatter(analysis: Analysis, branding: Branding, format: Format) {
  const { start, end, zone } = analysis.period;
  return {
    lang: languageOf(analysis.locale),
    dir: 'ltr' as const,
    title: visible(analysis.report.title),
    client: visible(analysis.client.name),
    reader: analysis.report.reader,
    period: format.span(start, end),
    zone,
    asOf: format.instant(analysis.as_of),
    notice: visible(analysis.notice ?? ''),
    incomplete: sentence(visible(analysis.incomplete ?? '')),
    classification: visible(branding.classification ?? ''),
    footer: visible(branding.footer ?? ''),
  };
}

function sentence(text: string): string {
  return text === '' || /[.!?]\)?$/.test(text) ? text : `${text}.`;
}

/** The sentences are English so far, whatever locale the numbers follow; a page must name the language it is read in. */
function languageOf(locale: string): string {
  return new Intl.Locale(locale).language === 'en' ? locale : 'en';
}

function chapterBlocks(analysis: Analysis, figures: ReadonlyMap<string, FigureView>, format: Format, draw: RenderChart) {
  let drawn = 0;
  return analysis.chapters.map(({ id, title, kpis }) => ({
    id,
    title: visible(title),
    kpis: kpis.flatMap((kpi): KpiBlock[] => {
      const figure = figures.get(kpi);
      const entry = analysis.kpis[kpi];
      if (figure === undefined || entry === undefined) return [];
      const charts = entry.series.flatMap((key) => {
        const series = analysis.series[key];
        return series === undefined ? [] : (chartBlock(series, drawn++, format, draw) ?? []);
      });
      const tables = entry.tables.flatMap((key) => {
        const table = analysis.tables[key];
        return table === undefined ? [] : { ...tableView(table, format), title: visible(table.title) };
      });
      return [{ ...figure, rows: rowsOf(charts), tables }];
    }),
  }));
}

function rowsOf(charts: readonly ChartBlock[]): ChartBlock[][] {
  const rows: ChartBlock[][] = [];
  for (const chart of charts) {
    const last = rows.at(-1);
    if (chart.small && last?.length === 1 && last[0]?.small) last.push(chart);
    else rows.push([chart]);
  }
  return rows;
}

const cohorts: Record<Kpi['cohort'], string> = {
  'created-in-period': 'findings created in the period',
  'closed-in-period': 'findings closed in the period',
  'due-in-period': 'findings due in the period',
  'open-at-end': 'findings open at the end of the period',
  'event-in-period': 'findings in which this happened in the period',
  'as-of': 'findings as they stood at the data cut',
  history: 'all findings stored so far',
};

const answers: Record<string, string> = {
  field: 'recorded by the product',
  event: "in the product's history",
  derived: 'derived from successive collections',
  no: 'not available',
};

function appendix(analysis: Analysis, format: Format) {
  return {
    excluded: analysis.excluded.map(({ reason, n }) => ({ reason: visible(reason), n: format.quantity(n, 'count') })),
    definitions: Object.values(analysis.definitions).map((entry) => ({
      id: entry.id,
      name: visible(entry.name),
      question: visible(entry.question),
      formula: visible(entry.formula),
      cohort: cohorts[entry.cohort],
      statistic: visible(entry.statistic),
      least: format.quantity(entry.minN, 'count'),
      sources: entry.sources.map(visible),
    })),
    capabilities: analysis.capabilities.map(({ source, product, question, answer, note }) => ({
      source: visible(source),
      product: visible(product),
      question: visible(question).replaceAll('_', ' '),
      answer: answers[answer] ?? visible(answer),
      note: visible(note ?? ''),
    })),
    provenance: {
      batches: format.quantity(analysis.provenance.batches, 'count'),
      digest: visible(analysis.provenance.digest),
      versions: Object.entries(analysis.provenance.versions).map(([name, version]) => ({ name: visible(name), version: visible(version) })),
    },
  };
}
