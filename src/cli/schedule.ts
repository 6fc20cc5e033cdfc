import { type Client, loadConfig } from '../config/index.ts';
import { type Announced, announce } from '../schedule/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, type Shell } from './shell.ts';

/** The next firings of every scheduled report, soonest first. */
export async function schedule(shell: Shell, flags: { client?: string; count: string; json?: true }): Promise<number> {
  const count = Number(flags.count);
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw new UsageError(`--count ${flags.count} is no number from 1 to 1000`);
  const config = await loadConfig(shell.config, shell.effects);
  const clients = flags.client === undefined ? [...config.clients.values()] : [clientOf(config, flags.client)];
  const coming = announce(clients, shell.effects.now(), count);
  if (flags.json === true) shell.print(JSON.stringify(coming, null, 1));
  else for (const line of [...coming.flatMap(linesOf), ...remarksOf(clients)]) shell.print(line);
  if (coming.length === 0 && flags.json !== true) shell.print('no report has a schedule; see `reports` in clients/<id>.yaml');
  return 0;
}

/** Of schedules that are legal, and perhaps not what was meant. */
export function remarksOf(clients: Iterable<Client>): string[] {
  return [...clients].flatMap(({ scheduled }) => scheduled.flatMap(({ remark }) => (remark === undefined ? [] : [`note: ${remark}`])));
}

function linesOf({ client, report, at, local, period, window, recipients, notes }: Announced): string[] {
  return [
    `${local}  ${client} ${report} ${period}, to ${recipients} recipients`,
    `  at ${at}; data from ${window.start} to ${window.end}, ${window.hours} hours`,
    ...notes.map((note) => `  note: ${note}`),
  ];
}
