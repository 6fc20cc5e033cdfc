import { once } from 'node:events';
import { loadConfig } from '../config/index.ts';
import { openPortal } from '../portal/index.ts';
import { UsageError } from './failure.ts';
import { metrics } from './metrics.ts';
import type { Shell } from './shell.ts';
import { clientStatus } from './status.ts';

/** Serves until SIGTERM or SIGINT; what is being answered then is finished first. */
export async function serve(shell: Shell): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const { portal } = config;
  if (portal === undefined) throw new UsageError('soc-kpi.yaml has no portal: there is nothing to serve');
  const all = (): string => metrics([...config.clients.values()].map((client) => clientStatus(config, client)));
  const app = await openPortal({ ...config, portal }, all, shell.effects);
  const address = await app.listen({ host: portal.host, port: portal.port });
  shell.effects.log({ level: 'info', event: 'listening', message: `serving ${portal.secrets.logins.size} clients at ${address}` });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(signal); // those that end a command at once
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await app.close();
  return 0;
}
