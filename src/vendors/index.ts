import { readdirSync } from 'node:fs';
import type { AnyVendor } from './vendor.ts';

const notVendors = new Set(['vendor', 'index']);
const extension = import.meta.filename.slice(-3);

/** The folder is the registry: every file here but two is a vendor of that name, and so is every folder, by its index. */
const places = new Map(
  readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || (/\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts')))
    .map((entry): [string, string] =>
      entry.isDirectory() ? [entry.name, `./${entry.name}/index${extension}`] : [entry.name.slice(0, -3), `./${entry.name}`],
    )
    .filter(([name]) => !notVendors.has(name)),
);

export const vendorNames: readonly string[] = [...places.keys()].sort();

export async function loadVendor(name: string): Promise<AnyVendor> {
  const place = places.get(name);
  if (place === undefined) throw new RangeError(`no vendor "${name}"; there are: ${vendorNames.join(', ')}`);
  const loaded: { default: AnyVendor } = await import(place);
  return loaded.default;
}
