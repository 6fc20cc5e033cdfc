import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Smtp } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Asked } from './channel.ts';
import { type Fault, faultOf } from './fault.ts';

/** How long each step may take, in milliseconds. RFC 5321 4.5.3.2.6 wants ten minutes for the answer to the last dot. */
export interface Patience {
  connect: number;
  greeting: number;
  answer: number;
}
const patience: Patience = { connect: 60_000, greeting: 60_000, answer: 600_000 };

export interface Attempt {
  to: string;
  body: Uint8Array;
  /** Called right before the last byte leaves; what it does must be durable when it returns. If it throws, the mail is not sent. */
  mark(): void;
}

/** Sends the bytes as they are, in a connection and a transaction of their own. */
export async function sendBytes(
  smtp: Smtp,
  { to, body, mark }: Attempt,
  effects: Effects,
  wait: Patience = patience,
): Promise<{ kind: 'sent'; reason: string } | Fault> {
  let handedOver = false;
  let connection: SMTPConnection | undefined;
  try {
    connection = await openConnection(smtp, effects, wait);
    const stream = streamOf(body, effects, () => {
      mark();
      handedOver = true;
    });
    const response = await transmit(connection, { smtp, to, size: body.byteLength, effects }, stream);
    effects.failpoint('smtp.after_250_before_commit');
    return { kind: 'sent', reason: response };
  } catch (error) {
    return faultOf(error, handedOver);
  } finally {
    connection?.close();
  }
}

/**
 * nodemailer's connection without its transport: the transport reads a message ahead of the server's leave to send it,
 * and then nobody knows how far it got.
 */
async function openConnection(smtp: Smtp, effects: Effects, wait: Patience): Promise<SMTPConnection> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const ca = smtp.ca_file === undefined ? undefined : await effects.readFile(smtp.ca_file);
  return new Connection({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: wait.connect,
    greetingTimeout: wait.greeting,
    socketTimeout: wait.answer,
    dnsTimeout: wait.connect,
  });
}

/** Goes as far as the login, and sends nothing. */
export async function askServer(smtp: Smtp, effects: Effects, wait: Patience = patience): Promise<Asked> {
  let connection: SMTPConnection | undefined;
  try {
    connection = await openConnection(smtp, effects, wait);
    await logIn(connection, smtp, effects);
    connection.quit();
    const trust = smtp.tls === 'none' ? 'without TLS' : 'with TLS';
    return { kind: 'ready', reason: `answers ${trust}${smtp.user === undefined ? '' : `, and takes ${smtp.user}'s login`}` };
  } catch (error) {
    return faultOf(error, false);
  } finally {
    connection?.close();
  }
}

/** Logs in, hands over and says goodbye; the server's answer to the last dot. */
async function transmit(
  connection: SMTPConnection,
  { smtp, to, size, effects }: { smtp: Smtp; to: string; size: number; effects: Effects },
  stream: Readable,
): Promise<string> {
  await logIn(connection, smtp, effects);
  return new Promise((resolve, reject) => {
    lost(connection, reject);
    // With its size the server's limit is checked before anything is sent.
    connection.send({ from: smtp.from, to: [to], size }, stream, (error, info) => {
      if (error !== null) return reject(error);
      connection.quit();
      resolve(info.response);
    });
  });
}

function lost(connection: SMTPConnection, reject: (error: Error) => void): void {
  connection.on('error', reject);
  connection.once('end', () => reject(new Error('the server closed the connection')));
}

/** Connects, agrees on TLS, and says the password where there is one. */
async function logIn(connection: SMTPConnection, smtp: Smtp, effects: Effects): Promise<void> {
  const { password } = smtp.secrets;
  return new Promise((resolve, reject) => {
    lost(connection, reject);
    connection.connect((error) => {
      if (error !== undefined && error !== null) return reject(error);
      try {
        effects.failpoint('smtp.connected');
      } catch (cause) {
        return reject(cause);
      }
      if (smtp.user === undefined || password === undefined) resolve();
      else
        connection.login({ credentials: { user: smtp.user, pass: password.reveal() } }, (refused) =>
          refused === null ? resolve() : reject(refused),
        );
    });
  });
}

const piece = 64 * 1024;

/** Read only after the server allowed DATA; the dot is written only after its end. */
function streamOf(body: Uint8Array, effects: Effects, last: () => void): Readable {
  let at = 0;
  return new Readable({
    read() {
      effects.failpoint(at === 0 ? 'smtp.data_started' : 'smtp.mid_data');
      const end = Math.min(at + piece, body.byteLength);
      const chunk = body.subarray(at, end);
      at = end;
      if (end < body.byteLength) {
        this.push(chunk);
        return;
      }
      try {
        effects.failpoint('smtp.before_dot_mark');
        last();
        effects.failpoint('smtp.after_dot_mark');
      } catch (error) {
        this.destroy(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      this.push(chunk);
      this.push(null);
    },
  });
}
