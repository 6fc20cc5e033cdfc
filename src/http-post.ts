import type { Effects } from './effects.ts';
import { codeOf, failureError, SourceError } from './http-error.ts';
import { exchange } from './http-exchange.ts';
import { openWire } from './http-wire.ts';

/** One request that hands something over. The address may be a secret, so nothing but its host is ever told. */
export interface Posting {
  method: 'POST' | 'PUT' | 'GET';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** A private CA, absolute. TLS is always verified. */
  ca_file?: string;
  deadline_ms?: number;
  /** Called right before anything may leave; what it does must be durable when it returns. */
  handOver?(): void;
}

/** An answer; or that nothing was handed over (and whether that can pass by itself); or that nobody knows. */
export type Posted = { status: number; headers: Readonly<Record<string, string>>; text: string } | Unposted;
export interface Unposted {
  lost: 'not-reached' | 'not-trusted' | 'no-answer';
  reason: string;
}

/** Nothing that was signed or is secret goes where a receiver points: a redirect is an answer, and a wrong one. */
const redirects = [301, 302, 303, 307, 308];

/** Nothing that answers a report is longer. */
const mostBytes = 1_000_000;

/** One try: no retries and no redirects, for it may do its work twice. */
export async function postOnce(posting: Posting, effects: Effects): Promise<Posted> {
  const url = new URL(posting.url);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), posting.deadline_ms ?? 30_000);
  const headers = { 'user-agent': 'soc-kpi', 'accept-encoding': 'identity', ...posting.headers };
  const body = posting.body === undefined ? undefined : Buffer.from(posting.body);
  let handedOver = false;
  try {
    const wire = await openWire(posting.ca_file, effects);
    posting.handOver?.();
    handedOver = true;
    const call = { method: posting.method, url, headers, body, where: posting.method };
    const reading = { maxBytes: mostBytes, accept: redirects, sent() {}, arriving() {} };
    const reply = await exchange(wire, call, reading, abort.signal);
    return { status: reply.status, headers: reply.headers, text: reply.body.toString('utf8').slice(0, 10_000) };
  } catch (error) {
    if (abort.signal.aborted) return { lost: 'no-answer', reason: `${url.host} did not answer in time` };
    return unposted(error, url.host, handedOver);
  } finally {
    clearTimeout(timer);
  }
}

const neverReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function unposted(error: unknown, host: string, handedOver: boolean): Unposted {
  if (error instanceof SourceError && error.kind === 'tls') return { lost: 'not-trusted', reason: error.message };
  // The store refused the mark, so nothing has left.
  if (!handedOver) return { lost: 'not-reached', reason: error instanceof Error ? error.message : String(error) };
  const code = codeOf(error);
  if (failureError('', host, error).kind === 'tls')
    return { lost: 'not-trusted', reason: `${host} shows a certificate nobody vouches for (${code}); for a private CA set ca_file` };
  const connecting = neverReached.has(code) || (error instanceof Error && isConnecting(error));
  if (connecting) return { lost: 'not-reached', reason: `${host} cannot be reached (${code})` };
  return { lost: 'no-answer', reason: `${host} gave no answer that can be read (${code || 'broken off'})` };
}

/** A timeout before the connection stood is another thing than one after. */
function isConnecting(error: Error): boolean {
  const cause: unknown = error.cause ?? error;
  return typeof cause === 'object' && cause !== null && 'syscall' in cause && cause.syscall === 'connect';
}
