import { parentPort, workerData } from 'node:worker_threads';
import type { Failpoint, Remains } from '../effects.ts';
import type { Printer, PrinterOptions } from '../render/index.ts';
import { arrived } from './carry.ts';
import type { Ask, Desk, ThreadData, Told } from './desk.ts';
import { languageOf } from '../words/index.ts';

// Runs as a thread: answers the calls of `line.ts`.

if (parentPort === null) throw new Error('this file is a thread’s; openPress() starts it');
const port = parentPort;

const { browser, stops }: ThreadData = workerData; // given by `openPress`
withoutSockets();
const tell = (told: Told): void => port.postMessage(told);
// The largest package first: the browser needs it, and takes longest to start.
const loading = import('puppeteer').then(() => import('../render/index.ts'));
const goOn: (() => void)[] = [];
let options: PrinterOptions = browser ?? {};
let opened: Promise<Printer> | undefined;
/** There is nothing to do for the browser but to wait until it answers. */
const starting = Promise.withResolvers<void>();
/** What was to be got ready has begun. */
let busy = false;
if (browser !== undefined) void printer().catch(() => {}); // told to whoever prints
void getReady();

/**
 * Whoever imports node:http, as puppeteer does, is given its web sockets, for which a whole client is loaded: a fourth of all the time
 * that puppeteer's loading takes. Nobody in this thread has a use for them.
 */
function withoutSockets(): void {
  const http = process.getBuiltinModule('node:http');
  for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) Object.defineProperty(http, name, { value: undefined });
}

/** While the browser starts, but not before: that takes longer than this. */
async function getReady(): Promise<void> {
  const { warmUp } = await loading;
  if (opened !== undefined) await starting.promise;
  await warmUp(() => busy).catch(() => {}); // told to whoever renders
}

/** One browser for all that is printed; one that did not start is tried again. */
function printer(): Promise<Printer> {
  opened ??= loading.then(({ openPrinter }) => openPrinter({ ...options, remains, ...(stops ? { failpoint: pass } : {}) }));
  opened.catch(() => {
    opened = undefined;
    starting.resolve();
  });
  return opened;
}

/** Its process is made a moment after its folder. */
function remains(remains: Remains | undefined): void {
  tell({ kind: 'remains', remains });
  setTimeout(starting.resolve, 30);
}

/** Waits for the program's own thread, which may die here. */
function pass(name: Failpoint): Promise<void> {
  tell({ kind: 'failpoint', name });
  return new Promise((resolve) => goOn.push(resolve));
}

const desk: Desk = {
  async start(asked) {
    options = asked;
    await printer();
  },
  async render(analysis, branding, locale) {
    const { renderReport } = await loading;
    return renderReport(analysis, branding, locale === undefined ? undefined : languageOf(locale));
  },
  async print(analysis, branding, header, limit) {
    const { beginReport, printChecked } = await loading;
    const { forPaper, whole } = await beginReport(analysis, branding, languageOf(header.locale));
    const [printed, html] = await Promise.all([printChecked(await printer(), forPaper, header, limit), whole()]);
    return { html, ...printed };
  },
  stop: async () => (await opened?.catch(() => undefined))?.close(),
};

port.on('message', (message: Ask | 'go on') => {
  if (message === 'go on') goOn.shift()?.();
  else void answer(message);
});

async function answer({ id, name, given }: Ask): Promise<void> {
  busy ||= name === 'render' || name === 'print';
  try {
    const call: (...given: never[]) => Promise<unknown> = desk[name];
    tell({ kind: 'done', id, value: await call(...(given.map(arrived) as never[])) }); // `line.ts` gives each call what it takes
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', id, name, message, stack });
  }
}
