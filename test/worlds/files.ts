import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reply } from '../../src/demo/server.ts';
import { openItems } from './engine.ts';
import type { Item, Items, Running, Scenario, WorldOptions } from './world.ts';

/** Products that write files: there is no request that could fail, wait or be refused. */
export const notAsked: Partial<Record<Scenario, string>> = {
  '401': 'a file has no login',
  '403': 'whether a file may be read is up to the system; its refusal is told as it comes',
  '403 half-way': 'a file has no login',
  '429 seconds': 'a file sets no limit of requests',
  '429 date': 'a file sets no limit of requests',
  '429 bare': 'a file sets no limit of requests',
  '5xx then fine': 'no server answers',
  'endless page': 'a file has an end',
  'repeated cursor': 'a file has no cursor',
  'token expires': 'a file has no login',
};

interface Written {
  /** The file that is appended to. */
  name: string;
  /** Other files that lie beside it, e.g. of a log that is never silent. */
  beside?: Readonly<Record<string, string>>;
  /** What a new file begins with. */
  head?: string;
  /** One line, without its end. */
  line(item: Item): string;
  settings(folder: string, options: WorldOptions): Record<string, unknown>;
}

/** A folder of its own with what the product would have written. New items are appended; all else is written anew. */
export async function startFiles(given: readonly Item[], options: WorldOptions = {}, written: Written): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'soc-kpi-world-'));
  const path = join(folder, written.name);
  const text = (items: readonly Item[]) => items.map((item) => `${written.line(item)}\n`).join('');
  const known = openItems(given);
  const rewrite = () => writeFileSync(path, (written.head ?? '') + text(known.all()));
  for (const [name, content] of Object.entries(written.beside ?? {})) writeFileSync(join(folder, name), content);
  rewrite();
  const items: Items = {
    all: () => known.all(),
    put(...added) {
      const ids = new Set(known.all().map(({ id }) => id));
      known.put(...added);
      if (added.some(({ id }) => ids.has(id))) rewrite();
      else appendFileSync(path, text(added));
    },
    remove(id) {
      known.remove(id);
      rewrite();
    },
    replace(all) {
      known.replace(all);
      rewrite();
    },
    get version() {
      return known.version;
    },
  };
  return { settings: written.settings(folder, options), items, requests: [], close: async () => rmSync(folder, { recursive: true }) };
}

export const neverAsked = { isPage: () => false, failure: (status: number): Reply => ({ status, body: '' }) };
