import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Browser } from 'puppeteer';
import { clearAway, type Remains } from '../effects.ts';

/** No PDF could be made; the message says what to do. */
export class PrinterError extends Error {
  override name = 'PrinterError';
}

/** A running browser with a throw-away profile. `stop` kills its whole process group and removes the profile. */
export interface RunningBrowser {
  browser: Browser;
  stop(): Promise<void>;
}

/** The user "nobody": a browser started by root becomes it before it reads anything. */
const nobody = 65534;

/** Is told what would be left behind if the program ended now, and undefined when there is nothing any more. */
export type Watch = (remains: Remains | undefined) => void;

/** A program that ends without closing its printer leaves nothing behind either. */
function clearAtExit(): Watch {
  let left: Remains | undefined;
  const leave = (): void => clearAway(left);
  process.once('exit', leave);
  return (remains) => {
    left = remains;
    if (remains === undefined) process.off('exit', leave);
  };
}

/**
 * Starts a headless Chromium with its sandbox on and no way to the network. In a thread, `watch` must tell the program's own:
 * a thread is not asked when the program ends.
 * @throws PrinterError when there is none, or when root cannot hand it to an unprivileged user.
 */
export async function startBrowser(
  path: string | undefined,
  environment: NodeJS.ProcessEnv,
  watch: Watch = clearAtExit(),
): Promise<RunningBrowser> {
  const { default: puppeteer } = await import('puppeteer');
  const executable = await findBrowser(path, environment, () => puppeteer.executablePath());
  const root = process.getuid?.() === 0;
  const setpriv = root ? await unprivileged(environment) : undefined;
  const profile = await mkdtemp(join(tmpdir(), 'soc-kpi-print-'));
  watch({ pid: undefined, folder: profile });
  const remove = async () => {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    watch(undefined);
  };
  try {
    if (root) await chown(profile, nobody, nobody);
    const args = await puppeteer.defaultArgs({ headless: 'shell', userDataDir: profile, args: [...closedDoors, ...noScreen] });
    const browser = await puppeteer.launch({
      executablePath: setpriv ?? executable,
      ignoreDefaultArgs: true,
      args: setpriv === undefined ? args : [...becomeNobody, executable, ...args],
      // A pipe instead of a port: nothing else on the machine can talk to the browser.
      pipe: true,
      // No secret of ours is in the browser's environment.
      env: { PATH: environment.PATH, HOME: profile, TMPDIR: profile, LANG: 'C.UTF-8' },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: 30_000,
    });
    watch({ pid: browser.process()?.pid, folder: profile });
    return {
      browser,
      stop: async () => {
        await stop(browser);
        await remove();
      },
    };
  } catch (cause) {
    await remove();
    throw new PrinterError(startFailed(executable, root), { cause });
  }
}

const becomeNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs', '--'];

/** Network requests end at a proxy that is not there; loopback is no exception to it. */
const closedDoors = [
  '--proxy-server=127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Paper is made without either; what would draw for a screen takes memory. */
const noScreen = ['--disable-gpu', '--disable-software-rasterizer'];

function startFailed(executable: string, root: boolean): string {
  const who = root ? ' It is started as the user "nobody", who must be able to read and execute it.' : '';
  return `the browser ${executable} did not start.${who} It needs user namespaces for its sandbox; run "soc-kpi doctor".`;
}

async function unprivileged(environment: NodeJS.ProcessEnv): Promise<string> {
  const setpriv = await onPath(['setpriv'], environment);
  if (setpriv !== undefined) return setpriv;
  throw new PrinterError(
    'printing as root needs setpriv (package util-linux), so that the browser can run as "nobody"; or run as another user',
  );
}

const browserNames = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

async function findBrowser(path: string | undefined, environment: NodeJS.ProcessEnv, downloaded: () => Promise<string>): Promise<string> {
  const named = path ?? environment.PUPPETEER_EXECUTABLE_PATH;
  if (named !== undefined) {
    if (await executableAt(named)) return named;
    throw new PrinterError(`the browser ${named} does not exist or cannot be executed; see browser.path in soc-kpi.yaml`);
  }
  const found = await onPath(browserNames, environment);
  if (found !== undefined) return found;
  const own = await downloadedBrowser(downloaded);
  if (own !== undefined && (await executableAt(own))) return own;
  throw new PrinterError('no browser found to print with; install chromium-headless-shell, or name one as browser.path in soc-kpi.yaml');
}

/** Puppeteer throws where it has downloaded none. */
async function downloadedBrowser(downloaded: () => Promise<string>): Promise<string | undefined> {
  try {
    return await downloaded();
  } catch {
    return undefined;
  }
}

async function onPath(names: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folders = (environment.PATH ?? '/usr/bin:/bin').split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      if (folder !== '' && (await executableAt(join(folder, name)))) return join(folder, name);
    }
  }
  return undefined;
}

async function executableAt(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function stop(browser: Browser): Promise<void> {
  const child = browser.process();
  if (child === null || hasEnded(child)) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  killGroup(browser);
  await exit;
}

/** The group, because renderers outlive a killed parent; puppeteer starts the browser as the leader of its own. */
function killGroup(browser: Browser): void {
  const child = browser.process();
  if (child?.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
