import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';

/** What the server says at each step: a reply, `drop` the connection, or say nothing at all. */
type Line = string | 'drop' | 'silence';

export interface Script {
  greeting?: Line;
  ehlo?: Line;
  starttls?: Line;
  auth?: Line;
  mail?: Line | (() => Line);
  rcpt?: Line | ((address: string) => Line);
  data?: Line;
  /** Bytes of the message after which the connection is cut. */
  cut?: number;
  dot?: Line | (() => Line);
  /** Milliseconds before the answer to the dot. */
  patience?: number | (() => number);
  /** Answers byte by byte. */
  slowly?: boolean;
  tls?: { key: string; cert: string };
}

export interface ScriptedServer {
  port: number;
  /** Every message of which the dot arrived, taken or not. */
  arrived: { to: string; data: Buffer; accepted: boolean }[];
  commands: string[];
}

/** An SMTP server that does as it is told, on the loopback, until the test is over. */
export async function scripted(t: TestContext, script: Script): Promise<ScriptedServer> {
  const seen: ScriptedServer = { port: 0, arrived: [], commands: [] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the client may be gone
    // Each holds the bytes of its mail: in a long run they would look like the program's own growth.
    socket.on('close', () => sockets.delete(socket));
    talk(socket, script, seen);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) seen.port = address.port;
  return seen;
}

function talk(socket: Socket, script: Script, seen: ScriptedServer, greet = true): void {
  let pending = Buffer.alloc(0);
  let inData = false;
  let to = '';
  const say = async (line: Line): Promise<void> => {
    if (line === 'drop') socket.destroy();
    else if (line !== 'silence' && script.slowly === true)
      for (const byte of `${line}\r\n`) await new Promise((done) => socket.write(byte, done));
    else if (line !== 'silence') socket.write(`${line}\r\n`);
  };
  const endOfData = async (data: Buffer): Promise<void> => {
    const line = (typeof script.dot === 'function' ? script.dot() : script.dot) ?? '250 2.0.0 taken';
    const accepted = line.startsWith('250') || line === 'silence' || line === 'drop';
    seen.arrived.push({ to, data, accepted });
    if (script.patience !== undefined) await delay(typeof script.patience === 'number' ? script.patience : script.patience());
    await say(line);
  };
  const command = async (line: string): Promise<void> => {
    seen.commands.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return say(script.ehlo ?? ehloOf(script, socket));
    if (verb === 'HELO') return say('502 no');
    if (verb === 'STAR') {
      if (script.starttls !== undefined || script.tls === undefined) return say(script.starttls ?? '502 no');
      await say('220 go');
      socket.removeAllListeners('data');
      const secured = new TLSSocket(socket, { isServer: true, ...script.tls });
      secured.on('error', () => {});
      talk(secured, script, seen, false);
      return;
    }
    if (verb === 'AUTH') return say(script.auth ?? '235 ok');
    if (verb === 'MAIL') return say((typeof script.mail === 'function' ? script.mail() : script.mail) ?? '250 ok');
    if (verb === 'RCPT') {
      to = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
      return say((typeof script.rcpt === 'function' ? script.rcpt(to) : script.rcpt) ?? '250 ok');
    }
    if (verb === 'DATA') {
      inData = (script.data ?? '354').startsWith('354');
      return say(script.data ?? '354 go');
    }
    return say(verb === 'QUIT' ? '221 bye' : '250 ok');
  };
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    if (inData && script.cut !== undefined && pending.length > script.cut) return void socket.destroy();
    for (;;) {
      const end = pending.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = pending.subarray(0, end);
      pending = pending.subarray(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        void endOfData(Buffer.from(part));
      } else void command(part.toString());
    }
  });
  if (greet) void say(script.greeting ?? '220 scripted');
}

function ehloOf({ tls, auth }: Script, socket: Socket): string {
  const secure = socket instanceof TLSSocket;
  return [
    '250-scripted',
    ...(tls !== undefined && !secure ? ['250-STARTTLS'] : []),
    ...(auth === undefined ? [] : ['250-AUTH PLAIN LOGIN']),
    '250 SIZE 20000000',
  ].join('\r\n');
}
