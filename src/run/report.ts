import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Analysis } from '../analyse/analysis.ts';
import { analysing, crossFoot, historyStart } from '../analyse/index.ts';
import type { Client, Config, ReportDefinition } from '../config/index.ts';
import { type ComingFiles, publishFolder } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import type { Period } from '../period.ts';
import type { Press } from '../press/index.ts';
import { type Flaw, sayFlaw } from '../render/index.ts';
import type { Edition, Store, View } from '../store/index.ts';
import { archiveFolder } from './edition-folder.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { lastEdition } from './last-edition.ts';
import { type Begun, beginFiles, finishFiles } from './report-files.ts';
import { configurationDigest, type Files, manifestText } from './manifest.ts';
import { fillPast, keepBefore, keptPast } from './past.ts';
import { quickly } from './quickly.ts';

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
  /** Nothing is printed after it: the press is closed while its files are written. */
  last?: true;
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

/** Lets a report be computed when it is its turn; what is then left of it waits for the press alone. */
export type Computing = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Builds one report from the store alone. Without a press it is rendered here, and not printed.
 * @throws HeldError when an edition to be issued does not foot, is incomplete and its policy is `hold`, or has a flaw in
 * its printed pages; a preview tells them in the log.
 */
export async function buildReport(
  request: ReportRequest,
  store: Store,
  press: Press | undefined,
  effects: Effects,
  computing: Computing = (work) => work(),
): Promise<Built> {
  effects.failpoint('aggregate.start');
  const { analysis, begun } = await computing(() => compute(request, store, press, effects));
  const folder = request.out ?? folderFor(request, store);
  const written: Written = { files: new Map(), manifest: '' };
  const coming = filesOf(request, analysis, begun, press, effects, written);
  // A folder of this revision that the ledger does not know was left by a crash before it was entered. Whoever issues is alone.
  await publishFolder(folder, coming, { replace: true, alone: request.issue }, effects);
  effects.failpoint('manifest.after_rename');
  if (request.issue) keepBefore(request, analysis, store);
  const edition = request.issue
    ? store.addEdition({ ...editionOf(request, analysis, written.files, folder, effects), manifest: hash('sha256', written.manifest) })
    : undefined;
  return { folder, files: [...written.files.keys(), 'manifest.json'], incomplete: analysis.incomplete?.toString(), edition };
}

interface Written {
  files: Files;
  manifest: string;
}

/** What needs no pages is on the disk while they are printed; the manifest is the last. Tells in `written` what there was. */
async function* filesOf(
  request: ReportRequest,
  analysis: Analysis,
  begun: Begun,
  press: Press | undefined,
  effects: Effects,
  written: Written,
): ComingFiles {
  const early = new Map(begun.files);
  yield* early;
  const { files, flaws } = await finishFiles(request, begun);
  if (request.last === true) void press?.close();
  judgePages(flaws, request, effects);
  effects.failpoint('html.done');
  written.files = files;
  for (const file of files) if (!early.has(file[0])) yield file;
  written.manifest = manifestText(analysis, await configurationDigest(request.config, request.client, effects), files);
  effects.failpoint('manifest.before_rename');
  yield ['manifest.json', written.manifest];
}

/** All that is made from findings. They are let go with the end of this: while pages are printed, nobody holds them any more. */
async function compute(request: ReportRequest, store: Store, press: Press | undefined, effects: Effects) {
  const { analysis, view } = await analysisOf(request, store, versions);
  if (request.issue) hold(analysis, request.report);
  effects.failpoint('aggregate.mid');
  await setImmediate(); // the analysis holds the loop longest: who waited for it comes first
  return { analysis, begun: await beginFiles(request, analysis, view, press) };
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
  const view = quickly(() => store.view({ as_of, since }));
  const last = await lastEdition(request, store);
  if (request.issue) fillPast(request, store);
  const kept = keptPast(request, store);
  const input = {
    view,
    since,
    client,
    report,
    period,
    asOf: as_of,
    kept,
    categories: request.config.categories,
    versions: by,
    ...(last === undefined ? {} : { lastEdition: last }),
  };
  const analysis = await inSteps(analysing(input));
  if (report.reader === 'engineer') analysis.diagnostics = { ...analysis.diagnostics, ...diagnosticsOf(request, store, view.batches) };
  return { analysis, view };
}

/** Between two figures others get on with theirs: mails, collections, the clock. */
async function inSteps(steps: Generator<undefined, Analysis>): Promise<Analysis> {
  for (;;) {
    const { done, value } = quickly(() => steps.next());
    if (done) return value;
    await setImmediate();
  }
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
  const log = (message: string) => effects.log({ level: 'warn', event: 'flaw', client: client.id, report: report.id, message });
  for (const flaw of flaws) if (flaw.harmless) log(sayFlaw(flaw));
  const grave = flaws.filter(({ harmless }) => !harmless);
  if (grave.length === 0) return;
  const shown = grave.slice(0, 5).map(sayFlaw);
  const words = grave.length > shown.length ? [...shown, `and ${grave.length - shown.length} more`] : shown;
  if (issue) throw new HeldError(`not issued, its printed pages are not sound: ${words.join('; ')}`);
  for (const message of words) log(message);
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
