import { cp, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig } from '../src/config/index.ts';
import { demo } from '../src/demo/index.ts';
import { realEffects } from '../src/effects.ts';
import { openClientStore } from '../src/gather/index.ts';
import { parsePeriod } from '../src/period.ts';
import { openPress } from '../src/press/index.ts';
import { analysisOf, type ReportRequest } from '../src/run/report.ts';
import type { Measure } from './measures.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * The manager's report of the demo's month: from its figures to a PDF on the disk that has been looked through, with a browser
 * that is open and has printed before; and how large its files are.
 */
export async function* demoMonth(folder: string, repeat: <T>(work: () => Promise<T>) => Promise<T[]>): AsyncGenerator<Measure> {
  const place = join(folder, 'config');
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'config'), place, { recursive: true });
  await demo({ effects: realEffects, print() {} }, place);
  const { request, analysis } = await figures(place);
  const press = openPress({}, request.config.browser ?? {});
  try {
    const made = await repeat(async () => {
      const started = performance.now();
      const { branding } = request.client;
      const { html, pdf, flaws } = await press.print(analysis, branding, { ...analysis, ...branding }, 7e6);
      await keep(join(folder, 'report.pdf'), pdf);
      if (flaws.length > 0) throw new Error(`the month's pages are not sound: ${JSON.stringify(flaws)}`);
      const done = performance.now();
      return {
        whole: (done - started) / 1000,
        pdf: pdf.byteLength / 1e6,
        html: Buffer.byteLength(html) / 1e6,
      };
    });
    const work = 'manager’s PDF of the demo month, from its figures to a file that was looked through, browser open';
    yield { work, budget: 0.5, unit: 's', values: made.map(({ whole }) => whole) };
    yield { work: '… the PDF', budget: 2, unit: 'MB', values: made.map(({ pdf }) => pdf) };
    yield { work: '… the HTML', budget: 1.5, unit: 'MB', values: made.map(({ html }) => html) };
  } finally {
    await press.close();
  }
}

async function figures(place: string) {
  const config = await loadConfig(place, realEffects);
  const client = config.clients.get('demo');
  const report = config.reports.get('monthly');
  if (client === undefined || report === undefined) throw new Error('the example configuration lost its demo client');
  const period = parsePeriod('2026-10', client.timezone);
  const request: ReportRequest = {
    config,
    client,
    report,
    period,
    as_of: Date.UTC(2026, 10, 3, 5),
    formats: new Set(['pdf']),
    issue: false,
  };
  const store = openClientStore(config, client.id, { read_only: true });
  const { analysis } = await analysisOf(request, store, {});
  store.close();
  return { request, analysis };
}

/** As durable as an edition's file. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
}
