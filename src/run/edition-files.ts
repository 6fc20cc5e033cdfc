import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analysis } from '../analyse/analysis.ts';
import type { Client, Config } from '../config/index.ts';
import type { IssuedFile } from '../deliver/index.ts';
import type { Edition } from '../store/index.ts';
import { editionFolder } from './edition-folder.ts';
import { restorePhrases } from '../words/index.ts';

/** An issued edition's files as they were listed when it was issued. */
export interface EditionFiles {
  listed: IssuedFile[];
  /** @throws when it is missing or not what was issued. */
  read(name: string): Promise<Buffer>;
}

export async function editionFiles(config: Config, client: string, edition: Edition): Promise<EditionFiles> {
  const path = editionFolder(config, client, edition);
  const text = await readFile(join(path, 'manifest.json'));
  const manifest: { files?: Record<string, { sha256?: string }> } = JSON.parse(String(text));
  const entries = Object.entries(manifest.files ?? {});
  const listed = entries.map(([name, { sha256 = '' }]) => ({
    name,
    path: join(path, name),
    sha256: name === 'report.json' ? edition.digest : sha256, // the ledger's word is the older one
  }));
  listed.push({ name: 'manifest.json', path: join(path, 'manifest.json'), sha256: hash('sha256', text) });
  return {
    listed,
    async read(name) {
      const contents = await readFile(join(path, name));
      const wanted = listed.find((file) => file.name === name)?.sha256;
      if (hash('sha256', contents) !== wanted) throw new Error(`${join(path, name)} is not what was issued; nothing is sent`);
      return contents;
    },
  };
}

/** The files of an edition, as they are listed; further languages and what machines read follow. */
const order = ['index.html', 'report.json', 'findings.csv', 'report.pdf'];

function placeOf(name: string): number {
  return order.includes(name) ? order.indexOf(name) : order.length;
}

export function inOrder<Contents>(files: ReadonlyMap<string, Contents>): Map<string, Contents> {
  return new Map([...files].sort(([a], [b]) => placeOf(a) - placeOf(b)));
}

/** What was analysed, with what was said in it where the edition kept that: older ones have only the English. */
export async function editionAnalysis({ listed, read }: EditionFiles): Promise<Analysis> {
  const analysis = JSON.parse(String(await read('report.json'))) as Analysis; // its digest is the ledger's
  if (!listed.some(({ name }) => name === 'phrases.json')) return analysis;
  return restorePhrases(analysis, JSON.parse(String(await read('phrases.json'))));
}

/** Where an edition can be read; undefined where nothing is served. */
export function linkTo({ site_url }: Config, { id }: Client, { report, period, revision }: Edition): string | undefined {
  return site_url === undefined ? undefined : `${site_url}${id}/${report}/${period}/r${revision}/`;
}
