import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call, Reply } from './http-exchange.ts';
import { decodeText, parseJson } from './http-json.ts';

/** A value that prints itself as nothing; `reveal()` gives it. */
export interface Revealable {
  reveal(): string;
}

export function isSecret(value: unknown): value is Revealable {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}

const hidden = '[secret]';

/** Knows every secret this connection has used, and takes them out of texts. */
export interface Redactor {
  /** Remembers a secret and what can be read from it (token of "Bearer …", password of "Basic …"). Returns it. */
  learn(secret: string): string;
  clean(text: string): string;
}

export function openRedactor(): Redactor {
  const known = new Set<string>();
  function remember(text: string): void {
    // Shorter ones would blank out half of every text, and are no secrets.
    if (text.length < 4) return;
    for (const form of [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)]) known.add(form);
  }
  return {
    learn(secret) {
      const [scheme = '', ...parts] = secret.split(' ');
      remember(secret);
      for (const part of parts) remember(part);
      if (scheme === 'Basic') remember(/:(.*)$/s.exec(Buffer.from(parts[0] ?? '', 'base64').toString())?.[1] ?? '');
      return secret;
    },
    clean(text) {
      let clean = text;
      for (const secret of [...known].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, hidden);
      return clean;
    },
  };
}

const secretHeader = /auth|^sec$|cookie|token|secret|passw|signature|api-?key|session|csrf|xsrf/i;
// "token" alone is a credential; "next_token" and its like are places in a list and must stay.
const secretField =
  /^(?:(?:access|refresh|id|api|auth|bearer|session|csrf|xsrf|security)?token|.*secret|.*passw(?:or)?d|pwd|api_?key|access_?key|private_?key|session_?(?:key|id)|assertion|jwt|authorization)$/i;
const secretQuery = /^(?:key|code|sig|signature|sid|auth|session)$/i;
const tokenPath = /\/(?:o?auth2?|tokens?|access_?token|login|authenticate|sessions?)\/?$/i;

export function isSecretQuery(name: string): boolean {
  return isSecretField(name) || secretQuery.test(name);
}

export function isSecretHeader(name: string): boolean {
  return secretHeader.test(name);
}

function isSecretField(name: string): boolean {
  return secretField.test(name.replace(/[-_.]/g, '')) || secretField.test(name);
}

/** What of an answer's headers a fixture needs. */
const keptHeader =
  /^(?:content-type|content-range|date|link|retry-after|deprecated|deprecation|etag|x-total.*|x-rate-?limit.*|ratelimit.*)$/;

/** Writes redacted exchanges, one JSON file each, numbered in the order in which they ended. */
export interface Recorder {
  record(call: Call, reply: Reply): Promise<void>;
}

export function openRecorder(folder: string, redactor: Redactor): Recorder {
  let next: Promise<number> | undefined;
  async function firstNumber(): Promise<number> {
    await mkdir(folder, { recursive: true });
    const numbers = (await readdir(folder)).map((name) => Number(/^(\d+)-.*\.json$/.exec(name)?.[1] ?? '0'));
    return Math.max(0, ...numbers) + 1;
  }
  return {
    async record(call, reply) {
      const number = next ?? firstNumber();
      next = number.then((value) => value + 1);
      const name = `${String(await number).padStart(4, '0')}-${call.method.toLowerCase()}-${slug(redactor.clean(call.url.pathname))}.json`;
      await writeFile(join(folder, name), `${JSON.stringify(exchangeOf(call, reply, redactor), null, 2)}\n`, { flag: 'wx' });
    },
  };
}

function slug(path: string): string {
  const words = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return words === '' ? 'root' : words.slice(-60);
}

function exchangeOf(call: Call, reply: Reply, redactor: Redactor): Record<string, unknown> {
  const isToken = tokenPath.test(call.url.pathname);
  const { text } = decodeText(reply.body, reply.headers['content-type']);
  const kept = Object.entries(reply.headers).filter(([name]) => keptHeader.test(name));
  return {
    method: call.method,
    path: redactor.clean(call.url.pathname),
    query: pairs([...call.url.searchParams], isSecretQuery, redactor),
    headers: pairs(Object.entries(call.headers), isSecretHeader, redactor),
    ...(call.body === undefined ? {} : { body: requestBody(call, String(call.body), redactor) }),
    answer: { status: reply.status, headers: pairs(kept, isSecretHeader, redactor), body: recordedBody(text, isToken, redactor) },
  };
}

function pairs(entries: [string, string][], isSecretName: (name: string) => boolean, redactor: Redactor): Record<string, string> {
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecretName(name) ? hidden : redactor.clean(value)]));
}

function requestBody(call: Call, body: string, redactor: Redactor): unknown {
  if (call.headers['content-type']?.startsWith('application/json')) return recordedBody(body, false, redactor);
  return pairs([...new URLSearchParams(body)], isSecretQuery, redactor);
}

function recordedBody(text: string, isToken: boolean, redactor: Redactor): unknown {
  const parsed = parseJson(text, 'raw');
  if (parsed.ok) return redactTree(parsed.json, isToken, redactor);
  return isToken ? hidden : redactor.clean(text);
}

/** Depth is bounded by parseJson. In a token's answer every text but the token's type goes. */
function redactTree(value: unknown, isToken: boolean, redactor: Redactor): unknown {
  if (typeof value === 'string') return isToken ? hidden : redactor.clean(value);
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => redactTree(item, isToken, redactor));
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    if (isSecretField(key) && (typeof inner === 'string' || typeof inner === 'number')) return [key, hidden];
    return [redactor.clean(key), redactTree(inner, isToken && key !== 'token_type', redactor)];
  });
  return Object.fromEntries(entries);
}
