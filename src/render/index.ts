import type { Analysis } from '../analyse/analysis.ts';
import { loadCharts } from './chart.ts';
import { type Page, renderHtml, templatesRead } from './html.ts';
import { type Language, languageOf } from '../words/index.ts';
import { type Branding, buildModel } from './model.ts';
import { rehearse } from './rehearsal.ts';

export type { Branding } from './model.ts';
export { type CsvColumn, tableColumns, writeCsv } from './csv.ts';
export { PrinterError } from './browser.ts';
export { checkPdf, type Flaw, sayFlaw } from './gate/index.ts';
export { printChecked } from './spell.ts';
export { type Archived, renderArchive } from './archive.ts';
export { type MailWish, renderMail } from './mail.ts';
export { type Message, renderMessage } from './message.ts';
export type { PageHeader } from './page-lines.ts';
export { openPrinter, type Printer, type PrinterOptions } from './pdf.ts';
export { stableJson } from './json.ts';

/** The page of one report. The same analysis and branding give the same bytes. */
export async function renderReport(analysis: Analysis, branding?: Branding, language?: Language): Promise<{ html: string }> {
  const { whole } = await beginReport(analysis, branding, language);
  return { html: await whole() };
}

/** The same page, on paper first. */
export async function beginReport(
  analysis: Analysis,
  branding: Branding = {},
  language: Language = languageOf(analysis.locale),
): Promise<Page> {
  return renderHtml(buildModel(analysis, branding, await loadCharts(), language));
}

/** Does beforehand what the first report would wait for. */
export async function warmUp(): Promise<void> {
  await templatesRead();
  rehearse(await loadCharts());
}
export { candidates as headlineIds } from './figures.ts';
