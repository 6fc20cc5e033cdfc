import type { Effects } from './effects.ts';
import { baseOf, callFrom } from './http-call.ts';
import { codeOf, failureError, SourceError, statusError, wordsOf } from './http-error.ts';
import { type Call, exchange, type Reply, type Wire } from './http-exchange.ts';
import { decodeText, parseJson } from './http-json.ts';
import { openRecorder, openRedactor, type Recorder, type Redactor } from './http-record.ts';
import { isPassing, maxTries, openGate, pauseBefore, toldToWait } from './http-retry.ts';
import { openWire } from './http-wire.ts';

export { SourceError, type SourceErrorKind } from './http-error.ts';

export interface HttpSettings {
  /** Every path is put behind it, and no request leaves its origin. Without credentials, query or fragment. */
  base_url: string;
  /** Other origins this source is asked at by whole addresses, as its token server. The headers below never go there. */
  origins?: readonly string[];
  /** A private CA, added for this source only. TLS is always verified. */
  ca_file?: string;
  /** Sent with every request; values may be secrets. */
  headers?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Headers made anew for each try, for products that have requests signed: of path and query exactly as they are sent. */
  sign?(target: string, now: number): Readonly<Record<string, string | { reveal(): string }>>;
  /** What a refusal means at this source, by status: the setting, permission or licence to look at. Not for `origins`. */
  refusals?: Readonly<Record<number, string>>;
  /** Whole-request deadline in ms, body included. Default 60,000. */
  deadline_ms?: number;
  /** Cap on the decompressed body. Default 64 MiB. */
  max_bytes?: number;
  /** Total time that retries of one run may take: waiting and trying again. Default 300,000 ms. */
  retry_budget_ms?: number;
  /** At most so many requests in flight (default 4) and started per second (default: no limit). */
  concurrency?: number;
  requests_per_second?: number;
  /** Folder for redacted recordings. */
  record_to?: string;
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind base_url; or a whole address of the same origin, as in a "next" link, or of one of `origins`. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Sent as JSON; secrets anywhere in it are revealed. */
  json?: unknown;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Statuses besides 2xx that are an answer here, not an error; a redirect among them is not followed, and its body not read. */
  accept?: readonly number[];
  /** Whether asking twice does no harm, so that it may be retried. Default: true for GET only. Set it for a POST that is a query. */
  idempotent?: boolean;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. `date` is the source's clock. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; integers beyond 2^53 arrive as exact strings. null for an empty body where that is allowed. */
  json: unknown;
}

export interface Http {
  /** Throws SourceError; only a recording that cannot be written throws the file system's own error. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** What this run did so far, for the batch's row. `requests` counts all on the wire, `bytes` those of decompressed bodies. */
  readonly stats: { requests: number; retries: number; bytes: number };
}

/** One try: an answer, or why not, and whether it may pass by itself (after `told` ms, where the source says so). */
type Outcome = { answer: HttpAnswer } | { error: SourceError; passing: boolean; told?: number | undefined };

/** What all requests of one run share. */
interface Door {
  wire: Wire;
  effects: Effects;
  redactor: Redactor;
  recorder: Recorder | undefined;
  maxBytes: number;
  /** What this source means by a refusal, '' where nobody said. */
  meaning(call: Call, status: number): string;
  stats: { requests: number; retries: number; bytes: number };
}

/**
 * The door to one source for one run. Throws SourceError when base_url or ca_file cannot be used,
 * or when the environment switches TLS verification off.
 */
export async function openHttp(settings: HttpSettings, effects: Effects): Promise<Http> {
  const base = baseOf(settings);
  warnOfPlainText(base, effects);
  const redactor = openRedactor();
  const recorder = settings.record_to === undefined ? undefined : openRecorder(settings.record_to, redactor);
  const wire = await openWire(settings.ca_file, effects);
  const maxBytes = settings.max_bytes ?? 64 * 1024 * 1024;
  const meaning: Door['meaning'] = ({ url }, status) => (url.origin === base.origin ? (settings.refusals?.[status] ?? '') : '');
  const door: Door = { wire, effects, redactor, recorder, maxBytes, meaning, stats: { requests: 0, retries: 0, bytes: 0 } };
  const gate = openGate(settings.concurrency ?? 4, settings.requests_per_second, effects);
  const deadline = settings.deadline_ms ?? 60_000;
  let budget = settings.retry_budget_ms ?? 300_000;

  async function again(call: Call, accept: readonly number[]): Promise<Outcome> {
    const from = effects.monotonic();
    const outcome = await attempt(door, call, accept, Math.min(deadline, budget));
    budget -= effects.monotonic() - from;
    return outcome;
  }

  async function request(request: HttpRequest): Promise<HttpAnswer> {
    const repeatable = request.idempotent ?? (request.method ?? 'GET') === 'GET';
    const accept = request.accept ?? [];
    for (let tries = 1; ; tries += 1) {
      const call = callFrom(base, settings, request, redactor, effects.now());
      const outcome = await gate.run(() => (tries === 1 ? attempt(door, call, accept, deadline) : again(call, accept)));
      if ('answer' in outcome) return outcome.answer;
      if (!outcome.passing || !repeatable) throw outcome.error;
      const pause = pauseBefore(tries, outcome.told, effects.random);
      if (tries === maxTries || pause >= budget) throw withTries(outcome.error, tries, outcome.told, budget);
      budget -= pause;
      door.stats.retries += 1;
      effects.log({ level: 'warn', event: 'http.retry', message: `${outcome.error.message} Trying again in ${pause} ms.`, wait_ms: pause });
      if (outcome.told !== undefined) gate.hold(pause);
      await effects.sleep(pause);
    }
  }

  return { request, stats: door.stats };
}

