/** Collects one scripted product into a store of its own: `collect.ts VENDOR FOLDER`, its settings as JSON on the input. Prints what it took. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { realEffects } from '../src/effects.ts';
import type { Client } from '../src/config/index.ts';
import { Secret } from '../src/secret.ts';
import { peakMegabytes } from './tree.ts';

// As the command does it: what is compiled is kept, and only what collecting needs is loaded.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));
const { collectClient } = await import('../src/gather/index.ts');
const { openStore } = await import('../src/store/index.ts');
const { loadVendor } = await import('../src/vendors/index.ts');

const [, , name = '', folder = ''] = process.argv;
const given: Record<string, unknown> = JSON.parse(await text(process.stdin));
const vendor = await loadVendor(name);
const isSecret = (value: unknown): value is { secret: string } => typeof value === 'object' && value !== null && 'secret' in value;
const settings: unknown = vendor.settings.parse(
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, isSecret(value) ? new Secret(value.secret, 'bench') : value])),
);
const now = Date.UTC(2026, 10, 2);
const source = { id: name, vendor, settings, unresolved: [], required: true };
// Of a client only its sources, zone and history are asked.
const client = { id: 'bench', timezone: 'UTC', history_days: 40, sources: new Map([[name, source]]) } as unknown as Client;
const store = openStore(join(folder, `${name}.sqlite`), 'bench');
// The product's own limits are not what is measured.
const effects = { ...realEffects, now: () => now, sleep: async () => {} };
const begun = performance.now();
const [batch] = await collectClient(store, client, { base_dir: folder }, effects);
const seconds = (performance.now() - begun) / 1000;
store.close();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const { status, reason, fetched, stored, requests } = batch ?? {};
console.log(
  JSON.stringify({
    seconds,
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: peakMegabytes(),
    status,
    reason,
    fetched,
    stored,
    requests,
  }),
);
