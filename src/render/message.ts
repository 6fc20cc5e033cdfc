import type { Analysis } from '../analyse/analysis.ts';
import type { Language } from '../words/index.ts';
import { coverageStrips } from './coverage.ts';
import { figureView } from './figures.ts';
import { createFormat } from './format.ts';
import { type Summary, summarise } from './summary.ts';

/** What a chat or a program is told of an edition: the three sentences and where the rest is. Plain text throughout. */
export interface Message {
  /** "Monthly security operations report, Acme, 1–31 October 2026". */
  title: string;
  /** Sentences that stand above all: its mark, a notice, that it is incomplete and why, why it comes a second time. */
  remarks: string[];
  answers: Summary['answers'];
  /** Where the whole report can be read, or empty. */
  link: string;
  /** What the link is called. */
  link_text: string;
  complete: boolean;
  edition: { client: string; report: string; period: string; revision: number; as_of: string };
}

export interface MessageWish {
  locale: string | Language;
  edition: Message['edition'];
  classification?: string;
  link?: string;
  resent?: string;
}

export function renderMessage(analysis: Analysis, { locale, edition, classification, link, resent }: MessageWish): Message {
  const format = createFormat(locale, analysis.period.zone);
  const { say, words, language } = format;
  const views = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  const { answers } = summarise(analysis, views, coverageStrips(analysis, format), format);
  const period = format.span(analysis.period.start, analysis.period.end);
  const remarks = [
    classification === undefined ? '' : words(classification),
    words(analysis.notice ?? ''),
    resent === undefined ? '' : say('Resent: {why}', { why: words(resent) }),
    analysis.incomplete === undefined ? '' : say('This report is incomplete: {why}', { why: words(analysis.incomplete) }),
  ];
  return {
    title: [words(analysis.report.title), words(analysis.client.name), period].join(language.comma),
    remarks: remarks.filter((remark) => remark !== ''),
    answers,
    link: link ?? '',
    link_text: say('Read the whole report'),
    complete: analysis.incomplete === undefined,
    edition,
  };
}
