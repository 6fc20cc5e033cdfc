import type { Analysis, Definition } from '../analyse/analysis.ts';
import type { Kpi } from '../analyse/kpi.ts';
import { hasValue } from '../outcome.ts';
import { shorten } from './alt.ts';
import type { RenderChart } from './chart.ts';
import { blindSpots, type CoverageStrip, coverageStrips } from './coverage.ts';
import { type DiagnosticsView, diagnosticsOf } from './diagnostics.ts';
import { type FigureView, figureView, headlines } from './figures.ts';
import { createFormat, type Format } from './format.ts';
import { type Section, sectionsOf } from './sections.ts';
import { sparkSeries } from './spark.ts';
import { type Summary, summarise } from './summary.ts';
import type { Svg } from './svg.ts';
import { visible } from './visible.ts';
import { plain } from './words.ts';

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
  /** Marks of the Traffic Light Protocol have colours of their own: "red", "amber", "green", "clear", or empty. */
  tlp: string;
  footer: string;
  /** #rrggbb, or empty for the report's own. */
  colour: string;
  /** A data URL of a PNG, or empty. */
  logo: string;
  summary: Summary;
  headlines: HeadlineView[];
  /** What the small charts of the first page show. */
  sparkCaption: string;
  blindSpots: { status: string; text: string };
  sections: Section[];
  coverage: CoverageStrip[];
  excluded: { reason: string; n: string }[];
  definitions: DefinitionView[];
  capabilities: { source: string; product: string; question: string; answer: string; note: string }[];
  /** What no source can answer, in one line per source. */
  unanswerable: { source: string; questions: string }[];
  provenance: { batches: string; digest: string; versions: { name: string; version: string }[] };
  diagnostics: DiagnosticsView;
}

/** A row of the first page. */
export interface HeadlineView extends FigureView {
  /** The finding its first chart states. */
  takeaway: string;
  /** null where there is no past to draw. */
  spark: Svg | null;
}

interface DefinitionView {
  id: string;
  name: string;
  question: string;
  formula: string;
  cohort: string;
  /** Alerts, cases or both. */
  counts: string;
  statistic: string;
  least: string;
  sources: string[];
}

/** What the client's configuration adds to the look of a report. */
export interface Branding {
  classification?: string;
  footer?: string;
  /** #rrggbb, dark enough on white to be read; checked where the configuration is loaded. */
  colour?: string;
  /** A data URL of a PNG, encoded anew where the configuration is loaded. */
  logo?: string;
}

export function buildModel(analysis: Analysis, branding: Branding, draw: RenderChart): ReportModel {
  const format = createFormat(analysis.locale, analysis.period.zone);
  const figures = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  const coverage = coverageStrips(analysis, format);
  const first = headlines(analysis, mostHeadlines).flatMap((id) => headline(id, figures.get(id), analysis, format, draw));
  return {
    ...frontMatter(analysis, branding, format),
    summary: summarise(analysis, figures, coverage),
    headlines: first.map(({ view }) => view),
    sparkCaption: [...new Set(first.flatMap(({ caption }) => caption ?? []))].join('; '),
    blindSpots: blindSpots(coverage),
    sections: sectionsOf({ analysis, figures, format, draw }),
    coverage,
    ...appendix(analysis, format),
    diagnostics: diagnosticsOf(analysis, format),
  };
}

const mostHeadlines = 8;
const sparkWidth = 120;

function headline(id: string, figure: FigureView | undefined, analysis: Analysis, format: Format, draw: RenderChart) {
  const entry = analysis.kpis[id];
  if (figure === undefined || entry === undefined) return [];
  const past = sparkSeries(entry, analysis.series, analysis.period.label);
  const spark = past === undefined ? null : draw(past, { id: `spark-${id}`, width: sparkWidth, format, spark: true }).svg;
  const told = entry.series.flatMap((key) => analysis.series[key]?.title ?? []);
  // The first page is one page, whatever the texts are.
  const takeaway = shorten(plain(told[0] ?? entry.notes[0] ?? ''), 80);
  const name = shorten(figure.name, 60);
  const change = shorten(figure.change.replace(/^(not comparable|nothing to compare with):.*$/s, '$1'), 60);
  return [{ view: { ...figure, name, change, takeaway, spark }, caption: past?.caption }];
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
    incomplete: sentence(shorten(plain(analysis.incomplete ?? ''), 240)),
    classification: visible(branding.classification ?? ''),
    tlp: tlpOf(branding.classification ?? ''),
    footer: visible(branding.footer ?? ''),
    colour: branding.colour ?? '',
    logo: branding.logo ?? '',
  };
}

/** The colour of a mark of the Traffic Light Protocol, or empty. */
export function tlpOf(classification: string): string {
  return /^TLP:(RED|AMBER|GREEN|CLEAR)(\+STRICT)?$/.exec(classification)?.[1]?.toLowerCase() ?? '';
}

function sentence(text: string): string {
  return text === '' || /[.!?]\)?$/.test(text) ? text : `${text}.`;
}

/** The sentences are English so far, whatever locale the numbers follow; a page must name the language it is read in. */
function languageOf(locale: string): string {
  return new Intl.Locale(locale).language === 'en' ? locale : 'en';
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

/** What is counted: first where the client says which source is the record for what, then where every record counts by itself. */
const counted: Record<string, readonly [joined: string, plain: string]> = {
  work: ['cases, and alerts that are part of none', 'every record, alerts and cases alike'],
  alerts: ['alerts, in a case or not', 'every record, alerts and cases alike'],
  'alerts and cases': ['alerts and cases, each by itself', 'every record, alerts and cases alike'],
  cases: ['cases', 'cases'],
  nothing: ['no findings but the collection of them', 'no findings but the collection of them'],
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
    definitions: defined(analysis).map((entry) => ({
      id: entry.id,
      name: visible(entry.name),
      question: visible(entry.question),
      formula: visible(entry.formula),
      cohort: cohorts[entry.cohort],
      counts: counted[entry.counts]?.[analysis.records === undefined ? 1 : 0] ?? visible(entry.counts),
      statistic: visible(entry.statistic),
      least: format.quantity(entry.minN, 'count'),
      sources: entry.sources.map(visible),
    })),
    capabilities: analysis.capabilities.map(({ source, product, question, answer, note }) => ({
      source: visible(source),
      product: visible(product),
      question: questionWords(question),
      answer: answers[answer] ?? visible(answer),
      note: visible(note ?? ''),
    })),
    unanswerable: unanswerable(analysis.capabilities),
    provenance: {
      batches: format.quantity(analysis.provenance.batches, 'count'),
      digest: visible(analysis.provenance.digest),
      versions: Object.entries(analysis.provenance.versions).map(([name, version]) => ({ name: visible(name), version: visible(version) })),
    },
  };
}

/** A manager checks what is printed; the others may ask for what is not. */
function defined({ definitions, kpis, report }: Analysis): Definition[] {
  const all = Object.values(definitions);
  return report.reader === 'manager' ? all.filter(({ id }) => kpis[id] !== undefined && hasValue(kpis[id])) : all;
}

function questionWords(question: string): string {
  return plain(question).replaceAll('_', ' ');
}

function unanswerable(capabilities: Analysis['capabilities']): ReportModel['unanswerable'] {
  const open = capabilities.filter(({ answer }) => answer === 'no');
  return [...Map.groupBy(open, ({ source, product }) => `${visible(source)} (${visible(product)})`)].map(([source, rows]) => ({
    source,
    questions: rows.map(({ question }) => questionWords(question)).join(', '),
  }));
}
