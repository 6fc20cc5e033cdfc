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
}

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
};
