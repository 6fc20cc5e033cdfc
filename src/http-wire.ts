import { X509Certificate } from 'node:crypto';
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Effects } from './effects.ts';
import { codeOf, SourceError } from './http-error.ts';
import type { Wire } from './http-exchange.ts';

/** axios behind one function. It is loaded here, as what speaks HTTP and TLS is, because a report that needs no network must not wait for it. */
export async function openWire(caFile: string | undefined, effects: Effects): Promise<Wire> {
  refuseBlindTls(effects);
  const agents = await agentsFor(caFile, effects);
  const { default: axios } = await import('axios');
  const client = axios.create({
    adapter: 'http',
    ...agents,
    // No proxy from the environment, no redirects, no unpacking, no judging: all of that is decided on this side.
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    responseType: 'stream',
    validateStatus: () => true,
    transformRequest: (data: unknown) => data,
  });
  return async (call, signal) => {
    const answer = await client.request<Readable>({
      method: call.method,
      url: call.url.href,
      headers: { ...call.headers },
      data: call.body,
      signal,
    });
    return { status: answer.status, headers: flat(answer.headers), stream: answer.data };
  };
}

function flat(headers: object): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]: [string, unknown]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return Object.fromEntries(entries);
}

/** Verification is always on for our own connections, but whoever sets this believes that it is off. */
function refuseBlindTls(effects: Effects): void {
  if (effects.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new SourceError(
      'tls',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, which asks for unverified TLS. Unset it; for a private CA, put the CA (PEM) into a file and set ca_file of the source.',
    );
  }
}

async function agentsFor(caFile: string | undefined, effects: Effects): Promise<{ httpAgent: HttpAgent; httpsAgent: HttpsAgent }> {
  const trust = caFile === undefined ? {} : { secureContext: await trustWith(caFile, effects) };
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return {
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true, rejectUnauthorized: true, ...trust }),
  };
}

/** The default roots and the file's certificates; `ca` alone would replace the roots. */
export async function trustWith(caFile: string, effects: Effects): Promise<SecureContext> {
  const refuse = (what: string, cause?: unknown) =>
    new SourceError('tls', `ca_file ${caFile} ${what}. It must hold the CA's certificate as PEM (-----BEGIN CERTIFICATE-----).`, { cause });
  const { createSecureContext, getCACertificates } = await import('node:tls');
  const pem = await effects.readFile(caFile).catch((error: unknown) => {
    throw refuse(`cannot be read (${codeOf(error)})`, error);
  });
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs);
  if (blocks === null) throw refuse('holds no certificate');
  try {
    // The context skips what it cannot read without a word, so each is read here first.
    for (const block of blocks) new X509Certificate(block);
    // A single server's certificate or an intermediate CA in the file is trusted as it stands (pinning).
    return createSecureContext({ ca: [...getCACertificates('default'), ...blocks], allowPartialTrustChain: true });
  } catch (error) {
    throw refuse('holds a certificate that cannot be read', error);
  }
}
