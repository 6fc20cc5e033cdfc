import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Analysis } from '../analyse/analysis.ts';
import { analyse, countedAs, crossFoot, historyStart } from '../analyse/index.ts';
import type { Client, Config, ReportDefinition } from '../config/index.ts';
import { publishFolder } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import type { Period } from '../period.ts';
import type { Press } from '../press/index.ts';
import { type CsvColumn, type Flaw, type PageHeader, renderReport, sayFlaw, stableJson, writeCsv } from '../render/index.ts';
import { languageOf, packPhrases } from '../words/index.ts';
import type { Edition, Store, View } from '../store/index.ts';
import { type FindingRow, findingColumns, findingsBetween } from './findings.ts';
import { archiveFolder } from './edition-folder.ts';
import { inOrder } from './edition-files.ts';
import { editionsOf, type Named } from './languages.ts';
import { lastEdition } from './last-edition.ts';
import { configurationDigest, type Files, manifestText } from './manifest.ts';
import { fillPast, keepBefore, keptPast } from './past.ts';

export const formats = ['html', 'pdf', 'csv', 'json'] as const;
export type Format = (typeof formats)[number];

export interface ReportRequest {
  config: Config;
  client: Client;
  report: ReportDefinition;
  period: Period;
  as_of: Ms;
  formats: ReadonlySet<Format>;
  /** Where to write instead of the archive. */
  out?: string;
  /** Instead of the client's own language. */
  locale?: string;
  /** Enters the ledger as the next revision; otherwise a preview. */
  issue: boolean;
}

export interface Built {
  folder: string;
  files: string[];
  incomplete: string | undefined;
  /** Only when issued. */
  edition: Edition | undefined;
}

/** A report that must not be issued: its totals do not foot, its policy holds it, or its pages are not sound. The exit code is 3. */
export class HeldError extends Error {
  override name = 'HeldError';
}

/**
 * Builds one report from the store alone. Without a press it is rendered here, and not printed.
 * @throws HeldError when an edition to be issued does not foot, is incomplete and its policy is `hold`, or has a flaw in
 * its printed pages; a preview tells them in the log.
 */
export async function buildReport(request: ReportRequest, store: Store, press: Press | undefined, effects: Effects): Promise<Built> {
  const { client, report } = request;
  effects.failpoint('aggregate.start');
  const { analysis, view } = await analysisOf(request, store, versions);
  if (request.issue) hold(analysis, report);
  effects.failpoint('aggregate.mid');
  const { files, flaws } = await renderFiles(request, analysis, view, press);
  judgePages(flaws, request, effects);
  effects.failpoint('html.done');
  const manifest = manifestText(analysis, await configurationDigest(request.config, client, effects), files);
  files.set('manifest.json', manifest);
  const folder = request.out ?? folderFor(request, store);
  effects.failpoint('manifest.before_rename');
  // A folder of this revision that the ledger does not know was left by a crash before it was entered. Whoever issues is alone.
  await publishFolder(folder, files, { replace: true, alone: request.issue }, effects);
  effects.failpoint('manifest.after_rename');
  if (request.issue) keepBefore(request, analysis, store);
  const edition = request.issue
    ? store.addEdition({ ...editionOf(request, analysis, files, folder, effects), manifest: hash('sha256', manifest) })
    : undefined;
  return { folder, files: [...files.keys()], incomplete: analysis.incomplete?.toString(), edition };
}

/** What computed the figures, for the manifest. */
export const versions = {
  'soc-kpi': '0.1.0',
  node: process.versions.node,
  tz: process.versions.tz ?? 'unknown',
  unicode: process.versions.unicode ?? 'unknown',
};

/** All figures, and the findings they were counted from. `by` are the versions that are named as their makers. */
export async function analysisOf(
  request: ReportRequest,
  store: Store,
  by: Readonly<Record<string, string>>,
): Promise<{ analysis: Analysis; view: View }> {
  const { client, report, period, as_of } = request;
  const since = historyStart(period);
  const view = store.view({ as_of, since });
  const last = await lastEdition(request, store);
  if (request.issue) fillPast(request, store);
  const analysis = analyse({
    view,
    since,
    client,
    report,
    period,
    asOf: as_of,
    kept: keptPast(request, store),
    categories: request.config.categories,
    versions: by,
    ...(last === undefined ? {} : { lastEdition: last }),
  });
  return { analysis, view };
}

