import { Worker } from 'node:worker_threads';
import { clearAway, type Effects, realEffects, type Remains } from '../effects.ts';
import { once } from '../once.ts';
import type { BrowserOptions, Desk, ThreadData } from './desk.ts';
import { openLine } from './line.ts';

export type { Printed } from './desk.ts';

/**
 * Renders and prints in a thread of its own, which loads what that needs and starts the browser while the figures are computed:
 * they hold the event loop, and a browser is driven through one.
 */
export interface Press extends Pick<Desk, 'render' | 'print'> {
  /** Starts the browser, which takes as long as the figures; without it the first print does. */
  start(options: BrowserOptions): void;
  /** May be called again. */
  close(): Promise<void>;
}

/**
 * Begins at once, so call it before all else; this file loads nothing itself. Given a browser, it starts that before it gets
 * anything else ready. Whoever opens a press must close it.
 */
export function openPress(
  { failpoint = realEffects.failpoint }: Partial<Pick<Effects, 'failpoint'>> = {},
  browser?: BrowserOptions,
): Press {
  // The same ending as this file's: the thread is built where this is.
  const thread = new Worker(new URL(import.meta.url.replace(/index(\.\w+)$/, 'thread$1')), {
    workerData: { browser, stops: failpoint !== realEffects.failpoint } satisfies ThreadData,
    // In MB: what a page is made of is soon garbage. By itself the thread would take four times as much, and be no faster.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  });
  let remains: Remains | undefined;
  const { call } = openLine(thread, (told) => {
    if (told.kind === 'remains') remains = told.remains;
    else {
      failpoint(told.name);
      thread.postMessage('go on');
    }
  });
  // A program that ends without closing its press leaves nothing behind either; the thread is not asked any more by then.
  const leave = (): void => clearAway(remains);
  process.once('exit', leave);
  return {
    start: (options) => void call('start', options).catch(() => {}), // told by the print that needs it
    render: (...given) => call('render', ...given),
    print: (...given) => call('print', ...given),
    close: once(async () => {
      await call('stop').catch(() => {}); // it has ended by itself
      await thread.terminate();
      process.off('exit', leave);
    }),
  };
}
