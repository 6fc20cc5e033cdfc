import type { Worker } from 'node:worker_threads';
import { carry } from './carry.ts';
import type { Ask, Desk, Told } from './desk.ts';

/** Calls the desk of a thread as if it were here. */
export interface Line {
  call<K extends keyof Desk>(name: K, ...given: Parameters<Desk[K]>): ReturnType<Desk[K]>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** `other` is given what the thread tells without being asked. Once the thread has ended, every call fails with the reason. */
export function openLine(thread: Worker, other: (told: Exclude<Told, { id: number }>) => void): Line {
  const asked = new Map<number, Waiting>();
  let ended: Error | undefined;
  let next = 0;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of asked.values()) reject(ended);
    asked.clear();
  };
  thread.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  thread.on('exit', () => end(new Error('the rendering thread has ended')));
  thread.on('message', (told: Told) => {
    if (told.kind !== 'done' && told.kind !== 'failed') return other(told);
    const waiting = asked.get(told.id);
    asked.delete(told.id);
    if (told.kind === 'done') waiting?.resolve(told.value);
    else void failure(told).then((error) => waiting?.reject(error));
  });
  return {
    call: (name, ...given) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const ask: Ask = { id: next++, name, given: given.map(carry) };
        asked.set(ask.id, { resolve, reject });
        thread.postMessage(ask);
      }) as ReturnType<Desk[typeof name]>, // the thread answers with what its own function of that name gave
  };
}

/** An error as it was thrown there; only a printer's has readers who ask for its class. */
async function failure({ name, message, stack }: Extract<Told, { kind: 'failed' }>): Promise<Error> {
  const { PrinterError } = await import('../render/index.ts');
  const error = name === 'PrinterError' ? new PrinterError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
