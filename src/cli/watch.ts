import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import { composeMail, sendBytes } from '../deliver/index.ts';
import { openClientStore } from '../gather/index.ts';
import { endingCertificates } from '../run/index.ts';
import { type Alarm, alarms } from '../schedule/index.ts';
import { UsageError } from './failure.ts';
import type { Shell } from './shell.ts';

export interface WatchFlags {
  grace: string;
  mail?: true;
  json?: true;
  offline?: true;
}

/** Reads only, and needs no scheduler to be alive. Exit code 0 when all is well, 3 with an alarm. */
export async function watch(shell: Shell, flags: WatchFlags): Promise<number> {
  const grace = Number(flags.grace) * 60_000;
  if (!(grace >= 0)) throw new UsageError(`--grace ${flags.grace} is no number of minutes`);
  const config = await loadConfig(shell.config, shell.effects);
  const found = await allAlarms(config, grace, shell, flags);
  const lines = found.map(lineOf);
  if (flags.json === true) shell.print(JSON.stringify(found, null, 1));
  else for (const line of lines.length === 0 ? ['all is well'] : lines) shell.print(line);
  if (flags.mail === true && lines.length > 0) await tell(config, `soc-kpi: ${lines.length} things to look at`, lines, shell);
  return lines.length === 0 ? 0 : 3;
}

export type AnyAlarm = Omit<Alarm, 'kind'> & { kind: Alarm['kind'] | 'disk' | 'store' | 'certificate' };

export function lineOf({ client, kind, message }: AnyAlarm): string {
  return `${client}: ${kind}: ${message}`;
}

/** All there is to look at. Only certificates are asked for over the network; `offline` leaves them out. */
export async function allAlarms(config: Config, grace: number, { effects }: Shell, { offline }: { offline?: true }): Promise<AnyAlarm[]> {
  const ending = offline === true ? [] : await endingCertificates(config, effects);
  return [
    ...diskAlarms(config),
    ...ending.map((one) => ({ ...one, kind: 'certificate' as const })),
    ...[...config.clients.keys()].flatMap((id) => clientAlarms(config, id, effects.now(), grace)),
  ];
}

function clientAlarms(config: Config, id: string, now: number, grace: number): AnyAlarm[] {
  const client = config.clients.get(id);
  if (client === undefined) return [];
  if (!existsSync(join(config.data_dir, `${id}.sqlite`))) {
    return client.scheduled.length === 0
      ? []
      : [{ client: id, kind: 'not-looked-at', message: 'has schedules, but nothing was ever collected; is the scheduler running?' }];
  }
  try {
    const store = openClientStore(config, id, { read_only: true });
    try {
      return alarms(client, store, now, grace);
    } finally {
      store.close();
    }
  } catch (error) {
    return [{ client: id, kind: 'store', message: error instanceof Error ? error.message : String(error) }];
  }
}

function diskAlarms({ data_dir, reports_dir }: Config): AnyAlarm[] {
  return [...new Set([data_dir, reports_dir])].filter(existsSync).flatMap((folder) => {
    const { bavail, blocks } = statfsSync(folder);
    const free = Math.floor((100 * bavail) / blocks);
    return free >= 10 ? [] : [{ client: 'all', kind: 'disk' as const, message: `${folder} has only ${free} % left` }];
  });
}

/** Writes to the operators. @throws UsageError when there is no mail server or nobody to tell. */
export async function tell({ smtp, operators }: Config, subject: string, lines: readonly string[], shell: Shell): Promise<void> {
  if (smtp === undefined || operators.length === 0)
    throw new UsageError('soc-kpi.yaml has no smtp or no operators: there is nobody to tell');
  const date = shell.effects.now();
  const text = `${lines.join('\n')}\n\nsoc-kpi status shows more.\n`;
  for (const to of operators) {
    const html = `<pre>${text.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`)}</pre>`;
    const { body } = await composeMail(
      { to, subject, text, html, date, identity: [subject, to, date], list: { id: 'watch', title: 'soc-kpi watch' } },
      smtp,
    );
    const { kind, reason } = await sendBytes(smtp, { to, body, mark: () => {} }, shell.effects);
    shell.print(`told ${to}: ${kind}: ${reason}`);
  }
}
