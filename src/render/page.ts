import type { Analysis } from '../analyse/analysis.ts';
import { loadCharts } from './chart.ts';
import { type Page, renderHtml, templatesRead } from './html.ts';
import { type Language, languageOf } from '../words/index.ts';
import { type Branding, buildModel } from './model.ts';
import { rehearse } from './rehearsal.ts';

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

/** Does beforehand what the first report would wait for, piece by piece, until it is enough. */
export async function warmUp(enough: () => boolean): Promise<void> {
  await templatesRead();
  await rehearse(await loadCharts(), enough);
}
