import type { Client, Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { UsageError } from './failure.ts';

/** What every command is given. */
export interface Shell {
  /** Folder of the configuration. */
  config: string;
  debug: boolean;
  effects: Effects;
  /** Results, to stdout. */
  print(text: string): void;
}

/** @throws UsageError naming the clients there are. */
export function clientOf(config: Config, id: string): Client {
  const client = config.clients.get(id);
  if (client === undefined) throw new UsageError(`there is no client "${id}"; there are: ${[...config.clients.keys()].join(', ')}`);
  return client;
}
