import { createConnection, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Effects } from './effects.ts';
import type { Ms } from './finding.ts';
import { codeOf } from './http-error.ts';
import { trustWith } from './http-wire.ts';

export interface Endpoint {
  host: string;
  port: number;
  /** The mail server's way: plain at first. */
  starttls?: boolean;
  /** A private CA, absolute. */
  ca_file?: string;
}

const patience = 8_000;

/** When the certificate ends that an endpoint shows; undefined when it cannot be asked, which others tell better. */
export async function certificateEnd(endpoint: Endpoint, effects: Effects): Promise<Ms | 'over' | undefined> {
  const { host, port, starttls, ca_file } = endpoint;
  let plain: Socket | undefined;
  try {
    const trust = ca_file === undefined ? {} : { secureContext: await trustWith(ca_file, effects) };
    plain = createConnection({ host, port });
    plain.setTimeout(patience, () => plain?.destroy(new Error('too slow')));
    if (starttls === true) await askForTls(plain);
    // An address is no server name.
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const secured = connect({ socket: plain, host, ...name, ...trust });
    return await endOf(secured);
  } catch (error) {
    return codeOf(error) === 'CERT_HAS_EXPIRED' ? 'over' : undefined;
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
