import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/**
 * The example configuration with one source, so that what is measured is the work on so many findings of one product and does
 * not change when the example learns another. Its client's file is `clients/demo.yaml`.
 */
export async function oneSourceConfig(folder: string): Promise<void> {
  await cp(join(root, 'config'), folder, { recursive: true });
  const path = join(folder, 'clients/demo.yaml');
  const client = await readFile(path, 'utf8');
  const [, siem, rest] = /(^sources:\n {2}siem:\n(?: {4}.*\n)+)(?: {2}.*\n)*([\s\S]*)/m.exec(client) ?? [];
  if (siem === undefined || rest === undefined) throw new Error(`${path} has no source "siem" in the first place`);
  await writeFile(path, client.slice(0, client.indexOf(siem)) + siem + rest.replace(/^records:.*\n/m, ''));
}
