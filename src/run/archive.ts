import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Client, Config } from '../config/index.ts';
import { publishFile } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import { renderArchive } from '../render/index.ts';
import { languages, say } from '../words/index.ts';
import type { Store } from '../store/index.ts';
import { editionFolder } from './edition-folder.ts';

const files = { 'index.html': say('read'), 'report.pdf': 'PDF', 'findings.csv': 'CSV', 'report.json': 'JSON' };

/** The same page in further languages, each under the name it gives itself. */
const translations = languages.map(
  (code) => [`index.${code}.html`, new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code] as const,
);

/** Writes the client's page of all issued editions anew, whole or not at all. */
export async function publishArchive(config: Config, client: Client, store: Store, { disk }: Effects): Promise<void> {
  const root = join(config.reports_dir, client.id);
  const placed = store.editions().map((edition) => ({ ...edition, path: editionFolder(config, client.id, edition) }));
  const editions = placed.filter(({ path }) => !relative(root, path).startsWith('..'));
  const listed = editions.map((edition) => ({
    ...edition,
    title: config.reports.get(edition.report)?.title ?? edition.report,
    files: [...Object.entries(files), ...translations]
      .filter(([file]) => existsSync(join(edition.path, file)))
      .map(([file, name]) => ({ name, path: relative(root, join(edition.path, file)) })),
  }));
  await publishFile(join(root, 'index.html'), await renderArchive(client, listed), disk);
}
