import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { openClientStore } from '../gather/index.ts';
import { readIssued } from '../run/index.ts';
import { StoreError } from '../store/index.ts';

/** What an address leads to. */
export type Found = { type: string; bytes: Buffer } | 'nothing' | 'changed';

/** What readers get of an edition; a page and its print also stand there in further languages, as index.ar.html. */
const types: readonly (readonly [RegExp, string])[] = [
  [/^index(\.[a-z]{2})?\.html$/, 'text/html; charset=utf-8'],
  [/^report(\.[a-z]{2})?\.pdf$/, 'application/pdf'],
  [/^findings\.csv$/, 'text/csv; charset=utf-8'],
  [/^report\.json$/, 'application/json; charset=utf-8'],
];

/** One file of one of the client's own editions. Nothing of the address becomes part of a path: it only picks from what was issued. */
export async function editionFile(config: Config, client: string, address: Readonly<Record<string, string>>): Promise<Found> {
  const { report, period, revision, file = '' } = address;
  const type = types.find(([name]) => name.test(file))?.[1];
  if (type === undefined) return 'nothing';
  const store = storeOf(config, client);
  if (store === undefined) return 'nothing';
  try {
    const edition = store.editions().find((one) => one.report === report && one.period === period && `r${one.revision}` === revision);
    if (edition === undefined) return 'nothing';
    const bytes = await readIssued(config, client, store, edition, file);
    return bytes === 'nothing' || bytes === 'changed' ? bytes : { type, bytes };
  } finally {
    store.close();
  }
}

/** The client's page of all its editions. */
export async function archivePage({ reports_dir }: Config, client: string): Promise<Found> {
  try {
    return { type: 'text/html; charset=utf-8', bytes: await readFile(join(reports_dir, client, 'index.html')) };
  } catch {
    return 'nothing';
  }
}

function storeOf(config: Config, client: string) {
  try {
    return openClientStore(config, client, { read_only: true });
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
