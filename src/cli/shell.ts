import type { Client, Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { type Period, parseDays } from '../period.ts';
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

/** What a command answers with: 0 done, 1 done but marked incomplete, 3 not done. */
export type Action<Arguments extends unknown[]> = (shell: Shell, ...args: Arguments) => Promise<number>;

/** Gives a command what all need, and keeps its exit code. */
export type Wrap = <A extends unknown[]>(run: Action<A>) => (...args: unknown[]) => Promise<void>;

/** @throws UsageError naming the clients there are. */
export function clientOf(config: Config, id: string): Client {
  const client = config.clients.get(id);
  if (client === undefined) throw new UsageError(`there is no client "${id}"; there are: ${[...config.clients.keys()].join(', ')}`);
  return client;
}

/** The local days that --from and --to name, both included; undefined without them. @throws UsageError for one without the other. */
export function daysAsked({ from, to }: { from?: string; to?: string }, zone: string): Period | undefined {
  if ((from === undefined) !== (to === undefined)) throw new UsageError('give --from and --to together, both days included');
  return from === undefined || to === undefined ? undefined : parseDays(from, to, zone);
}
