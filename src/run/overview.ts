import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import { type ClientFigures, crossFoot, overviewOf } from '../analyse/index.ts';
import type { Client, Config } from '../config/index.ts';
import { publishFolder } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import { hasValue } from '../outcome.ts';
import type { Period } from '../period.ts';
import type { Press } from '../press/index.ts';
import { sayFlaw, stableJson } from '../render/index.ts';
import type { Edition, Run, Store } from '../store/index.ts';
import { openClientStore } from '../gather/index.ts';
import { editionFiles } from './edition-files.ts';
import { HeldError, versions } from './report.ts';

export interface OverviewRequest {
  config: Config;
  /** Whose editions are looked at. */
  report: string;
  period: Period;
  as_of: number;
  locale: string;
  out: string;
}

/** Later than this after its deadline an edition is late. */
const grace = 60 * 60 * 1000;

/**
 * The provider's own page over all clients: from their issued editions, whose files must be what the ledger says.
 * @throws HeldError when its totals do not foot or its pages are not sound; nothing is written then.
 */
export async function buildOverview(request: OverviewRequest, press: Press, effects: Effects): Promise<string[]> {
  const { config, out } = request;
  const clients: ClientFigures[] = [];
  for (const [client, alias] of aliasesOf(config)) clients.push(await figuresOf(request, client, alias));
  clients.sort((a, b) => a.alias.localeCompare(b.alias, 'en', { numeric: true }));
  const analysis = overviewOf({ ...request, asOf: request.as_of, clients, versions });
  const faults = crossFoot(analysis);
  if (faults.length > 0) throw new HeldError(`not written, its totals do not foot: ${faults.join('; ')}`);
  const { locale } = request;
  const { html, pdf, flaws } = await press.print(analysis, {}, { ...analysis, locale }, 25e6);
  if (flaws.length > 0) throw new HeldError(`not written, its printed pages are not sound: ${flaws.map(sayFlaw).join('; ')}`);
  const files = new Map<string, string | Uint8Array>([
    ['index.html', html],
    ['report.pdf', pdf],
    ['report.json', stableJson(analysis)],
  ]);
  await publishFolder(out, files, { replace: true }, effects);
  return [...files.keys()].map((name) => join(out, name));
}

/** What a client is called: by the provider's word for it, else by a number that its name has no part in. */
export function aliasesOf({ clients }: Pick<Config, 'clients'>): [Client, string][] {
  const mixed = [...clients.values()].sort((a, b) => (hash('sha256', a.id) < hash('sha256', b.id) ? -1 : 1));
  return mixed.map((client, index) => [client, client.alias ?? `client ${index + 1}`]);
}

async function figuresOf(request: OverviewRequest, client: Client, alias: string): Promise<ClientFigures> {
  if (!existsSync(join(request.config.data_dir, `${client.id}.sqlite`))) return { alias, edition: 'missing' };
  const store = openClientStore(request.config, client.id, { read_only: true });
  try {
    const edition = latest(store, request);
    const run = store.ledger.runs({ report: request.report, period: request.period.label })[0];
    if (edition === undefined) return { alias, edition: run?.state === 'held' || run?.state === 'failed' ? run.state : 'missing' };
    const files = await editionFiles(request.config, client.id, edition);
    const read: Analysis = JSON.parse(String(await files.read('report.json'))); // its digest is the ledger's
    return { alias, edition: isLate(edition, run, client) ? 'late' : 'issued', ...numbersOf(read) };
  } finally {
    store.close();
  }
}

/** The last revision that was there by then. */
function latest(store: Store, { report, period, as_of }: OverviewRequest): Edition | undefined {
  return store
    .editions()
    .filter((edition) => edition.report === report && edition.period === period.label && edition.built_at <= as_of)
    .sort((a, b) => b.revision - a.revision)[0];
}

/** By its first issue: a later revision is no delay. One that nobody had scheduled cannot be late. */
function isLate(edition: Edition, run: Run | undefined, client: Client): boolean {
  const scheduled = client.scheduled.find(({ report }) => report.id === edition.report);
  if (run === undefined || scheduled === undefined || edition.revision > 1) return false;
  return edition.built_at > run.due_at + scheduled.collect_deadline + grace;
}

/** Numbers only: not one text of the edition is taken over. */
function numbersOf({ kpis, coverage, period }: Analysis): Omit<ClientFigures, 'alias' | 'edition'> {
  const [created, closed, kept] = [countIn(kpis['VOL-01']), countIn(kpis['VOL-05']), shareIn(kpis['SLA-01'])];
  const days = [...Map.groupBy(coverage, ({ day }) => day)].map(([day, sources]): [string, { k: number; n: number }] => [
    day,
    { k: sources.filter(({ status }) => status === 'complete').length, n: sources.length },
  ]);
  return {
    days: period.days,
    ...(created === undefined ? {} : { created }),
    ...(closed === undefined ? {} : { closed }),
    ...(kept === undefined ? {} : { kept }),
    collected: new Map(days),
  };
}

function countIn(entry: KpiEntry | undefined): { n: number; partial: boolean } | undefined {
  return entry !== undefined && hasValue(entry) ? { n: Number(entry.value), partial: entry.status === 'partial' } : undefined;
}

function shareIn(entry: KpiEntry | undefined): { k: number; n: number } | undefined {
  return entry !== undefined && hasValue(entry) ? { k: Math.round(entry.value * entry.n), n: Number(entry.n) } : undefined;
}
