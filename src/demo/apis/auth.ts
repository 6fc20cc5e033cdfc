import type { Asked, Reply } from '../server.ts';

/** Who may ask. Every kind of login that products use is one function here. */
export interface Auth {
  admits(asked: Asked): boolean;
  /** The answer to a request for a token; undefined: it is none. */
  login?(asked: Asked): Reply | undefined;
}

export const loopbackToken = 'loopback-token';

/** One header with a fixed value, e.g. ('authorization', 'ApiToken loopback-token'). */
export function headerAuth(name: string, value: string): Auth {
  return { admits: (asked) => asked.headers[name.toLowerCase()] === value };
}

export function basicAuthOf(user: string, password: string): Auth {
  return headerAuth('authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
}

interface TokenServer {
  path: string;
  /** Whether the request for a token holds the right credentials. */
  accepts(asked: Asked, form: URLSearchParams): boolean;
  refusal: Reply;
  /** Requests that one token is good for; absent: without end. */
  uses?: number | undefined;
  /** The answer that carries a token; default: RFC 6749's. */
  answer?(token: string): unknown;
  /** The token a request carries; default: after "Bearer ". */
  carried?(asked: Asked): string | undefined;
}

/** OAuth client credentials, signed assertions and session logins alike: tokens that end. */
export function tokenAuth({ path, accepts, refusal, uses = Number.POSITIVE_INFINITY, answer, carried }: TokenServer): Auth {
  const left = new Map<string, number>();
  const tokenOf = carried ?? ((asked: Asked) => asked.headers.authorization?.replace(/^Bearer /, ''));
  return {
    login(asked) {
      if (asked.path !== path) return undefined;
      if (!accepts(asked, new URLSearchParams(asked.body))) return refusal;
      const token = `token-${left.size + 1}`;
      left.set(token, uses);
      const body = answer?.(token) ?? { token_type: 'Bearer', expires_in: 3600, access_token: token };
      return { status: 200, body: JSON.stringify(body) };
    },
    admits(asked) {
      const token = tokenOf(asked) ?? '';
      const good = left.get(token) ?? 0;
      if (good > 0) left.set(token, good - 1);
      return good > 0;
    },
  };
}

/** Every request signed by a shared key: `sign` gives the headers a right request has. */
export function signedAuth(sign: (asked: Asked) => Readonly<Record<string, string>>): Auth {
  return { admits: (asked) => Object.entries(sign(asked)).every(([name, value]) => asked.headers[name.toLowerCase()] === value) };
}
