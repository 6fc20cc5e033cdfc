import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Analysis } from '../analyse/analysis.ts';
import { shorten } from './alt.ts';
import { loadPictures, type RenderPicture } from './chart-png.ts';
import { blindSpots, coverageStrips } from './coverage.ts';
import { type FigureView, figureView, headlines } from './figures.ts';
import { createFormat, type Format } from './format.ts';
import { mailText } from './mail-text.ts';
import { type Branding, tlpOf } from './model.ts';
import { sparkSeries } from './spark.ts';
import { type Summary, summarise } from './summary.ts';
import type { Language } from '../words/index.ts';
import { readSeries } from './read.ts';

/** What one recipient's mail says beside the figures. */
export interface MailWish {
  /** The recipient's language, and how figures and dates are written in it. */
  locale: string | Language;
  /** What is attached, in words; absent: nothing. */
  attached?: string;
  /** Where the whole report can be read. */
  link?: string;
  /** Why it comes a second time. */
  resent?: string;
  branding?: Branding;
}

/** A picture that the mail brings along and shows by its content id. */
export interface InlinePicture {
  cid: string;
  content: Buffer;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  pictures: InlinePicture[];
}

/**
 * The first page of a report as a mail: it reads alone, also without its pictures, and asks for nothing from elsewhere.
 * Tables and styles at the element, because Outlook lays out with Word and some readers drop a style sheet.
 */
export async function renderMail(analysis: Analysis, wish: MailWish): Promise<RenderedMail> {
  const pictures = new Map<string, InlinePicture>();
  const model = mailModel(analysis, wish, await loadPictures(), pictures);
  const { default: nunjucks } = await import('nunjucks');
  const templates = new nunjucks.FileSystemLoader(join(import.meta.dirname, '../../templates'));
  const environment = new nunjucks.Environment(templates, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  return { subject: model.subject, text: mailText(model), html: environment.render('mail.njk', model), pictures: [...pictures.values()] };
}

/** A line of the figures. */
export interface MailFigure {
  name: string;
  value: string;
  incomplete: boolean;
  /** What the figure is made of, and its goal: "3–4.5%, n = 1,950", "target 95%: met". */
  basis: string[];
  change: string;
  /** null where there is no past to draw. */
  spark: { cid: string; alt: string; width: number; height: number } | null;
}

/** All that the text and the HTML of a mail may say. */
export interface MailModel extends Summary {
  lang: string;
  dir: 'ltr' | 'rtl';
  /** Where lines begin and end, for what knows no reading direction. */
  start: 'left' | 'right';
  end: 'left' | 'right';
  say: Format['say'];
  semicolon: string;
  subject: string;
  title: string;
  client: string;
  period: string;
  zone: string;
  asOf: string;
  notice: string;
  incomplete: string;
  resent: string;
  classification: string;
  tlp: string;
  /** #rrggbb of the rule at the top. */
  colour: string;
  figures: MailFigure[];
  /** What the small charts show. */
  sparkCaption: string;
  blindSpots: string;
  /** What is attached, or empty. */
  attached: string;
  /** The report's address, or empty. */
  link: string;
}

const mostFigures = 8;

function mailModel(analysis: Analysis, wish: MailWish, draw: RenderPicture, pictures: Map<string, InlinePicture>): MailModel {
  const { locale, attached, link, resent, branding = {} } = wish;
  const format = createFormat(locale, analysis.period.zone);
  const { language } = format;
  const strips = coverageStrips(analysis, format);
  const views = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  const rows = headlines(analysis, mostFigures).flatMap((id) => {
    const view = views.get(id);
    return view === undefined ? [] : [mailFigure(view, analysis, format, draw, pictures)];
  });
  const [title, client] = [format.words(analysis.report.title), format.words(analysis.client.name)];
  const period = format.span(analysis.period.start, analysis.period.end);
  return {
    lang: language.tag,
    dir: language.dir,
    start: language.dir === 'rtl' ? 'right' : 'left',
    end: language.dir === 'rtl' ? 'left' : 'right',
    say: format.say,
    semicolon: language.semicolon,
    subject: subjectOf([title, client, period].map(unset).join(language.comma), analysis.incomplete !== undefined, format),
    title,
    client,
    period,
    zone: analysis.period.zone,
    asOf: format.instant(analysis.as_of),
    notice: format.words(analysis.notice ?? ''),
    incomplete: format.words(analysis.incomplete ?? ''),
    resent: format.words(resent ?? ''),
    classification: format.words(branding.classification ?? ''),
    tlp: tlpOf(branding.classification ?? ''),
    colour: branding.colour ?? '#0b4f8a',
    ...summarise(analysis, views, strips, format),
    figures: rows.map(({ figure }) => figure),
    sparkCaption: [...new Set(rows.flatMap(({ caption }) => caption ?? []))].join(language.semicolon),
    blindSpots: blindSpots(strips, format).text,
    attached: attached ?? '',
    link: link ?? '',
  };
}

function subjectOf(what: string, incomplete: boolean, { say }: Format): string {
  return incomplete ? say('Incomplete: {what}', { what }) : what;
}

/** A header line has no need of the marks that set names apart, and mail programs print them. */
function unset(text: string): string {
  return text.replace(/[\u2066-\u2069]/g, '');
}

const sparkWidth = 120;

function mailFigure(view: FigureView, analysis: Analysis, format: Format, draw: RenderPicture, pictures: Map<string, InlinePicture>) {
  const entry = analysis.kpis[view.id];
  const past = entry === undefined ? undefined : sparkSeries(entry, analysis.series, analysis.period);
  const { say } = format;
  const goal =
    view.target === ''
      ? ''
      : view.assuranceWords === ''
        ? say('target {value}', { value: view.target })
        : say('target {value}: {outlook}', { value: view.target, outlook: view.assuranceWords });
  const figure: MailFigure = {
    name: shorten(view.name, 80),
    value: view.shown.text,
    incomplete: view.shown.status === 'partial',
    basis: [view.basis, view.previous === '' ? '' : say('before: {value}', { value: view.previous }), goal].filter((part) => part !== ''),
    change: view.change,
    spark: null,
  };
  if (past === undefined) return { figure, caption: undefined };
  const { png, ...shown } = draw(readSeries(past, format), { width: sparkWidth, format, spark: true });
  // Named by what it shows: two mails never mean different pictures by one name.
  const cid = `${hash('sha256', png).slice(0, 24)}@soc-kpi`;
  pictures.set(cid, { cid, content: png });
  return { figure: { ...figure, spark: { cid, ...shown } }, caption: format.words(past.caption) };
}
