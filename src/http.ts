// CONTRACT ONLY - the implementer replaces this file, keeping these exports.
import type { Effects } from './effects.ts';

export interface HttpSettings {
  /** Every path is resolved against it, and no request leaves its host. */
  base_url: string;
  /** A private CA, added for this source only. TLS is always verified. */
  ca_file?: string;
  /** Sent with every request; values may be secrets. */
  headers?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Whole-request deadline in ms, body included. */
  deadline_ms?: number;
  /** Cap on the decompressed body. */
  max_bytes?: number;
  /** Total time that retries of one run may take. */
  retry_budget_ms?: number;
  /** At most so many requests in flight and per second. */
  concurrency?: number;
  requests_per_second?: number;
  /** Folder for redacted recordings. */
  record_to?: string;
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Readonly<Record<string, string | { reveal(): string }>>;
  /** Statuses besides 2xx that are an answer here, not an error. */
  accept?: readonly number[];
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; integers beyond 2^53 arrive as exact strings. */
  json: unknown;
}

export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** What this run did so far, for the batch's row. */
  readonly stats: { requests: number; retries: number; bytes: number };
}

/** Named outcomes; 401, 403 and 404 never mean "none". */
export type SourceErrorKind =
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'rejected'
  | 'throttled'
  | 'server-error'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'too-large'
  | 'not-json'
  | 'truncated'
  | 'redirected'
  | 'endless'
  | 'unexpected';

/** A source did not answer as it should. Message: what, where (method, URL path, status), and the next step. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly kind: SourceErrorKind;
  readonly status: number | undefined;
  constructor(kind: SourceErrorKind, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
  }
}

export declare function openHttp(settings: HttpSettings, effects: Effects): Promise<Http>;