function folderFor({ config, client, report, period, issue }: ReportRequest, store: Store): string {
  const name = { report: report.id, period: period.label, revision: nextRevision(store, report.id, period.label) };
  const folder = archiveFolder(config, client.id, name);
  return issue ? folder : join(folder, '../preview');
}

function hold(analysis: Analysis, report: ReportDefinition): void {
  const faults = crossFoot(analysis);
  if (faults.length > 0) throw new HeldError(`not issued, its totals do not foot: ${faults.join('; ')}`);
  if (analysis.incomplete !== undefined && report.incomplete === 'hold') {
    throw new HeldError(
      `not issued, its data is incomplete and reports.yaml says "incomplete: hold" for ${report.id}: ${analysis.incomplete}`,
    );
  }
}

/** An edition with a flaw on paper is not issued; whoever looks at a preview is told. */
function judgePages(flaws: readonly Flaw[], { issue, client, report }: ReportRequest, effects: Effects): void {
  if (flaws.length === 0) return;
  const shown = flaws.slice(0, 5).map(sayFlaw);
  const words = flaws.length > shown.length ? [...shown, `and ${flaws.length - shown.length} more`] : shown;
  if (issue) throw new HeldError(`not issued, its printed pages are not sound: ${words.join('; ')}`);
  for (const message of words) effects.log({ level: 'warn', event: 'flaw', client: client.id, report: report.id, message });
}

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
  const files = new Map<string, string | Uint8Array>();
  const pages = editionsOf(request).map((one) => pageOf(request, analysis, one, press));
  for (const page of pages) page.catch(() => {}); // awaited below, when what needs no browser is done
  if (request.formats.has('csv')) {
    const rows = findingsBetween(view, request.period.start, request.period.end);
    const columns = [...findingColumns(view, 'reported'), ...countedColumn(view, request)];
    files.set('findings.csv', await encoded(writeCsv(columns, rows, request.period.zone)));
  }
  if (request.formats.has('json')) files.set('report.json', stableJson(analysis));
  // What was said, not only its English: whoever reads the edition later may read another language.
  if (request.formats.has('json') && request.issue) files.set('phrases.json', stableJson(packPhrases(analysis)));
  const flaws: Flaw[] = [];
  for (const { names, html, printed } of await Promise.all(pages)) {
    if (request.formats.has('html') && html !== undefined) files.set(names.html, html);
    if (printed !== undefined) files.set(names.pdf, printed.pdf);
    flaws.push(...(printed?.flaws ?? []));
  }
  return { files: inOrder(files), flaws };
}

interface Page {
  names: Named['names'];
  html: string | undefined;
  printed: Awaited<ReturnType<Press['print']>> | undefined;
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
  const { html } =
    press === undefined ? await renderReport(analysis, branding, languageOf(locale)) : await press.render(analysis, branding, locale);
  const limit = (config.smtp?.size_limit_mb ?? mailLimit) * 1e6;
  return { names, html, printed: print ? await press.print(html, headerOf(analysis, client, locale), limit) : undefined };
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

function nextRevision(store: Store, report: string, period: string): number {
  return (
    1 +
    Math.max(
      0,
      ...store
        .editions()
        .filter((edition) => edition.report === report && edition.period === period)
        .map(({ revision }) => revision),
    )
  );
}

function editionOf(request: ReportRequest, analysis: Analysis, files: Files, folder: string, effects: Effects): Omit<Edition, 'revision'> {
  return {
    report: request.report.id,
    period: request.period.label,
    as_of: request.as_of,
    built_at: effects.now(),
    status: analysis.incomplete === undefined ? 'complete' : 'incomplete',
    path: folder,
    digest: hash('sha256', files.get('report.json') ?? ''),
  };
}