async function attempt(door: Door, call: Call, accept: readonly number[], within: number): Promise<Outcome> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), within);
  const reading = {
    maxBytes: door.maxBytes,
    accept,
    sent: () => {
      door.stats.requests += 1;
    },
    arriving: () => door.effects.failpoint('fetch.mid_body'),
  };
  let reply: Reply;
  try {
    reply = await exchange(door.wire, call, reading, abort.signal);
  } catch (error) {
    return abort.signal.aborted ? late(call, within) : failed(call, error);
  } finally {
    clearTimeout(timer);
  }
  const bytes = reply.body.length;
  door.stats.bytes += bytes;
  door.effects.log({
    level: 'debug',
    event: 'http.answer',
    message: `${call.where} answered ${reply.status}`,
    status: reply.status,
    bytes,
  });
  await door.recorder?.record(call, reply);
  return judge(door, call, reply, accept);
}

function judge(door: Door, call: Call, reply: Reply, accept: readonly number[]): Outcome {
  const { status, headers, body } = reply;
  const { text, broken } = decodeText(body, headers['content-type']);
  if (broken)
    door.effects.log({ level: 'warn', event: 'http.text', message: `${call.where} sent bytes that are no text; they became U+FFFD` });
  if (accept.includes(status) || (status >= 200 && status < 300)) return read(call, reply, text);
  const error = statusError(call.where, status, said(text, door.redactor), door.meaning(call, status));
  return { error, passing: isPassing(status), told: toldToWait(headers, door.effects.now()) };
}

/** The source's own words, one harmless line of them. */
function said(text: string, redactor: Redactor): string {
  const parsed = parseJson(text);
  const raw = text.trimStart().startsWith('<') ? '' : text.slice(0, 10_000);
  const words = redactor.clean(parsed.ok ? wordsOf(parsed.json) : raw);
  return words
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

function read(call: Call, reply: Reply, text: string): Outcome {
  const { status, headers } = reply;
  // An empty body is an answer to an order, or where the status says so; to a question it would pass for "none".
  const mayBeEmpty = call.method !== 'GET' || status === 204 || status >= 300;
  if (status >= 300 && status < 400) return { answer: { status, headers, json: null } };
  if (mayBeEmpty && text.trim() === '') return { answer: { status, headers, json: null } };
  const parsed = parseJson(text);
  if (parsed.ok) return { answer: { status, headers, json: parsed.json } };
  const message = `${call.where} answered ${status}, but ${parsed.why}. Check base_url, the credentials, and proxies in between.`;
  return { error: new SourceError(parsed.kind, message, { status }), passing: parsed.kind === 'truncated' };
}

function late(call: Call, within: number): Outcome {
  const message = `${call.where} gave no complete answer within ${Math.round(within)} ms. Ask for smaller pages, or raise deadline_ms of this source.`;
  return { error: new SourceError('timeout', message), passing: false };
}

function failed(call: Call, error: unknown): Outcome {
  if (error instanceof SourceError) return { error, passing: error.kind === 'truncated' };
  return { error: failureError(call.where, call.url.host, error), passing: ['ECONNRESET', 'EPIPE', 'EAI_AGAIN'].includes(codeOf(error)) };
}

function withTries(error: SourceError, tries: number, told: number | undefined, left: number): SourceError {
  const wait =
    told !== undefined && told >= left
      ? ` It asks to wait ${Math.ceil(told / 1000)} s, but ${Math.floor(Math.max(0, left) / 1000)} s are left for retries.`
      : '';
  const options = { cause: error.cause, ...(error.status === undefined ? {} : { status: error.status }) };
  return new SourceError(error.kind, `${error.message} Tried ${tries} ${tries === 1 ? 'time' : 'times'}.${wait}`, options);
}

function warnOfPlainText(base: URL, effects: Effects): void {
  if (base.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(base.hostname)) return;
  effects.log({
    level: 'warn',
    event: 'http.plain',
    message: `${base.host} is asked over plain http: anyone on the way can read its token. Use https.`,
  });
}
