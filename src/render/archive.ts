import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFormat, type Format } from './format.ts';
import { dates, type Language, languageOf, monthOf, say, type Words } from '../words/index.ts';

/** One issued edition as the archive lists it. `files` are paths below the archive's own folder, made of ids and labels. */
export interface Archived {
  report: string;
  title: string;
  period: string;
  revision: number;
  built_at: number;
  status: 'complete' | 'incomplete';
  files: { name: Words; path: string }[];
  /** What a later revision says otherwise than the one before. */
  changes?: Words[];
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
  const style = createHash('sha256')
    .update(readFileSync(join(templates, 'archive.css')))
    .digest('base64');
  return environment.render('archive.njk', {
    client: format.words(client.name),
    lang: language.tag,
    dir: language.dir,
    say: format.say,
    years: yearsOf(editions, format),
    styleHash: `sha256-${style}`,
  });
}

/** More rows than these open at once are no page any more: they wait folded. */
const mostOpen = 60;

/** By year, and in it by report: a year has twelve months, and as many days as it has. */
function yearsOf(editions: readonly Archived[], format: Format) {
  const latest = new Map<string, number>();
  for (const { report, period, revision } of editions) {
    const key = `${report} ${period}`;
    latest.set(key, Math.max(latest.get(key) ?? 0, revision));
  }
  const sorted = editions.toSorted((a, b) => (a.period === b.period ? b.built_at - a.built_at : a.period < b.period ? 1 : -1));
  const byYear = [...Map.groupBy(sorted, ({ period }) => period.slice(0, 4))];
  return byYear.map(([year, listed], index) => ({
    name: format.words(year),
    id: `year-${year}`,
    reports: [...Map.groupBy(listed, ({ report }) => report).values()]
      .toSorted((a, b) => a.length - b.length)
      .map((rows) => ({
        title: format.words(rows[0]?.title ?? ''),
        n: rows.length,
        open: index === 0 && rows.length <= mostOpen,
        editions: rows.map((edition) => viewOf(edition, latest.get(`${edition.report} ${edition.period}`) !== edition.revision, format)),
      })),
  }));
}

function viewOf(edition: Archived, replaced: boolean, format: Format) {
  return {
    period: format.words(periodWords(edition.period)),
    revision: edition.revision > 1 ? format.quantity(edition.revision, 'count') : '',
    replaced,
    issued: format.instant(edition.built_at),
    data: format.say(edition.status === 'complete' ? 'complete' : 'incomplete'),
    changes: (edition.changes ?? []).map(format.words),
    files: edition.files.map(({ name, path }) => ({ name: format.words(name), path })),
  };
}

/** A period's label as people say it: "October 2026", "week 42 of 2026", "5 October 2026"; what is none of these stays. */
function periodWords(label: string): Words {
  const [, year, month, week, day] = /^(\d{4})-(?:(\d\d)|W(\d\d)|(\d\d-\d\d))$/.exec(label) ?? [];
  if (year !== undefined && month !== undefined) return monthOf(label);
  if (year !== undefined && week !== undefined) return say('week {week} of {year}', { week: Number(week), year });
  return day === undefined ? label : dates(label);
}
