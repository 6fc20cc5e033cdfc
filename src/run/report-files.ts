import { setImmediate } from 'node:timers/promises';
import type { Analysis } from '../analyse/analysis.ts';
import { countedAs } from '../analyse/index.ts';
import type { Client } from '../config/index.ts';
import type { Press, Printed } from '../press/index.ts';
import { type CsvColumn, type Flaw, type PageHeader, renderReport, stableJson, writeCsv } from '../render/index.ts';
import type { View } from '../store/index.ts';
import { languageOf, packPhrases } from '../words/index.ts';
import { inOrder } from './edition-files.ts';
import { type FindingRow, findingColumns, findingsBetween } from './findings.ts';
import { editionsOf, type Named } from './languages.ts';
import { digestOf } from './manifest.ts';
import type { ReportRequest } from './report.ts';

/** Where alerts are part of cases, a list of all records says which of them the figures count. */
function countedColumn(view: View, { client, as_of }: ReportRequest): CsvColumn<FindingRow>[] {
  if (client.records === undefined) return [];
  const counted = countedAs({ view, client, asOf: as_of });
  return [{ name: 'counted_as', kind: 'text', value: ({ row }) => counted(row) }];
}

/** In MB, where no mail server is configured. */
const mailLimit = 7;

/** The files whose bytes follow from the analysis alone, and with a press the PDF. */
export async function renderFiles(
  request: ReportRequest,
  analysis: Analysis,
  view: View,
  press: Press | undefined,
): Promise<{ files: Map<string, string | Uint8Array>; flaws: Flaw[] }> {
  return finishFiles(request, await beginFiles(request, analysis, view, press));
}

/** Files that are there, and pages on their way. */
export interface Begun {
  files: Map<string, string | Uint8Array>;
  pages: Promise<Page>[];
}

/** Starts the pages, and makes the rest meanwhile. What it returns holds no findings. */
export async function beginFiles(request: ReportRequest, analysis: Analysis, view: View, press: Press | undefined): Promise<Begun> {
  const files = new Map<string, string | Uint8Array>();
  const pages = editionsOf(request).map((one) => pageOf(request, analysis, one, press));
  for (const page of pages) page.catch(() => {}); // awaited below, when what needs no browser is done
  // In one go, so before the press has questions.
  if (request.formats.has('json')) files.set('report.json', stableJson(analysis));
  // What was said, not only its English: whoever reads the edition later may read another language.
  if (request.formats.has('json') && request.issue) files.set('phrases.json', stableJson(packPhrases(analysis)));
  if (request.formats.has('csv')) {
    const rows = findingsBetween(view, request.period.start, request.period.end);
    const columns = [...findingColumns(view, 'reported'), ...countedColumn(view, request)];
    const csv = await encoded(writeCsv(columns, rows, request.period.zone));
    digestOf(csv);
    files.set('findings.csv', csv);
  }
  return { files, pages };
}

export async function finishFiles({ formats }: ReportRequest, { files, pages }: Begun): Promise<{ files: Begun['files']; flaws: Flaw[] }> {
  const flaws: Flaw[] = [];
  for (const { names, html, printed } of await Promise.all(pages)) {
    if (formats.has('html') && html !== undefined) files.set(names.html, html);
    if (printed !== undefined) files.set(names.pdf, printed.pdf);
    flaws.push(...(printed?.flaws ?? []));
  }
  return { files: inOrder(files), flaws };
}

interface Page {
  names: Named['names'];
  html: string | undefined;
  printed: Printed | undefined;
}

/** The page on screen and on paper in one language, as far as they are asked for. */
async function pageOf(
  { formats, client, config }: ReportRequest,
  analysis: Analysis,
  { locale, names, others }: Named,
  press: Press | undefined,
): Promise<Page> {
  const print = press !== undefined && formats.has('pdf');
  if (!print && !formats.has('html')) return { names, html: undefined, printed: undefined };
  const branding = { ...client.branding, languages: formats.has('html') ? others : [] };
  if (press === undefined) return { names, ...(await renderReport(analysis, branding, languageOf(locale))), printed: undefined };
  if (!print) return { names, ...(await press.render(analysis, branding, locale)), printed: undefined };
  const limit = (config.smtp?.size_limit_mb ?? mailLimit) * 1e6;
  const { html, ...printed } = await press.print(analysis, branding, headerOf(analysis, client, locale), limit);
  return { names, html, printed };
}

/** What stands at the head and foot of each page. */
function headerOf(
  { client, report, period, as_of, notice }: Analysis,
  { branding, paper }: Client,
  locale: string,
): PageHeader & { locale: string } {
  const said = notice === undefined ? {} : { notice };
  return { client, report, period, as_of, locale, ...said, ...branding, ...(paper === undefined ? {} : { paper }) };
}

/** Bytes of a long text, made piece by piece so that the printing browser is answered in between. */
async function encoded(pieces: Iterable<string>): Promise<Buffer> {
  const buffers: Buffer[] = [];
  for (const piece of pieces) {
    buffers.push(Buffer.from(piece));
    await setImmediate();
  }
  return Buffer.concat(buffers);
}
