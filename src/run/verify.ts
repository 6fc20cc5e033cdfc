import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analysis } from '../analyse/analysis.ts';
import type { Client, Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { type Period, parsePeriod, previousPeriod } from '../period.ts';
import { type Edition, type Store, StoreError } from '../store/index.ts';
import { editionFolder } from './edition-folder.ts';
import { lastEdition } from './last-edition.ts';
import { readManifest, sealOf } from './issued-file.ts';
import { configurationDigest, type Manifest } from './manifest.ts';
import { analysisOf, type ReportRequest, versions } from './report.ts';
import { renderFiles } from './report-files.ts';

/** How an edition was found. */
export interface Verdict {
  edition: Edition;
  /** What is not as it was issued, each with what to do. */
  problems: string[];
  /** What could not be looked at, each with why. */
  unchecked: string[];
}

type Findings = Pick<Verdict, 'problems' | 'unchecked'>;

/** Holds an edition against the audit log, its manifest, the ledger, and what the store gives today as of its data cut. */
export async function verifyEdition(config: Config, client: Client, store: Store, edition: Edition, effects: Effects): Promise<Verdict> {
  const found: Findings = { problems: [], unchecked: [] };
  const files = await readFolder(editionFolder(config, client.id, edition));
  if (files === undefined) {
    found.problems.push(`its folder ${editionFolder(config, client.id, edition)} is gone; restore reports_dir from a backup`);
    return { edition, ...found };
  }
  const listed = checkFiles(store, edition, files, found);
  if (listed !== undefined && found.problems.length === 0)
    await checkAgain({ config, client, store, edition, effects }, listed, files, found);
  return { edition, ...found };
}

async function readFolder(folder: string): Promise<Map<string, Buffer> | undefined> {
  try {
    const names = await readdir(folder);
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } catch {
    return undefined;
  }
}

const restore = 'restore it from a backup, or issue the report again';

/** The chain: the audit log seals the manifest, the manifest every file, the ledger the figures. */
function checkFiles(
  store: Store,
  edition: Edition,
  files: ReadonlyMap<string, Buffer>,
  { problems, unchecked }: Findings,
): Manifest | undefined {
  const { line, manifest: sealed } = sealOf(store, edition);
  if (line === undefined) problems.push('the audit log does not say that it was issued; restore the store from a backup');
  else if (line.at !== edition.built_at || !line.detail.startsWith(`as of ${new Date(edition.as_of).toISOString()}`))
    problems.push('the ledger and the audit log disagree on when it was issued and as of when; restore the store from a backup');
  const bytes = files.get('manifest.json');
  if (bytes === undefined) problems.push(`manifest.json is missing; ${restore}`);
  else if (sealed === undefined) unchecked.push('its manifest: issued before the audit log sealed it');
  else if (hash('sha256', bytes) !== sealed) problems.push(`manifest.json is not what was issued; ${restore}`);
  const listed = bytes && readManifest(bytes);
  if (listed === undefined) return undefined;
  for (const [name, { sha256 }] of Object.entries(listed.files)) {
    const file = files.get(name);
    if (file === undefined) problems.push(`${name} is missing; ${restore}`);
    else if (hash('sha256', file) !== sha256) problems.push(`${name} is not what was issued; ${restore}`);
  }
  for (const name of files.keys())
    if (name !== 'manifest.json' && !(name in listed.files)) problems.push(`${name} was not issued; remove it`);
  const figures = files.get('report.json');
  if (figures === undefined || hash('sha256', figures) !== edition.digest)
    problems.push(`report.json is not what the ledger says; ${restore}`);
  return listed;
}

interface Again {
  config: Config;
  client: Client;
  store: Store;
  edition: Edition;
  effects: Effects;
}

/** Renders it once more from the store as of its data cut. PDF is left to the manifest: its bytes hold the time of printing. */
async function checkAgain(again: Again, listed: Manifest, files: ReadonlyMap<string, Buffer>, found: Findings): Promise<void> {
  const { config, client, store, edition } = again;
  const report = config.reports.get(edition.report);
  if (report === undefined) return void found.unchecked.push(`its figures: reports.yaml has no ${edition.report} any more`);
  const issued = JSON.parse(String(files.get('report.json'))) as Analysis; // its digest is the ledger's
  const period = parsePeriod(edition.period, issued.period.zone);
  const formats = new Set(['html', 'csv', 'json'] as const);
  const request: ReportRequest = { config, client, report, period, as_of: edition.as_of, formats, issue: false };
  try {
    // In the order in which pages print them; report.json has them by name.
    const by = { ...versions, ...issued.provenance.versions };
    const { analysis, view } = await analysisOf(request, store, by);
    const { files: fresh } = await renderFiles(request, analysis, view, undefined);
    const other = [...fresh].filter(([name, contents]) => name in listed.files && hash('sha256', contents) !== listed.files[name]?.sha256);
    if (other.length === 0) return;
    const differs = other.map(([name]) => name).join(', ');
    const where = paths(issued, JSON.parse(String(fresh.get('report.json'))));
    const told = `made again from the store, ${differs} would be another${where.length === 0 ? '' : `, first in ${where.join(', ')}`}`;
    const causes = await changesSince(again, request, listed);
    if (causes.length > 0) found.unchecked.push(`its figures: ${told}; but ${causes.join(' and ')}`);
    else found.problems.push(`${told}: the store is not what it was; restore it from a backup, or issue a new revision`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof StoreError && /history is kept/.test(why)) found.unchecked.push(`its figures: ${why}`);
    else found.problems.push(`it cannot be made again: ${why}`);
  }
}

/** What may rightly change a report that is made again. */
async function changesSince({ config, client, store, effects }: Again, request: ReportRequest, listed: Manifest): Promise<string[]> {
  const causes: string[] = [];
  if (listed.configuration !== (await configurationDigest(config, client, effects)))
    causes.push('the configuration is not the one it was issued with');
  for (const [name, version] of Object.entries(versions)) {
    const then = listed.inputs.versions[name];
    if (then !== version) causes.push(`it was issued by ${name} ${then}, this is ${version}`);
  }
  const before = previousPeriod(request.period);
  if (hadEdition(store, request, before) && (await lastEdition(request, store)) === undefined)
    causes.push(`${before.label}, which it refers to, is not as it was issued`);
  return causes;
}

function hadEdition(store: Store, { report, as_of }: ReportRequest, { label }: Period): boolean {
  return store.editions().some((edition) => edition.report === report.id && edition.period === label && edition.as_of <= as_of);
}

/** The first places in which two values differ. */
function paths(a: unknown, b: unknown, at = '', found: string[] = []): string[] {
  if (found.length >= 3) return found;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (a !== b) found.push(`${at}: ${JSON.stringify(a)} was issued, now ${JSON.stringify(b)}`);
    return found;
  }
  const [one, other]: Record<string, unknown>[] = [{ ...a }, { ...b }];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    paths(one?.[key], other?.[key], at === '' ? key : `${at}.${key}`, found);
  return found;
}
