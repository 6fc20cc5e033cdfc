import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { AuditLine, Edition, Store } from '../store/index.ts';
import { editionFolder } from './edition-folder.ts';
import { type Manifest, manifest } from './manifest.ts';

/** The line of the audit log that says when an edition was issued, and the sha256 of its manifest; undefined before that was written. */
export function sealOf(store: Store, { report, period, revision }: Edition): { line: AuditLine | undefined; manifest: string | undefined } {
  const line = store.ledger.audit().find(({ what, subject }) => what === 'issued' && subject === `${report} ${period} r${revision}`);
  return { line, manifest: /manifest ([0-9a-f]{64})/.exec(line?.detail ?? '')?.[1] };
}

/** undefined for what no program of ours wrote. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    return manifest.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}

/** A file of an edition as it was issued; `changed` when it, or the manifest that vouches for it, is not. */
export async function readIssued(
  config: Config,
  client: string,
  store: Store,
  edition: Edition,
  name: string,
): Promise<Buffer | 'nothing' | 'changed'> {
  const folder = editionFolder(config, client, edition);
  const read = (file: string): Promise<Buffer | undefined> => readFile(join(folder, file)).catch(() => undefined);
  const listing = await read('manifest.json');
  const seal = sealOf(store, edition).manifest;
  if (listing === undefined || (seal !== undefined && hash('sha256', listing) !== seal)) return 'changed';
  const listed = readManifest(listing);
  if (listed === undefined) return 'changed';
  if (!Object.hasOwn(listed.files, name)) return 'nothing';
  const bytes = await read(name);
  const wanted = name === 'report.json' ? edition.digest : listed.files[name]?.sha256;
  return bytes !== undefined && hash('sha256', bytes) === wanted ? bytes : 'changed';
}
