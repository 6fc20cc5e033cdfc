import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { parseDays, parsePeriod } from '../period.ts';
import { openPrinter } from '../render/index.ts';
import { buildReport, collectClient, formats, openClientStore } from '../run/index.ts';
import { closingReasons, consoleAt, localAddresses } from './console.ts';
import { startQradar } from './qradar.ts';
import { ruleNames } from './rules.ts';
import { offenseLives } from './soc.ts';

/** The sample SOC's quarter and the two mornings on which it is collected. */
const quarter = { from: '2026-08-01', to: '2026-10-31', zone: 'Europe/Berlin' };
const mornings = ['2026-11-01T06:00:00+01:00', '2026-11-03T06:00:00+01:00'];
/** The example configuration, which comes with the program. */
const packaged = join(import.meta.dirname, '../../config');
/** When this day is asked for, the console answers "unavailable": the report has to live with it. */
const dayDown = '2026-10-14';

/**
 * The main job on the embedded example: a loopback console serves the quarter, it is collected over real HTTP on two
 * mornings (late closures and reopened offenses show on the second), and October is issued as a report.
 * Starts from nothing each time: only the demo's own data and reports are removed.
 */
export async function demo(shell: { effects: Effects; print(text: string): void }, folder = packaged): Promise<number> {
  const { config, client, console } = await prepare(shell.effects, folder);
  const store = openClientStore(config, client.id);
  const printer = openPrinter(config.browser ?? {});
  printer.catch(() => {}); // awaited, and told, when it is needed
  try {
    let now = 0;
    // Nothing is waited for: the console's day off is made up, and so are the pauses between the tries.
    const effects: Effects = { ...shell.effects, now: () => now, sleep: async () => {} };
    for (const morning of mornings) {
      now = Temporal.Instant.from(morning).epochMilliseconds;
      console.serve(now);
      await collectClient(store, client, { base_dir: config.dir, days: parseDays(quarter.from, quarter.to, quarter.zone) }, effects);
    }
    const report = config.reports.get('monthly');
    if (report === undefined) throw new Error('the example configuration has no report "monthly"');
    const request = {
      config,
      client,
      report,
      period: parsePeriod('2026-10', quarter.zone),
      as_of: now,
      formats: new Set(formats),
      issue: true,
    };
    const built = await buildReport(request, store, printer, effects);
    shell.print(`A report on sample data, made up by this program. ${built.incomplete ?? ''}`.trim());
    for (const file of built.files) shell.print(relative(process.cwd(), join(built.folder, file)));
    return 0;
  } finally {
    store.close();
    await console.close();
    await (await printer.catch(() => undefined))?.close();
  }
}

interface SampleConsole {
  /** Answers from now on as of this instant. */
  serve(now: number): void;
  close(): Promise<void>;
}

async function prepare(
  effects: Effects,
  folder: string,
): Promise<{ config: Config; client: NonNullable<ReturnType<Config['clients']['get']>>; console: SampleConsole }> {
  const lives = offenseLives(quarter.from, quarter.to, quarter.zone);
  const down = parsePeriod(dayDown, quarter.zone);
  const unavailable = { status: 503, body: '{"message":"The console is being restarted"}' };
  const qradar = await startQradar({
    offenses: [],
    closingReasons,
    localAddresses: localAddresses(lives),
    rules: ruleNames,
    faults: [{ when: (asked) => asked.query.get('filter')?.includes(`>= ${down.start}`) ?? false, reply: unavailable }],
  });
  const env = { ...effects.env, DEMO_QRADAR_URL: qradar.url, DEMO_QRADAR_TOKEN: qradar.token };
  const config = await loadConfig(folder, { ...effects, env });
  const client = config.clients.get('demo');
  if (client === undefined) throw new Error('the example configuration has no client "demo"');
  for (const suffix of ['', '-wal', '-shm']) await rm(join(config.data_dir, `${client.id}.sqlite${suffix}`), { force: true });
  await rm(join(config.reports_dir, client.id), { recursive: true, force: true });
  return { config, client, console: { serve: (now) => qradar.offenses.replace(consoleAt(lives, now)), close: () => qradar.close() } };
}
