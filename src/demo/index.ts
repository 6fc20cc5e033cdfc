import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { parseDays, parsePeriod, type Period } from '../period.ts';
import { openPress } from '../press/index.ts';
import { collectClient, openClientStore } from '../gather/index.ts';
import { buildReport, formats } from '../run/index.ts';
import { type Products, startProducts } from './products.ts';
import type { Stretch } from './soc.ts';

const zone = 'Europe/Berlin';
/** The sample SOC's year, of which the last quarter is collected on two mornings and what lies before it on the first only. */
const past = ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07'].map(pastMonth);
const quarter: Stretch = { from: '2026-08-01', to: '2026-10-31', zone, seed: 20_260_801, firstId: 100_001 };
const others = ['edr', 'ndr', 'desk'];
const mornings = ['2026-11-01T06:00:00+01:00', '2026-11-03T06:00:00+01:00'];
/** The example configuration, which comes with the program. */
const packaged = join(import.meta.dirname, '../../config');
/** When this day is asked for, the console answers "unavailable": the report has to live with it. */
const dayDown = '2026-10-14';

/**
 * The main job on the embedded example: a SIEM, an EDR, an NDR and a case tool behind loopback APIs serve thirteen months, they
 * are collected over real HTTP on two mornings (late closures and reopened offenses show on the second), and October is issued.
 * Starts from nothing each time: only the demo's own data and reports are removed.
 */
export async function demo(shell: { effects: Effects; print(text: string): void }, folder = packaged): Promise<number> {
  const { config, client, products } = await prepare(shell.effects, folder);
  const store = openClientStore(config, client.id);
  const press = openPress(shell.effects, config.browser ?? {});
  try {
    let now = 0;
    // Nothing is waited for: the console's day off is made up, and so are the pauses between the tries.
    const effects: Effects = { ...shell.effects, now: () => now, sleep: async () => {} };
    const collect = (sources: readonly string[], days?: Period) =>
      collectClient(store, client, { base_dir: config.dir, sources, ...(days === undefined ? {} : { days }) }, effects);
    for (const [index, morning] of mornings.entries()) {
      now = Temporal.Instant.from(morning).epochMilliseconds;
      if (index === 0) {
        for (const month of past) {
          products.serve(month, now);
          await collect(['siem'], asOneWindow(month, month));
        }
        for (const source of others) await collect([source], asOneWindow(past[0], past.at(-1)));
      }
      products.serve(quarter, now);
      // Day by day where one of them will fail; the others as on every morning: what has changed since the last time.
      await collect(['siem'], parseDays(quarter.from, quarter.to, zone));
      // One after the other: the order of batches is part of what an edition was made from, and the sample is always the same.
      for (const source of others) await collect([source]);
    }
    const report = config.reports.get('monthly');
    if (report === undefined) throw new Error('the example configuration has no report "monthly"');
    const request = {
      config,
      client,
      report,
      period: parsePeriod('2026-10', zone),
      as_of: now,
      formats: new Set(formats),
      issue: true,
    };
    const built = await buildReport(request, store, press, effects);
    shell.print(`A report on sample data, made up by this program. ${built.incomplete ?? ''}`.trim());
    for (const file of built.files) shell.print(relative(process.cwd(), join(built.folder, file)));
    return 0;
  } finally {
    store.close();
    await products.close();
    await press.close();
  }
}

function pastMonth(label: string, index: number): Stretch {
  const days = parsePeriod(label, zone).days;
  const [from, to] = [days[0]?.date ?? label, days.at(-1)?.date ?? label]; // a month has days
  return { from, to, zone, seed: 20_251_001 + index, firstId: 1 + 10_000 * index, tidied: true };
}

/** As one window: three hundred days one by one would make people wait. */
function asOneWindow(first: Stretch | undefined, last: Stretch | undefined): Period {
  const { from, to } = { from: first?.from ?? quarter.from, to: last?.to ?? quarter.to };
  const all = parseDays(from, to, zone);
  return { ...all, days: [{ date: from, start: all.start, end: all.end }] };
}

async function prepare(
  effects: Effects,
  folder: string,
): Promise<{ config: Config; client: NonNullable<ReturnType<Config['clients']['get']>>; products: Products }> {
  const products = await startProducts([...past, quarter], dayDown);
  const config = await loadConfig(folder, { ...effects, env: { ...effects.env, ...products.env } });
  const client = config.clients.get('demo');
  if (client === undefined) throw new Error('the example configuration has no client "demo"');
  for (const suffix of ['', '-wal', '-shm']) await rm(join(config.data_dir, `${client.id}.sqlite${suffix}`), { force: true });
  await rm(join(config.reports_dir, client.id), { recursive: true, force: true });
  return { config, client, products };
}
