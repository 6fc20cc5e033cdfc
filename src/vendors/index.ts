import { readdirSync } from 'node:fs';
import type { AnyVendor } from './vendor.ts';

const notVendors = new Set(['vendor', 'index']);

/** The folder is the registry: every file here but two is a vendor of that name. */
export const vendorNames: readonly string[] = readdirSync(import.meta.dirname)
  .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !notVendors.has(name))
  .sort();

export async function loadVendor(name: string): Promise<AnyVendor> {
  if (!vendorNames.includes(name)) throw new RangeError(`no vendor "${name}"; there are: ${vendorNames.join(', ')}`);
  const extension = import.meta.filename.slice(-3);
  const loaded: { default: AnyVendor } = await import(`./${name}${extension}`);
  return loaded.default;
}
