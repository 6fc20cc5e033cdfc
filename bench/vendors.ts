/**
 * What it takes to collect 100,000 records of each product over loopback HTTP into a durable store: seconds, seconds of work, and
 * the peak memory of the collecting process. BENCH_RECORDS and BENCH_VENDORS (a list) say how many, of whom.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadVendor, vendorNames } from '../src/vendors/index.ts';
import { collectFrom } from './collection.ts';

const records = Number(process.env.BENCH_RECORDS ?? 100_000);
const [seconds, megabytes] = [10, 300];
const root = resolve(import.meta.dirname, '..');
const asked = process.env.BENCH_VENDORS?.split(',');

const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-vendors-'));
try {
  console.log(
    `| ${records} records of | requests | seconds (at most ${seconds}) | of work | of the product's | peak memory (at most ${megabytes} MB) | |\n|---|---|---|---|---|---|---|`,
  );
  for (const name of vendorNames) {
    if (asked !== undefined && !asked.includes(name)) continue;
    if (!existsSync(join(root, `test/worlds/${name}.ts`)) || (await loadVendor(name)).family === 'file') continue;
    const taken = await collectFrom(name, records, folder);
    const good = taken.status === 'complete' && taken.stored === records && taken.seconds <= seconds && taken.megabytes <= megabytes;
    const what = taken.status === 'complete' ? '' : `${taken.status}: ${taken.reason}`;
    console.log(
      `| ${name} | ${taken.requests} | ${taken.seconds.toFixed(1)} | ${taken.cpu.toFixed(1)} | ${taken.product.toFixed(1)} | ${taken.megabytes.toFixed(0)} MB | ${good ? 'yes' : `NO ${what} ${taken.stored}`} |`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
