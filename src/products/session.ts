import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { type Http, type HttpAnswer, type HttpRequest, SourceError } from '../http.ts';
import { Secret } from '../secret.ts';

interface Login {
  /** The request that gives a token; made anew each time, as a signed assertion must be. Sent without the token. */
  request(): HttpRequest;
  /** The token and how many seconds it lives; `readOAuthToken` for the usual form. Throws for anything else. */
  read(answer: HttpAnswer): { token: string; seconds?: number | undefined };
  /** How a request carries it; "Authorization: Bearer …" when absent. */
  headers?(token: Secret): NonNullable<HttpRequest['headers']>;
}

interface Token {
  secret: Secret;
  /** On the clock that never jumps. */
  until: number;
}

/**
 * A door that logs in when it is first used and again before the token ends, or once when an answer says 401: tokens are
 * also revoked and lost in restarts. A second 401 is the caller's. All requests share one login.
 */
export function openSession(http: Http, effects: Effects, login: Login): Http {
  let current: Promise<Token> | undefined;

  async function logIn(): Promise<Token> {
    const { token, seconds } = login.read(await askForToken(http, login.request()));
    // A minute early, so that it does not end on the way; a tenth of it where it lives for minutes only.
    const life = seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(seconds - 60, seconds * 0.9) * 1000;
    return { secret: new Secret(token, 'login'), until: effects.monotonic() + life };
  }
  async function token(): Promise<Token> {
    current ??= logIn();
    const asked = current;
    try {
      const known = await asked;
      if (effects.monotonic() < known.until) return known;
    } catch (error) {
      if (current === asked) current = undefined;
      throw error;
    }
    if (current === asked) current = logIn();
    return token();
  }
  async function send(request: HttpRequest, { secret }: Token): Promise<HttpAnswer> {
    const carried = login.headers?.(secret) ?? { Authorization: new Secret(`Bearer ${secret.reveal()}`, 'login') };
    return http.request({ ...request, headers: { ...carried, ...request.headers } });
  }
  return {
    stats: http.stats,
    async request(request) {
      const first = await token();
      const used = current;
      try {
        return await send(request, first);
      } catch (error) {
        if (!(error instanceof SourceError) || error.kind !== 'unauthorised') throw error;
        if (current === used) current = undefined;
        return send(request, await token());
      }
    },
  };
}

/** A token server refuses with 400 "invalid_client" or 401: either way it is the credentials. */
async function askForToken(http: Http, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await http.request({ method: 'POST', idempotent: true, ...request });
  } catch (cause) {
    if (!(cause instanceof SourceError) || (cause.status !== 400 && cause.status !== 401)) throw cause;
    const message = `${cause.message} The login was refused: check the id and the secret of the account, whether the secret has expired, and the tenant.`;
    throw new SourceError('unauthorised', message, { cause, status: cause.status });
  }
}

/** Seconds are a text in older token servers (Entra ID v1). */
const oauthToken = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

/** RFC 6749's answer. Throws SourceError. */
export function readOAuthToken(answer: HttpAnswer): { token: string; seconds: number | undefined } {
  const read = oauthToken.safeParse(answer.json);
  if (!read.success) throw new SourceError('unexpected', 'The login gave no access_token. Check the address of the token server.');
  return { token: read.data.access_token, seconds: read.data.expires_in };
}
