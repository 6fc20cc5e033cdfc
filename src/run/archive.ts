import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { Client, Config } from '../config/index.ts';
import { publishFile } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import { headlineIds, renderArchive } from '../render/index.ts';
import type { Edition, Store } from '../store/index.ts';
import { languages, phrase, quantity, say, type Unit, type Words } from '../words/index.ts';
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
  const listed = editions.map((edition) => {
    const there = new Set(existsSync(edition.path) ? readdirSync(edition.path) : []);
    return {
      ...edition,
      changes: changesSince(before(edition, editions), edition),
      title: config.reports.get(edition.report)?.title ?? edition.report,
      files: [...Object.entries(files), ...translations]
        .filter(([file]) => there.has(file))
        .map(([file, name]) => ({ name, path: relative(root, join(edition.path, file)) })),
    };
  });
  await publishFile(join(root, 'index.html'), await renderArchive(client, listed), disk);
}

type Placed = Pick<Edition, 'report' | 'period' | 'revision' | 'status' | 'path'>;

function before({ report, period, revision }: Placed, editions: readonly Placed[]): Placed | undefined {
  if (revision === 1) return undefined;
  return editions.find((other) => other.report === report && other.period === period && other.revision === revision - 1);
}

/** Nobody reads more than these in a list of reports; the report itself has the rest. */
const mostChanges = 4;

/** What a revision says otherwise: its first figures that are not what they were, and whether its data is whole now. */
function changesSince(old: Placed | undefined, now: Placed): Words[] {
  if (old === undefined) return [];
  const whole = old.status === 'incomplete' && now.status === 'complete' ? [say('Data that was missing has come in.')] : [];
  const [then, later] = [figuresIn(old.path), figuresIn(now.path)];
  const changed = headlineIds.flatMap((id) => {
    const [was, is] = [then.get(id), later.get(id)];
    if (was === undefined || is === undefined || was.value === is.value) return [];
    const [from, to] = [quantity(was.value, is.unit), quantity(is.value, is.unit)];
    return String(from) === String(to) ? [] : [say('{figure}: {from}, now {to}', { figure: phrase(is.name), from, to })];
  });
  return [...whole, ...changed.slice(0, mostChanges)];
}

const Reported = z.object({
  kpis: z.record(
    z.string(),
    z.object({
      name: z.string(),
      unit: z.enum(['count', 'rate', 'seconds', 'ratio', 'days', 'hours', 'per-day']),
      value: z.number().optional(),
    }),
  ),
});

/** The figures of an edition by their ids, as far as its file is there to be read. */
function figuresIn(path: string): Map<string, { name: string; unit: Unit; value: number }> {
  const file = join(path, 'report.json');
  const read = existsSync(file) ? Reported.safeParse(parsed(readFileSync(file, 'utf8'))).data : undefined;
  return new Map(
    Object.entries(read?.kpis ?? {}).flatMap(([id, { name, unit, value }]) =>
      value === undefined ? [] : [[id, { name, unit, value }] as const],
    ),
  );
}

/** An old file that was damaged is told by `verify`; it does not hold up the list, and the editions that come after it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
