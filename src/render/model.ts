import type { Analysis } from '../analyse/analysis.ts';
import { type Appendix, appendix } from './appendix.ts';
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
import { type Language, languageOf } from '../words/index.ts';
import { readSeries } from './read.ts';

/** Everything a template may see: finished words, and drawings. No figure is made here; form is. */
export interface ReportModel extends Appendix {
  lang: string;
  dir: 'ltr' | 'rtl';
  /** Which digits lists are numbered with. */
  digits: string;
  /** A message of a template, in the reader's language. */
  say: Format['say'];
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
  /** The same report in other languages, each under the name it gives itself. */
  languages: { tag: string; name: string; file: string }[];
  summary: Summary;
  headlines: HeadlineView[];
  /** What the small charts of the first page show. */
  sparkCaption: string;
  blindSpots: { status: string; text: string };
  sections: Section[];
  coverage: CoverageStrip[];
  diagnostics: DiagnosticsView;
}

/** A row of the first page. */
export interface HeadlineView extends FigureView {
  /** The finding its first chart states. */
  takeaway: string;
  /** null where there is no past to draw. */
  spark: Svg | null;
}

/** What the client's configuration adds to the look of a report. */
export interface Branding {
  classification?: string;
  footer?: string;
  /** The same report in other languages, beside it. */
  languages?: { locale: string; file: string }[];
  /** #rrggbb, dark enough on white to be read; checked where the configuration is loaded. */
  colour?: string;
  /** A data URL of a PNG, encoded anew where the configuration is loaded. */
  logo?: string;
}

export function buildModel(
  analysis: Analysis,
  branding: Branding,
  draw: RenderChart,
  language: Language = languageOf(analysis.locale),
): ReportModel {
  const format = createFormat(language, analysis.period.zone);
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
    summary: summarise(analysis, figures, coverage, format),
    headlines: first.map(({ view }) => view),
    sparkCaption: [...new Set(first.flatMap(({ caption }) => caption ?? []))].join(language.semicolon),
    blindSpots: blindSpots(coverage, format),
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
  const past = sparkSeries(entry, analysis.series, analysis.period);
  const spark =
    past === undefined ? null : draw(readSeries(past, format), { id: `spark-${id}`, width: sparkWidth, format, spark: true }).svg;
  const told = entry.series.flatMap((key) => analysis.series[key]?.title ?? []);
  // The first page is one page, whatever the texts are.
  const takeaway = shorten(format.words(told[0] ?? entry.notes[0] ?? ''), 80);
  const name = shorten(figure.name, 60);
  const change = shorten(figure.brief, 60);
  return [
    { view: { ...figure, name, brief: change, takeaway, spark }, caption: past === undefined ? undefined : format.words(past.caption) },
  ];
}

function frontMatter(analysis: Analysis, branding: Branding, format: Format) {
  const { start, end, zone } = analysis.period;
  return {
    lang: format.language.tag,
    dir: format.language.dir,
    digits: format.language.digits,
    say: format.say,
    title: format.words(analysis.report.title),
    client: format.words(analysis.client.name),
    reader: analysis.report.reader,
    period: format.span(start, end),
    zone,
    asOf: format.instant(analysis.as_of),
    notice: format.words(analysis.notice ?? ''),
    incomplete: sentence(shorten(format.words(analysis.incomplete ?? ''), 240), format),
    classification: format.words(branding.classification ?? ''),
    tlp: tlpOf(branding.classification ?? ''),
    footer: format.words(branding.footer ?? ''),
    colour: branding.colour ?? '',
    logo: branding.logo ?? '',
    languages: (branding.languages ?? []).map(({ locale, file }) => {
      const { tag, code } = languageOf(locale);
      return { tag, name: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code, file };
    }),
  };
}

/** The colour of a mark of the Traffic Light Protocol, or empty. */
export function tlpOf(classification: string): string {
  return /^TLP:(RED|AMBER|GREEN|CLEAR)(\+STRICT)?$/.exec(classification)?.[1]?.toLowerCase() ?? '';
}

function sentence(text: string, { say }: Format): string {
  return text === '' || /[.!?。]\)?\u2069*$/.test(text) ? text : say('{sentence}.', { sentence: text });
}
