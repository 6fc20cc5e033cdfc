/** Reads and analyses one month of a store once and prints what that took as JSON: `node bench/analyse.ts CONFIG`. */
import { analyse, historyStart } from '../src/analyse/index.ts';
import { loadConfig } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { parsePeriod } from '../src/period.ts';
import { openClientStore } from '../src/gather/index.ts';
import { quickly } from '../src/run/quickly.ts';
import { peakMegabytes } from './tree.ts';

export interface Analysed {
  /** Time of the processor, of all threads. */
  seconds: number;
  megabytes: number;
}

const [folder = ''] = process.argv.slice(2);
const config = await loadConfig(folder, realEffects);
const client = config.clients.get('demo');
const monthly = config.reports.get('monthly');
if (client === undefined || monthly === undefined) throw new Error('the example configuration lost its demo client');
const { chapters: _, ...report } = { ...monthly, reader: 'engineer' as const };
const period = parsePeriod('2026-10', 'Europe/Berlin');
const asOf = Date.UTC(2026, 10, 2);
const store = openClientStore(config, 'demo', { read_only: true });

const before = process.cpuUsage();
const since = historyStart(period);
quickly(() => {
  const view = store.view({ as_of: asOf, since });
  analyse({ view, since, client, report, period, asOf, categories: config.categories, versions: {} });
});
const { user, system } = process.cpuUsage(before);
store.close();
const done: Analysed = { seconds: (user + system) / 1e6, megabytes: peakMegabytes() };
console.log(JSON.stringify(done));
