import { join } from 'node:path';
import type { Analysis } from '../analyse/analysis.ts';
import { blindSpots, coverageStrips } from './coverage.ts';
import { figureView, headlines } from './figures.ts';
import { createFormat } from './format.ts';
import { summarise } from './summary.ts';
import { visible } from './visible.ts';

/** What one recipient's mail says beside the figures. */
export interface MailWish {
  /** How figures and dates are written. */
  locale: string;
  /** What is attached, in words; absent: nothing. */
  attached?: string;
  /** Where the whole report can be read. */
  link?: string;
  /** Why it comes a second time. */
  resent?: string;
}

/** The first page of a report as a mail: it reads alone, without pictures and without anything from elsewhere. */
export async function renderMail(analysis: Analysis, wish: MailWish): Promise<{ subject: string; text: string; html: string }> {
  const model = mailModel(analysis, wish);
  const { default: nunjucks } = await import('nunjucks');
  const templates = new nunjucks.FileSystemLoader(join(import.meta.dirname, '../../templates'));
  const environment = new nunjucks.Environment(templates, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  return { subject: model.subject, text: textOf(model), html: environment.render('mail.njk', model) };
}

function mailModel(analysis: Analysis, { locale, attached, link, resent }: MailWish) {
  const format = createFormat(locale, analysis.period.zone);
  const strips = coverageStrips(analysis, format);
  const views = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  const figures = headlines(analysis, 8).flatMap((id) => {
    const view = views.get(id);
    if (view === undefined) return [];
    const value = view.shown.status === 'partial' ? `${view.shown.text} (incomplete)` : view.shown.text;
    return [{ name: view.name, value, change: view.change }];
  });
  const [title, client, period] = [visible(analysis.report.title), visible(analysis.client.name), spanOf(analysis, format)];
  return {
    lang: 'en',
    subject: `${analysis.incomplete === undefined ? '' : 'Incomplete: '}${title}, ${client}, ${period}`,
    title,
    client,
    period,
    zone: analysis.period.zone,
    asOf: format.instant(analysis.as_of),
    notice: visible(analysis.notice ?? ''),
    incomplete: visible(analysis.incomplete ?? ''),
    resent: visible(resent ?? ''),
    ...summarise(analysis, views, strips),
    figures,
    blindSpots: blindSpots(strips).text,
    closing: [
      ...(attached === undefined ? [] : [`The whole report is attached: ${attached}.`]),
      ...(link === undefined ? [] : [`Read it at ${link}`]),
      ...(attached === undefined && link === undefined ? ['The whole report is too large for this mail; ask your provider for it.'] : []),
      'Every figure names what it is made of; what is not known is never printed as zero.',
    ],
  };
}

function spanOf({ period }: Analysis, format: ReturnType<typeof createFormat>): string {
  return format.span(period.start, period.end);
}

function textOf(model: ReturnType<typeof mailModel>): string {
  const width = Math.max(...model.figures.map(({ name }) => name.length), 0);
  return [
    ...(model.resent === '' ? [] : [`Resent: ${model.resent}`, '']),
    ...(model.notice === '' ? [] : [model.notice, '']),
    model.client,
    model.title,
    `${model.period}, days in ${model.zone}. Data as of ${model.asOf}.`,
    '',
    ...(model.incomplete === '' ? [] : [`This report is incomplete: ${model.incomplete}`, '']),
    ...model.answers.flatMap(({ question, answer }) => [`${question} ${answer}`, '']),
    ...model.decisions.map(({ what, because }) => `- ${what}: ${because}`),
    ...(model.decisions.length === 0 ? [] : ['']),
    ...model.figures.map(({ name, value, change }) => `${name.padEnd(width)}  ${value}${change === '' ? '' : `  ${change}`}`),
    '',
    `Blind spots. ${model.blindSpots}`,
    '',
    ...model.closing,
    '',
  ].join('\n');
}
