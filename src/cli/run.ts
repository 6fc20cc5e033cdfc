import { execFile } from 'node:child_process';
import { type Config, loadConfig } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { type ClientRun, type RunOptions, runDue } from '../run/index.ts';
import { addressee, lockFolder } from '../store/index.ts';
import { remarksOf } from './schedule.ts';
import type { Shell } from './shell.ts';

/** 0 all is well; 1 something is held or still waits; 3 something failed or nobody knows; 75 another process is at it. */
export async function run(shell: Shell): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const release = lockFolder(config.data_dir);
  shell.effects.failpoint('lock.acquired');
  try {
    const done = await runDue(config, shell.effects);
    for (const line of done.flatMap(linesOf)) shell.print(line);
    if (done.every(({ runs, deliveries }) => runs.length + deliveries.length === 0)) shell.print('nothing was due');
    return exitCodeFor(done);
  } finally {
    release();
  }
}

function linesOf({ client, runs, deliveries, problem }: ClientRun): string[] {
  const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);
  return [
    ...(problem === undefined ? [] : [`${client}: ${problem}`]),
    ...runs.map(
      ({ report, period, state, revision, reason }) =>
        `${client} ${report} ${period}${revision === undefined ? '' : ` r${revision}`}: ${state}${because(reason)}`,
    ),
    ...deliveries.map((one) => `${client} ${one.report} ${one.period} to ${addressee(one)}: ${one.state}${because(one.reason)}`),
  ];
}

function exitCodeFor(done: readonly ClientRun[]): number {
  const states = new Set(done.flatMap(({ runs, deliveries }) => [...runs, ...deliveries].map(({ state }) => state)));
  if (done.some(({ broken }) => broken === true)) return 3;
  if (done.some(({ problem }) => problem !== undefined)) return 75;
  if (states.has('failed') || states.has('unknown')) return 3;
  return ['held', 'due', 'collected', 'queued', 'skipped'].some((state) => states.has(state as 'held')) ? 1 : 0; // any of the states' words
}

/** Runs until SIGTERM or SIGINT; what is under way then is finished first. A second signal ends it at once. */
export async function start(shell: Shell, flags: { once?: true }, daemon: Daemon = { everyMinute }): Promise<number> {
  if (flags.once === true) return run(shell);
  const config = await loadConfig(shell.config, shell.effects);
  const release = lockFolder(config.data_dir);
  shell.effects.failpoint('lock.acquired');
  try {
    await keepRunning(config, shell.effects, daemon);
    return 0;
  } finally {
    release();
  }
}

/** What keeps the time; tests have shorter minutes. */
interface Daemon extends Pick<RunOptions, 'steps'> {
  /** Calls back every minute until what it returns is called. */
  everyMinute(tick: () => void): Promise<() => Promise<void>>;
}

/** Only the ticking: what is due is worked out from the ledger, so a tick that is late or lost loses nothing. */
async function everyMinute(tick: () => void): Promise<() => Promise<void>> {
  const { schedule } = await import('node-cron');
  const task = schedule('* * * * *', tick, { timezone: 'UTC' });
  return async () => void (await task.destroy());
}

async function keepRunning(config: Config, effects: Effects, daemon: Daemon): Promise<void> {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.removeAllListeners(signal); // those that end a command at once
    process.once(signal, () => {
      effects.failpoint('shutdown.signal');
      stop.abort();
    });
  }
  const busy = new Set<string>();
  const open = new Set<Promise<void>>();
  const tick = (): void => {
    // A client that is still being worked on is left alone; the others are not kept waiting by it.
    const round = oneRound(config, effects, { ...daemon, busy, signal: stop.signal }).finally(() => open.delete(round));
    open.add(round);
    notify(effects, 'WATCHDOG=1');
  };
  const silence = await daemon.everyMinute(tick);
  notify(effects, 'READY=1');
  for (const message of remarksOf(config.clients.values())) effects.log({ level: 'info', event: 'schedule', message });
  effects.log({ level: 'info', event: 'started', message: `watching over ${config.clients.size} clients` });
  tick();
  await stopped;
  notify(effects, 'STOPPING=1');
  await silence();
  effects.log({ level: 'info', event: 'stopping', message: 'finishing what is under way' });
  await Promise.all(open);
}

/** A round that throws is a fault of ours; it is told, and the next minute tries again. */
async function oneRound(config: Config, effects: Effects, options: RunOptions): Promise<void> {
  try {
    await runDue(config, effects, options);
  } catch (error) {
    effects.log({ level: 'error', event: 'round', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Tells systemd, where it started us. Node has no datagram sockets of that kind, so its own tool does it; older ones know no --stopping. */
function notify(effects: Effects, what: string): void {
  if (effects.env.NOTIFY_SOCKET !== undefined) execFile('systemd-notify', [what], () => {});
}
