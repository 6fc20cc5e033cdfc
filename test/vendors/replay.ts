import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, collectSource } from '../../src/collect.ts';
import { type Asked, startLoopback } from '../../src/demo/server.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { type Http, openHttp } from '../../src/http.ts';
import { type Normalised, normaliser } from '../../src/normalise.ts';
import { Secret, secretReference } from '../../src/secret.ts';
import type { AnyVendor, CollectWindow } from '../../src/vendors/vendor.ts';

/** One request that a case expects, and its answer. Each is used once, in any order. */
interface Exchange {
  /** Below base_url; with a leading "/" below any other origin, as the token server's. */
  path: string;
  /** Texts that the request's body must hold. */
  asks?: string[];
  /** These parameters must be asked for, others may. */
  query?: Record<string, string>;
  range?: string;
  /** 200 when absent. */
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
}

interface Case {
  settings: Record<string, unknown>;
  window: CollectWindow;
  collected_at: number;
  /** Files beside the case folders whose exchanges may be used, or not, and more than once. */
  with: string[];
  exchanges: Exchange[];
}

/** Waits for nothing and is always at the same instant. */
export function stillEffects(now: number): Effects {
  return { ...realEffects, now: () => now, sleep: async () => {}, random: () => 0 };
}

/** Collects a case over real HTTP from its recorded exchanges. An unexpected request fails, and so does an unused exchange. */
export async function replay(vendor: AnyVendor, folder: string): Promise<{ collection: Collection; normalised: Normalised }> {
  const { settings: given, window, collected_at, exchanges, ...rest }: Case = read(join(folder, 'api.json'));
  const shared = rest.with.flatMap((name): Exchange[] => read(join(folder, '..', `${name}.json`)));
  const settings: unknown = vendor.settings.parse(withSecrets(given));
  const connection = vendor.connection?.(settings) ?? assert.fail(`${vendor.id} has api.json but no connection`);
  const base = new URL(connection.base_url);
  const prefix = base.pathname.replace(/\/$/, '');
  const left = [...exchanges];
  const unexpected: string[] = [];
  const server = await startLoopback((asked) => {
    const at = left.findIndex((each) => matches(each, asked, prefix));
    const found = at >= 0 ? left.splice(at, 1)[0] : shared.find((each) => matches(each, asked, prefix));
    if (found === undefined) unexpected.push(`${asked.path}?${asked.query} ${asked.headers.range ?? ''}`);
    return { status: found?.status ?? 200, headers: found?.headers ?? {}, body: found?.text ?? JSON.stringify(found?.json) ?? 'null' };
  });
  try {
    const effects = stillEffects(collected_at);
    const door = await openHttp({ ...connection, base_url: `${server.url}${prefix}` }, effects);
    const http: Http = { stats: door.stats, request: (request) => door.request({ ...request, path: moved(request.path, server.url) }) };
    const records = normaliser(vendor, settings, collected_at);
    const collection = await collectSource({ vendor, settings, window, effects, http, take: records.add });
    assert.deepEqual(unexpected, [], 'unexpected requests');
    assert.deepEqual(left, [], 'unused exchanges');
    return { collection, normalised: records.finish() };
  } finally {
    await server.close();
  }
}

/** Whole addresses, as of a token server or a next link, lead to this machine too. */
function moved(path: string, to: string): string {
  const url = /^https?:/.test(path) ? new URL(path) : undefined;
  return url === undefined ? path : `${to}${url.pathname}${url.search}`;
}

function matches(exchange: Exchange, asked: Asked, prefix: string): boolean {
  if (asked.path !== (exchange.path.startsWith('/') ? exchange.path : `${prefix}/${exchange.path}`)) return false;
  if (exchange.asks?.some((text) => !asked.body.includes(text)) === true) return false;
  if (exchange.range !== undefined && exchange.range !== asked.headers.range) return false;
  return Object.entries(exchange.query ?? {}).every(([name, value]) => asked.query.get(name) === value);
}

function withSecrets(settings: Record<string, unknown>): Record<string, unknown> {
  const isReference = (value: unknown): value is string => typeof value === 'string' && secretReference.test(value);
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      isReference(value) ? new Secret(/KEY_FILE|\.pem/.test(value) ? signingKey() : 'not-a-token', value) : value,
    ]),
  );
}

let pem: string | undefined;

/** A private key of this run, for products whose logins are signed. */
export function signingKey(): string {
  pem ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return pem;
}

// biome-ignore lint/suspicious/noExplicitAny: what a fixture holds is as its interface above says; a wrong one fails at once.
export function read(path: string): any {
  assert.ok(existsSync(path), `${path} is missing`);
  return JSON.parse(readFileSync(path, 'utf8'));
}
