import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Effects, type LogEvent, realEffects } from '../src/effects.ts';
import { type HttpSettings, openHttp, SourceError } from '../src/http.ts';

/** A server on a free loopback port for one test; returns its base URL with 127.0.0.1. */
export async function serve(t: TestContext, answer: RequestListener, tls?: { key: string; cert: string }): Promise<string> {
  const server: Server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http${tls === undefined ? '' : 's'}://127.0.0.1:${portOf(server)}`;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return (address satisfies AddressInfo).port;
}

export interface FakeTime extends Effects {
  slept: number[];
  events: LogEvent[];
}

/** Time that passes only by sleeping: nothing here waits. */
export function fakeTime(changes: Partial<Effects> = {}): FakeTime {
  let clock = 1_000;
  const slept: number[] = [];
  const events: LogEvent[] = [];
  return {
    ...realEffects,
    env: {},
    now: () => Date.parse('2026-10-05T08:00:00Z') + clock - 1_000,
    monotonic: () => clock,
    sleep: async (ms) => {
      slept.push(ms);
      clock += ms;
    },
    random: () => 0.5,
    log: (event) => events.push(event),
    ...changes,
    slept,
    events,
  };
}

export async function open(base_url: string, settings: Partial<HttpSettings> = {}, effects: Effects = fakeTime()) {
  return openHttp({ base_url, ...settings }, effects);
}

/** The SourceError that the promise ends in; anything else is a failed test. */
export async function errorOf(promise: Promise<unknown>): Promise<SourceError> {
  const outcome = await promise.then(
    (value) => new Error(`expected an error, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof SourceError) return outcome;
  throw outcome;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
