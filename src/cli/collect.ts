import { type Client, type Config, loadConfig } from '../config/index.ts';
import { collectClient, openClientStore } from '../gather/index.ts';
import type { Batch, Store } from '../store/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, daysAsked, type Shell } from './shell.ts';

export interface CollectFlags {
  client?: string;
  source?: string;
  from?: string;
  to?: string;
  record?: string;
}

/** Exit code 0 when all is complete, 1 when something was collected but not all, 3 when nothing was. */
export async function collect(shell: Shell, flags: CollectFlags): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const clients = flags.client === undefined ? [...config.clients.values()] : [clientOf(config, flags.client)];
  if (flags.source !== undefined && !clients.some((client) => client.sources.has(flags.source ?? ''))) {
    throw new UsageError(
      `there is no source "${flags.source}"; there are: ${clients.flatMap((client) => [...client.sources.keys()]).join(', ')}`,
    );
  }
  const batches: Batch[] = [];
  for (const client of clients) {
    const days = daysAsked(flags, client.timezone);
    const options = {
      base_dir: config.dir,
      ...(days === undefined ? {} : { days }),
      ...(flags.source === undefined ? {} : { sources: [flags.source] }),
      ...(flags.record === undefined ? {} : { record_to: flags.record }),
    };
    const collected = await withStore(config, client, (store) => collectClient(store, client, options, shell.effects));
    for (const line of summary(client.id, collected)) shell.print(line);
    batches.push(...collected);
  }
  // What reports are made of is loaded when all is collected: until then its memory is better spent on what arrives.
  const { fillPasts } = await import('../run/index.ts');
  for (const client of clients) await withStore(config, client, async (store) => fillPasts(config, client, store, shell.effects.now()));
  if (batches.every(({ status }) => status === 'complete')) return 0;
  return batches.some(({ status }) => status !== 'failed') ? 1 : 3;
}

async function withStore<T>(config: Config, client: Client, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openClientStore(config, client.id);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** A line per source, then one for each batch that is not complete. */
function summary(client: string, batches: readonly Batch[]): string[] {
  const lines: string[] = [];
  for (const source of new Set(batches.map((batch) => batch.source))) {
    const own = batches.filter((batch) => batch.source === source);
    const sum = (pick: (batch: Batch) => number): number => own.reduce((total, batch) => total + pick(batch), 0);
    const bad = own.filter(({ status }) => status !== 'complete');
    const state = bad.length === 0 ? 'complete' : `${bad.length} of ${own.length} windows not complete`;
    lines.push(
      `${client}/${source}: ${state}; ${sum((b) => b.fetched)} records, ${sum((b) => b.stored)} new or changed, ${sum((b) => b.rejected)} rejected`,
    );
    for (const batch of bad) {
      lines.push(
        `  ${batch.status} ${new Date(batch.window_from).toISOString()} to ${new Date(batch.window_to).toISOString()}: ${batch.reason}`,
      );
    }
  }
  return lines;
}
