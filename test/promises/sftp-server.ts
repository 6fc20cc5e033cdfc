import { createHash, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

export interface Drop {
  port: number;
  hostKey: string;
  /** What stands on the server, by its path. */
  files: Map<string, Buffer>;
  /** What was done, in order. */
  done: string[];
}

export interface Whim {
  /** Status for an operation, instead of doing it. */
  refuse?: (operation: string, path: string) => number | undefined;
  /** Ends the connection before this operation. */
  cut?: string;
}

/** An SFTP server in memory, on the loopback, for the user `soc` with the password `geheim`. */
export async function sftpServer(t: TestContext, whim: Whim = {}): Promise<Drop> {
  const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('no key');
  const hostKey = `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
  const drop: Drop = { port: 0, hostKey, files: new Map(), done: [] };
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
    connection.on('error', () => {}); // a client that does not trust us
    connection.on('authentication', (context) => {
      const right = context.method === 'password' && context.username === 'soc' && same(context.password, 'geheim');
      if (right) context.accept();
      else context.reject(['password']);
    });
    connection.on('ready', () => {
      connection.on('session', (accept) => accept().on('sftp', (open) => talk(open(), connection, drop, whim)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  drop.port = (server.address() as AddressInfo).port; // it listens on a port
  return drop;
}

const same = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function talk(session: SFTPWrapper, connection: Connection, { files, done }: Drop, whim: Whim): void {
  const open = new Map<string, string>();
  const step = (id: number, operation: string, path: string): boolean => {
    done.push(`${operation} ${path}`);
    if (whim.cut === operation) connection.end();
    const status = whim.refuse?.(operation, path);
    if (status !== undefined) session.status(id, status);
    return status === undefined && whim.cut !== operation;
  };
  session.on('OPEN', (id, path, flags) => {
    if (!step(id, 'open', path)) return;
    if ((flags & OPEN_MODE.WRITE) === 0) return session.status(id, STATUS_CODE.PERMISSION_DENIED);
    files.set(path, Buffer.alloc(0));
    const handle = String(open.size);
    open.set(handle, path);
    session.handle(id, Buffer.from(handle));
  });
  session.on('WRITE', (id, handle, offset, data) => {
    const path = open.get(String(handle)) ?? '';
    if (whim.cut === 'write') return void connection.end();
    const before = files.get(path) ?? Buffer.alloc(0);
    const grown = Buffer.alloc(Math.max(before.length, offset + data.length));
    before.copy(grown);
    data.copy(grown, offset);
    files.set(path, grown);
    session.status(id, STATUS_CODE.OK);
  });
  session.on('CLOSE', (id) => session.status(id, STATUS_CODE.OK));
  const stat = (id: number, path: string): void => {
    const folder = path === 'in' || path === 'file' ? { mode: path === 'in' ? 0o040755 : 0o100644, size: 0 } : undefined;
    const size = files.get(path)?.length;
    if (size === undefined && folder !== undefined) session.attrs(id, { ...folder, uid: 0, gid: 0, atime: 0, mtime: 0 });
    else if (size === undefined) session.status(id, STATUS_CODE.NO_SUCH_FILE);
    else session.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size, atime: 0, mtime: 0 });
  };
  session.on('STAT', stat);
  session.on('FSTAT', (id, handle) => stat(id, open.get(String(handle)) ?? ''));
  session.on('FSETSTAT', (id) => session.status(id, STATUS_CODE.OK));
  const move = (id: number, from: string, to: string): void => {
    files.set(to, files.get(from) ?? Buffer.alloc(0));
    files.delete(from);
    session.status(id, STATUS_CODE.OK);
  };
  session.on('RENAME', (id, from, to) => {
    if (!step(id, 'rename', `${from} ${to}`)) return;
    if (files.has(to)) return session.status(id, STATUS_CODE.FAILURE);
    move(id, from, to);
  });
  session.on('REMOVE', (id, path) => {
    if (!step(id, 'remove', path)) return;
    session.status(id, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE);
  });
}
