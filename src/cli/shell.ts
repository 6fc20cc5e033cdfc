import type { Client, Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { type Period, parseDays } from '../period.ts';
import type { Edition, Store } from '../store/index.ts';
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

/** An edition as people write it: client/report/period, or with /r2 one revision of it. */
export interface EditionName {
  client: string;
  report: string;
  period: string;
  revision: string | undefined;
}

/** @throws UsageError for what is no name of an edition. */
export function editionNamed(name: string): EditionName {
  const [client, report, period, revision, ...more] = name.split('/');
  if (client === undefined || report === undefined || period === undefined || more.length > 0)
    throw new UsageError(`"${name}" names no edition; write client/report/period or client/report/period/r2`);
  return { client, report, period, revision };
}

/** The revision that was named, or all of them, oldest first. @throws UsageError naming those there are. */
export function editionsNamed(store: Store, { client, report, period, revision }: EditionName): [Edition, ...Edition[]] {
  const editions = store.editions();
  const [first, ...more] = editions.filter(
    (one) => one.report === report && one.period === period && (revision === undefined || `r${one.revision}` === revision),
  );
  if (first !== undefined) return [first, ...more];
  const known = editions.map((one) => `${store.client}/${one.report}/${one.period}/r${one.revision}`);
  const name = [client, report, period, ...(revision === undefined ? [] : [revision])].join('/');
  throw new UsageError(`there is no edition ${name}; there are: ${known.slice(-10).join(', ') || 'none'}`);
}

/** "1 client", "2 clients". */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
