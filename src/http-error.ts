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

/** Kind, what is wrong, what to do. */
type Meaning = readonly [kind: SourceErrorKind, what: string, next: string];

const statusMeanings: Readonly<Record<number, Meaning>> = {
  401: ['unauthorised', 'the credentials were not accepted', 'Check the token or password: it may be wrong, expired or revoked.'],
  403: ['forbidden', 'the account may not do this', 'Give it the permissions that doctor lists for this product.'],
  404: ['not-found', 'there is nothing at this path', 'Check base_url and the version of the product.'],
  407: ['rejected', 'a proxy wants credentials', 'Let this machine reach the source without that proxy.'],
  408: ['timeout', 'the source gave up waiting', 'Try again later; a smaller window may help.'],
  425: ['throttled', 'the source asks to come later', 'Try again later.'],
  429: ['throttled', 'too many requests', 'Try again later, or lower requests_per_second and concurrency of this source.'],
};
const rejected: Meaning = ['rejected', 'the request was refused', 'Check the settings of this source and the version of the product.'];
const serverError: Meaning = ['server-error', 'the source failed', "Try again later; if it stays, look at the product's own log."];
const strange: Meaning = ['unexpected', 'this is no answer to the request', 'Check base_url.'];

function meaningOf(status: number): Meaning {
  const named = statusMeanings[status];
  if (named !== undefined) return named;
  if (status >= 500) return serverError;
  return status >= 400 ? rejected : strange;
}

/**
 * An answer whose status is no success. `where` is "GET /path"; `said` the source's own words, already redacted, or '';
 * `meaning` what that product means by it, or ''.
 */
export function statusError(where: string, status: number, said: string, meaning: string): SourceError {
  const [kind, what, next] = meaningOf(status);
  const quote = said === '' ? '' : ` (it says: "${said}")`;
  return new SourceError(kind, `${where} answered ${status}: ${what}${quote}. ${next} ${meaning}`.trimEnd(), { status });
}

const caFile = 'put that CA (PEM) into a file and set ca_file of this source';
const unknownCa: Meaning = ['tls', 'its certificate comes from an unknown CA', `If the source uses a private CA, ${caFile}.`];

/** Node's and OpenSSL's names for what can go wrong before there is an answer. */
const failureMeanings: Readonly<Record<string, Meaning>> = {
  CERT_HAS_EXPIRED: [
    'tls',
    'its certificate has expired',
    `Renew it on the source, or if it was replaced by one of a private CA, ${caFile}.`,
  ],
  CERT_NOT_YET_VALID: ['tls', 'its certificate is not valid yet', `Check the clocks of both machines; for a private CA, ${caFile}.`],
  CERT_REVOKED: ['tls', 'its certificate was revoked', `Renew it on the source; for a private CA, ${caFile}.`],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'tls',
    'its certificate is for another host (wrong host name)',
    `Set base_url to a name the certificate carries; ca_file cannot help with a wrong name.`,
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'tls',
    'its certificate is self-signed, from an unknown CA',
    'Put that certificate (PEM) into a file and set ca_file of this source.',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  ENOTFOUND: ['unreachable', 'the host name is not known', 'Check the host in base_url and the DNS of this machine.'],
  EAI_AGAIN: ['unreachable', 'the name server did not answer', 'Check the DNS of this machine.'],
  ECONNREFUSED: ['unreachable', 'the connection was refused', 'Check host and port in base_url, the firewall, and that the source is up.'],
  EHOSTUNREACH: ['unreachable', 'there is no route to the host', 'Check the network and the firewall between this machine and the source.'],
  ENETUNREACH: ['unreachable', 'the network is unreachable', 'Check the network of this machine.'],
  ETIMEDOUT: ['unreachable', 'the connection timed out', 'Check host and port in base_url and the firewall.'],
  ECONNRESET: [
    'unreachable',
    'the connection was cut',
    'Check that base_url has the right scheme and port (http or https), then proxies and firewalls.',
  ],
  EPIPE: ['unreachable', 'the connection was cut', 'Check proxies and firewalls between this machine and the source.'],
};
const brokenTls: Meaning = [
  'tls',
  'no TLS connection came about',
  `Check that the port speaks TLS 1.2 or newer; for a private CA, ${caFile}.`,
];
const notHttp: Meaning = ['unexpected', 'what answers there does not speak HTTP', 'Check scheme and port of base_url.'];
const unknownFailure: Meaning = ['unexpected', 'the request failed', 'Check base_url and the network.'];

function meaningOfCode(code: string): Meaning {
  const named = failureMeanings[code];
  if (named !== undefined) return named;
  if (/^(CERT_|ERR_SSL|ERR_TLS|EPROTO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_)/.test(code)) return brokenTls;
  return code.startsWith('HPE_') ? notHttp : unknownFailure;
}

/** A request that got no answer. `host` is host:port, without credentials. */
export function failureError(where: string, host: string, error: unknown): SourceError {
  const code = codeOf(error);
  const [kind, what, next] = meaningOfCode(code);
  // The library's own error carries the whole request, secrets included: only its code goes along.
  const cause = new Error(code === '' ? 'no code' : code);
  return new SourceError(kind, `${where} got no answer from ${host}: ${what}${code === '' ? '' : ` (${code})`}. ${next}`, { cause });
}

/** The system's or library's short name of a failure, '' where there is none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const wordy = [
  'message',
  'error_description',
  'description',
  'detail',
  'err_msg',
  'text',
  'title',
  'reason',
  'error',
  'errors',
  'messages',
  'reply',
];

/** The sentence in a product's error body, wherever it hides it; '' where there is none. */
export function wordsOf(json: unknown, depth = 0): string {
  if (typeof json === 'string') return json;
  if (typeof json !== 'object' || json === null || depth > 3) return '';
  if (Array.isArray(json)) return wordsOf(json[0], depth + 1);
  const fields = new Map<string, unknown>(Object.entries(json));
  for (const name of wordy) {
    const words = wordsOf(fields.get(name), depth + 1);
    if (words !== '') return words;
  }
  return '';
}
