import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Client, type Config, loadConfig } from '../config/index.ts';
import { publishFile } from '../deliver/index.ts';
import { localText } from '../period.ts';
import { openClientStore } from '../gather/index.ts';
import { addressee, type Batch, type Delivery, type Edition, type Run } from '../store/index.ts';
import { metrics } from './metrics.ts';
import type { Shell } from './shell.ts';

interface SourceStatus {
  source: string;
  last: Batch | undefined;
  last_complete: Batch | undefined;
  /** Batches that are not complete and whose window no later one covers. */
  open_faults: Batch[];
}

export interface ClientStatus {
  client: string;
  zone: string;
  sources: SourceStatus[];
  editions: Edition[];
  runs: Run[];
  deliveries: Delivery[];
}

export interface StatusFlags {
  json?: true;
  /** true: on the screen; a path: into that file. */
  prometheus?: true | string;
}

/** One screen: what was collected and when, what is missing, what was issued. */
export async function status(shell: Shell, flags: StatusFlags): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const clients = [...config.clients.values()].map((client) => clientStatus(config, client));
  if (typeof flags.prometheus === 'string') await publishFile(resolve(flags.prometheus), `${metrics(clients)}\n`, shell.effects.disk);
  else if (flags.prometheus === true) shell.print(metrics(clients));
  else if (flags.json === true) shell.print(JSON.stringify(clients, null, 1));
  else for (const client of clients) for (const line of lines(client)) shell.print(line);
  return clients.some(({ sources }) => sources.some(({ open_faults }) => open_faults.length > 0)) ? 1 : 0;
}

export function clientStatus(config: Config, client: Client): ClientStatus {
  const empty = { client: client.id, zone: client.timezone, editions: [], runs: [], deliveries: [] };
  if (!existsSync(join(config.data_dir, `${client.id}.sqlite`))) {
    return {
      ...empty,
      sources: [...client.sources.keys()].map((source) => ({ source, last: undefined, last_complete: undefined, open_faults: [] })),
    };
  }
  const store = openClientStore(config, client.id, { read_only: true });
  try {
    const batches = store.batches();
    const sources = [...client.sources.keys()].map((source) =>
      sourceStatus(
        source,
        batches.filter((batch) => batch.source === source),
      ),
    );
    const { ledger } = store;
    return { ...empty, sources, editions: store.editions(), runs: ledger.runs(), deliveries: ledger.deliveries() };
  } finally {
    store.close();
  }
}

function sourceStatus(source: string, batches: readonly Batch[]): SourceStatus {
  const complete = batches.filter((batch) => batch.status === 'complete');
  return { source, last: batches.at(-1), last_complete: complete.at(-1), open_faults: openFaults(batches) };
}

/** Batches of one source that are not complete and whose window no later one covers. */
export function openFaults(batches: readonly Batch[]): Batch[] {
  // A later try of the same window says how it is now, be it mended or still failing.
  const retried = (fault: Batch): boolean =>
    batches.some(({ id, window_from, window_to }) => id > fault.id && window_from <= fault.window_from && window_to >= fault.window_to);
  return batches.filter((batch) => batch.status !== 'complete' && !retried(batch));
}

/** More would push what matters off the screen; --json has all. */
const most = 20;

function lines({ client, zone, sources, editions, runs, deliveries }: ClientStatus): string[] {
  const at = (instant: number): string => localText(instant, zone);
  const shown = [`${client} (times in ${zone})`];
  for (const { source, last, last_complete, open_faults } of sources) {
    const state = last === undefined ? 'never collected' : `${last.status} at ${at(last.finished_at)}`;
    shown.push(`  ${source}: ${state}; last complete ${last_complete === undefined ? 'never' : at(last_complete.finished_at)}`);
    for (const batch of open_faults) shown.push(`    ${batch.status} ${at(batch.window_from)} to ${at(batch.window_to)}: ${batch.reason}`);
  }
  for (const edition of editions) {
    shown.push(
      `  ${edition.report} ${edition.period} r${edition.revision}: ${edition.status}, as of ${at(edition.as_of)}: ${edition.path}`,
    );
  }
  const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);
  for (const { report, period, state, due_at, reason } of runs.filter(({ state }) => state !== 'done').slice(-most)) {
    shown.push(`  ${report} ${period}: ${state}, due ${at(due_at)}${because(reason)}`);
  }
  for (const delivery of deliveries.slice(-most)) {
    const { report, period, revision, state, changed_at, reason } = delivery;
    shown.push(
      `  ${report} ${period} r${revision} to ${addressee(delivery)}: ${state} at ${at(changed_at)}${state === 'sent' ? '' : because(reason)}`,
    );
  }
  if (editions.length === 0) shown.push('  no report issued yet');
  return shown;
}
