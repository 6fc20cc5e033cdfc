import { loadConfig } from '../config/index.ts';
import { writeCsv } from '../render/index.ts';
import { openClientStore } from '../gather/index.ts';
import { findingColumns, findingsBetween } from '../run/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, daysAsked, type Shell } from './shell.ts';

export interface ExportFlags {
  from?: string;
  to?: string;
  format: string;
}

/** Writes the findings created in the given local days (or all) to stdout. */
export async function exportFindings(shell: Shell, clientId: string, flags: ExportFlags): Promise<number> {
  if (!['csv', 'jsonl', 'arrow'].includes(flags.format))
    throw new UsageError(`unknown format ${flags.format}; there are: csv, jsonl, arrow`);
  const config = await loadConfig(shell.config, shell.effects);
  const client = clientOf(config, clientId);
  const days = daysAsked(flags, client.timezone);
  const store = openClientStore(config, client.id, { read_only: true });
  try {
    const view = store.view({ as_of: shell.effects.now() });
    const rows = findingsBetween(view, days?.start ?? Number.NEGATIVE_INFINITY, days?.end ?? Number.POSITIVE_INFINITY);
    const columns = findingColumns(view, 'everything');
    if (flags.format === 'csv') for (const chunk of writeCsv(columns, rows, client.timezone)) await write(chunk);
    if (flags.format === 'jsonl')
      for (const row of rows)
        await write(`${JSON.stringify(Object.fromEntries(columns.map(({ name, value }) => [name, known(value(row))])))}\n`);
    if (flags.format === 'arrow') await write((await import('../analyse/index.ts')).arrowOf(columns, rows));
    return 0;
  } finally {
    store.close();
  }
}

/** NaN is how columns say "unknown"; JSON says null. */
function known(value: string | number | null | undefined): string | number | null {
  return value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value;
}

/** Waits while the reader of the pipe is slower than we are. */
async function write(chunk: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
