import { sign } from 'node:crypto';
import { type Http, SourceError } from '../../http.ts';
import { openSession, readOAuthToken } from '../../products/index.ts';
import type { Context } from './settings.ts';

/** A signed assertion is changed for a token of an hour [login]. */
export function doorTo({ http, effects, settings }: Context): Http {
  const { client_email, private_key, token_url } = settings;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return openSession(http, effects, {
    read: readOAuthToken,
    request() {
      const iat = Math.floor(effects.now() / 1000);
      const scope = 'https://www.googleapis.com/auth/cloud-platform';
      const claims = { iss: client_email, scope, aud: token_url, iat, exp: iat + 3600 };
      const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
      const assertion = `${signed}.${signatureOf(signed, private_key.reveal())}`;
      return {
        path: token_url,
        form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: { reveal: () => assertion } },
      };
    },
  });
}

function signatureOf(text: string, key: string): string {
  try {
    // In the JSON file line breaks are written as \n.
    return sign('sha256', Buffer.from(text), key.replaceAll('\\n', '\n')).toString('base64url');
  } catch {
    throw new SourceError(
      'unauthorised',
      'private_key is no private key in PEM form; take "private_key" of the JSON file of the service account.',
    );
  }
}
