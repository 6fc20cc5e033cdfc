import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Effects } from './effects.ts';
import type { Ms } from './finding.ts';
import { codeOf, failureError } from './http-error.ts';
import { trustWith } from './http-wire.ts';

export interface Endpoint {
  host: string;
  port: number;
  /** The mail server's way: plain at first. */
  starttls?: boolean;
  /** No TLS at all, as on the loopback. */
  plain?: boolean;
  /** A private CA, absolute. */
  ca_file?: string;
}

const patience = 8_000;

/** What a server shows of itself. */
export interface Shown {
  subject: string;
  issuer: string;
  /** SHA-256, as tools print it: "AB:CD:…". */
  fingerprint: string;
  from: Date;
  until: Date;
  ca: boolean;
  pem: string;
}

/**
 * The certificates that a server shows, its own first, whether or not anybody vouches for them: to be looked at and compared.
 * They are verified as always; what a handshake shows is read in the moment before it is refused. Nothing is sent over it.
 */
export async function shownCertificates({ host, port }: Endpoint): Promise<Shown[]> {
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connect({ host, port, ...name });
  socket.setTimeout(patience, () => socket.destroy(new Error('too slow')));
  let own: X509Certificate | undefined;
  // Node's own listener to this event is the one that refuses, so this one has to come before it.
  socket.prependListener('secure', () => {
    own = socket.getPeerX509Certificate();
  });
  try {
    await new Promise<void>((resolve) => {
      socket.once('error', () => resolve());
      socket.once('close', () => resolve());
      socket.once('secureConnect', () => resolve());
    });
  } finally {
    socket.destroy();
  }
  const chain: X509Certificate[] = [];
  for (
    let one = own;
    one !== undefined && !chain.some((known) => known.fingerprint256 === one?.fingerprint256);
    one = one.issuerCertificate
  )
    chain.push(one);
  return chain.map((one) => ({
    subject: oneLine(one.subject),
    issuer: oneLine(one.issuer),
    fingerprint: one.fingerprint256,
    from: one.validFromDate,
    until: one.validToDate,
    ca: one.ca,
    pem: one.toString(),
  }));
}

function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

/** When the certificate ends that an endpoint shows; undefined when it cannot be asked, which others tell better. */
export async function certificateEnd(endpoint: Endpoint, effects: Effects): Promise<Ms | 'over' | undefined> {
  try {
    return await shakeHands(endpoint, effects);
  } catch (error) {
    return codeOf(error) === 'CERT_HAS_EXPIRED' ? 'over' : undefined;
  }
}

/** Why nothing can be handed over to an endpoint; undefined when it is reached and is who it says. */
export async function reach(
  endpoint: Endpoint,
  effects: Effects,
): Promise<{ lost: 'not-reached' | 'not-trusted'; reason: string } | undefined> {
  const { host, port } = endpoint;
  try {
    await shakeHands(endpoint, effects);
    return undefined;
  } catch (error) {
    const code = codeOf(error) || 'no answer in time';
    if (failureError('', host, error).kind === 'tls')
      return { lost: 'not-trusted', reason: `${host} shows a certificate nobody vouches for (${code}); for a private CA set ca_file` };
    return { lost: 'not-reached', reason: `${host}:${port} cannot be reached (${code})` };
  }
}

/** When the certificate ends that is shown; where there is no TLS, that somebody answers. */
async function shakeHands({ host, port, starttls, ca_file, plain: open }: Endpoint, effects: Effects): Promise<Ms> {
  let plain: Socket | undefined;
  try {
    const trust = ca_file === undefined ? {} : { secureContext: await trustWith(ca_file, effects) };
    plain = createConnection({ host, port });
    plain.setTimeout(patience, () => plain?.destroy(new Error('too slow')));
    if (starttls === true) await askForTls(plain);
    if (open === true) {
      await once(plain, 'connect');
      return Number.POSITIVE_INFINITY;
    }
    // An address is no server name.
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const secured = connect({ socket: plain, host, ...name, ...trust });
    return await endOf(secured);
  } finally {
    plain?.destroy();
  }
}

function endOf(secured: TLSSocket): Promise<Ms> {
  return new Promise((resolve, reject) => {
    secured.once('error', reject);
    secured.once('close', () => reject(new Error('closed')));
    secured.once('secureConnect', () => resolve(Date.parse(secured.getPeerCertificate().valid_to)));
  });
}

/** RFC 3207: the greeting, EHLO, STARTTLS; then TLS begins on the same connection. */
function askForTls(socket: Socket): Promise<void> {
  const words = ['EHLO soc-kpi\r\n', 'STARTTLS\r\n'];
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('no TLS'));
    socket.once('error', reject);
    socket.once('close', fail);
    socket.on('data', function answer(chunk: Buffer) {
      said += chunk.toString('latin1');
      // "250-" goes on, "250 " ends an answer.
      if (!/(^|\n)\d{3} [^\n]*\n$/.test(said)) return;
      const word = words.shift();
      if (!said.startsWith('2')) fail();
      else if (word !== undefined) socket.write(word);
      else {
        socket.removeListener('data', answer);
        resolve();
      }
      said = '';
    });
  });
}
