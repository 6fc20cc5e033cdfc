import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LastEdition } from '../analyse/index.ts';
import { previousPeriod } from '../period.ts';
import type { Store } from '../store/index.ts';
import { editionFolder } from './edition-folder.ts';
import type { ReportRequest } from './report.ts';

/**
 * What was last issued for the period before, as it stood at the data cut, so that a rebuild finds the same.
 * `undefined` where nothing was, or where its file is gone or no longer what was issued: that is no word to hold against today's.
 */
export async function lastEdition(
  { config, client, report, period, as_of }: ReportRequest,
  store: Store,
): Promise<LastEdition | undefined> {
  const before = previousPeriod(period).label;
  const editions = store
    .editions()
    .filter((edition) => edition.report === report.id && edition.period === before && edition.as_of <= as_of);
  const last = editions.sort((a, b) => a.revision - b.revision).at(-1);
  if (last === undefined) return undefined;
  const text = await readFile(join(editionFolder(config, client.id, last), 'report.json')).catch(() => undefined);
  if (text === undefined || hash('sha256', text) !== last.digest) return undefined;
  return JSON.parse(text.toString()) as LastEdition; // the digest says that we wrote it
}
