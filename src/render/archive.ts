import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFormat } from './format.ts';
import { languageOf, type Language, type Words } from '../words/index.ts';

/** One issued edition as the archive lists it. `files` are paths below the archive's own folder, made of ids and labels. */
export interface Archived {
  report: string;
  title: string;
  period: string;
  revision: number;
  built_at: number;
  status: 'complete' | 'incomplete';
  files: { name: Words; path: string }[];
}

const templates = join(import.meta.dirname, '../../templates');

/** The page that lists all of a client's editions, the latest first. Without script, and asking for nothing else. */
export async function renderArchive(
  client: { name: string; locale: string; timezone: string },
  editions: readonly Archived[],
  language: Language = languageOf(client.locale),
): Promise<string> {
  const { default: nunjucks } = await import('nunjucks');
  const loader = new nunjucks.FileSystemLoader(templates);
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true });
  const format = createFormat(language, client.timezone);
  const latest = new Map(editions.map((edition) => [`${edition.report} ${edition.period}`, edition.revision]));
  const sorted = editions.toSorted((a, b) => (a.period === b.period ? b.built_at - a.built_at : a.period < b.period ? 1 : -1));
  const views = sorted.map((edition) => ({
    year: edition.period.slice(0, 4),
    title: format.words(edition.title),
    period: format.words(edition.period),
    revision: edition.revision > 1 ? format.quantity(edition.revision, 'count') : '',
    replaced: latest.get(`${edition.report} ${edition.period}`) !== edition.revision,
    issued: format.instant(edition.built_at),
    data: format.say(edition.status === 'complete' ? 'complete' : 'incomplete'),
    files: edition.files.map(({ name, path }) => ({ name: format.words(name), path })),
  }));
  const years = [...Map.groupBy(views, ({ year }) => year)].map(([name, listed]) => ({ name, editions: listed }));
  const style = createHash('sha256')
    .update(readFileSync(join(templates, 'archive.css')))
    .digest('base64');
  return environment.render('archive.njk', {
    client: format.words(client.name),
    lang: language.tag,
    dir: language.dir,
    say: format.say,
    years,
    styleHash: `sha256-${style}`,
  });
}
