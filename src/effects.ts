import { readFile, readdir, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The outside world in one parameter. Tests pass their own; `Date.now()` stands nowhere else. */
export interface Effects {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never jump; for deadlines and timings. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** [0, 1), for retry jitter only. */
  random(): number;
  env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): Promise<Buffer>;
  listFiles(folder: string): Promise<string[]>;
  /** Permission bits, to refuse secrets that others can read. */
  fileMode(path: string): Promise<number>;
  log(event: LogEvent): void;
  /** Called where a crash would hurt most; tests die there, and see whether a restart heals it. */
  failpoint(name: Failpoint): void;
}

/** The moments between two durable steps of a run, in the order in which they come. */
export const failpoints = [
  'lock.acquired',
  'tick.before_materialise',
  'tick.after_insert',
  'run.claimed',
  'fetch.before_request',
  'state.after_commit',
  'aggregate.start',
  'html.done',
  'manifest.before_rename',
  'manifest.after_rename',
  'run.after_done',
  'outbox.before_insert',
  'outbox.after_insert',
  'outbox.claimed',
  'smtp.data_started',
  'smtp.before_dot_mark',
  'smtp.after_dot_mark',
  'smtp.after_250_before_commit',
  'outbox.after_commit',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** One thing that happened, for a terminal line or a JSON line. Never holds a secret. */
export interface LogEvent {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  message: string;
  [field: string]: string | number | boolean | null | undefined;
}

export const realEffects: Effects = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
  random: () => Math.random(),
  env: process.env,
  readFile: (path) => readFile(path),
  listFiles: (folder) => readdir(folder),
  fileMode: async (path) => (await stat(path)).mode & 0o777,
  log: () => {},
  failpoint: () => {},
};
