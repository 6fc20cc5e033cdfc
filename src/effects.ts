import { rmSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
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
  disk: Disk;
  log(event: LogEvent): void;
  /** Called where a crash would hurt most; tests die there, and see whether a restart heals it. */
  failpoint(name: Failpoint): void;
}

/** The steps that publishing is made of; a test cuts the power between any two of them. Only `sync` makes anything last. */
export interface Disk {
  /** With its parents; each new name is durable. */
  makeFolder(path: string): Promise<void>;
  /** A new file, whole; refuses one that exists. */
  write(path: string, contents: string | Uint8Array): Promise<void>;
  /** Makes a file's bytes, or a folder's names, durable. */
  sync(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** With all that is in it; what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Names in a folder; none where there is no folder. */
  list(folder: string): Promise<string[]>;
}

/** The moments between two durable steps of a run, in the order in which they come; then those of other commands. */
export const failpoints = [
  'lock.acquired',
  'tick.before_materialise',
  'tick.after_insert',
  'run.claimed',
  'fetch.before_request',
  'fetch.mid_body',
  'fetch.after_page',
  'fetch.between_pages',
  'state.before_commit',
  'state.after_commit',
  'aggregate.start',
  'aggregate.mid',
  'pdf.spawned',
  'pdf.set_content',
  'pdf.printing',
  'pdf.written',
  'html.done',
  'manifest.before_rename',
  'html.mid_write',
  'manifest.after_rename',
  'run.after_done',
  'outbox.before_insert',
  'outbox.after_insert',
  'outbox.claimed',
  'smtp.connected',
  'smtp.data_started',
  'smtp.mid_data',
  'smtp.before_dot_mark',
  'smtp.after_dot_mark',
  'smtp.after_250_before_commit',
  'outbox.after_commit',
  'backup.mid',
  'shutdown.signal',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** One thing that happened, for a terminal line or a JSON line. Never holds a secret. */
export interface LogEvent {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  message: string;
  [field: string]: string | number | boolean | null | undefined;
}

/** Each folder's own name is synced in the one above, or a power loss takes it away with all that is in it. */
async function makeFolder(path: string): Promise<void> {
  const whole = resolve(path);
  const first = await mkdir(whole, { recursive: true });
  if (first === undefined) return;
  for (let made = whole; made.length >= first.length; made = dirname(made)) await sync(dirname(made));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

const realDisk: Disk = {
  makeFolder,
  write: (path, contents) => writeFile(path, contents, { flag: 'wx', mode: 0o644 }),
  sync,
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  list,
};

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
  disk: realDisk,
  log: () => {},
  failpoint: () => {},
};

/** What a helper process would leave behind: the group it leads, and a folder of its own. */
export interface Remains {
  pid: number | undefined;
  folder: string;
}

/** Synchronous, for the last moment of a program. */
export function clearAway(remains: Remains | undefined): void {
  if (remains === undefined) return;
  try {
    if (remains.pid !== undefined) process.kill(-remains.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  rmSync(remains.folder, { recursive: true, force: true });
}
