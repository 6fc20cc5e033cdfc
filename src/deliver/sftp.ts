import { createHash } from 'node:crypto';
import type { Client, SFTPWrapper } from 'ssh2';
import type { Place } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Channel } from './channel.ts';
import type { Fault } from './fault.ts';
import { listFiles, readIssued, readListing } from './parcel.ts';

type Drop = Extract<Place, { channel: 'sftp' }>;

const patience = 60_000;

/**
 * Puts an edition's files into a folder of an SFTP server. Each is written under a temporary name and renamed when it is
 * whole; its name is the edition's, so that a repetition replaces it by the same bytes and nothing is ever unknown.
 */
export const sftp: Channel<Drop> = {
  compose: (place, contents) => listFiles(contents, place.files),
  async send(place, { body }, effects) {
    const { edition, files } = readListing(body);
    const name = `${edition.client}-${edition.report}-${edition.period}-r${edition.revision}`;
    const { Client } = await import('ssh2');
    const client = new Client();
    try {
      const session = await openSession(client, place);
      for (const file of files) {
        const contents = await readIssued(file, effects);
        if (!Buffer.isBuffer(contents)) return contents;
        await putFile(session, `${place.directory}/${name}.${file.name}`, contents);
      }
      return { kind: 'sent', reason: `${files.length} files ${name}.* in ${place.directory}` };
    } catch (error) {
      return faultOf(error, place, effects);
    } finally {
      client.end();
    }
  },
  async ask(place, effects) {
    const { Client } = await import('ssh2');
    const client = new Client();
    try {
      const { session, lost } = await openSession(client, place);
      const found = answered((done) =>
        session.stat(place.directory, (error, stats) => done(error ?? (stats.isDirectory() ? undefined : new NoFolderError()))),
      );
      await Promise.race([found, lost]);
      return { kind: 'ready', reason: `${place.host} shows its host_key, takes the login and has ${place.directory}` };
    } catch (error) {
      return faultOf(error, place, effects);
    } finally {
      client.end();
    }
  },
};

class NoFolderError extends Error {
  override name = 'NoFolderError';
}

/** Connects, checks the server's key against the pinned ones, logs in. */
async function openSession(client: Client, place: Drop): Promise<Session> {
  const [password, privateKey, passphrase] = ['password', 'private_key', 'passphrase'].map((key) => place.secret(key)?.reveal());
  let shown = '';
  const lost = new Promise<never>((_resolve, reject) => {
    // A refused key ends in an error of its own, whatever the library calls it.
    client.on('error', (error) => reject(shown === '' ? error : new HostKeyError(shown)));
    client.on('close', () => reject(new Error('the server closed the connection')));
  });
  lost.catch(() => {}); // told where it is waited for
  const opened = new Promise<SFTPWrapper>((resolve, reject) => {
    client.on('ready', () => client.setNoDelay(true).sftp((error, session) => (error === undefined ? resolve(session) : reject(error))));
    client.connect({
      ...{ host: place.host, port: place.port, username: place.user, readyTimeout: patience, keepaliveInterval: 15_000 },
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      hostVerifier: (key: Buffer) => {
        const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
        const known = place.host_keys.includes(fingerprint);
        if (!known) shown = fingerprint;
        return known;
      },
    });
  });
  return { session: await Promise.race([opened, lost]), lost };
}

interface Session {
  session: SFTPWrapper;
  /** Rejects when the connection is gone: what was asked last is not answered then. */
  lost: Promise<never>;
}

class HostKeyError extends Error {
  override name = 'HostKeyError';
}

/** A name that ends in .part is nobody's file; what is read under the last name is whole. */
async function putFile({ session, lost }: Session, path: string, contents: Buffer): Promise<void> {
  const asked = (ask: (done: Done) => void): Promise<void> => Promise.race([answered(ask), lost]);
  const fresh = `${path}.part`;
  await asked((done) => session.writeFile(fresh, contents, done));
  await asked((done) =>
    session.stat(fresh, (error, stats) =>
      error !== undefined || stats.size === contents.length
        ? done(error)
        : done(new Error(`${fresh} has ${stats.size} bytes on the server`)),
    ),
  );
  try {
    await asked((done) => session.ext_openssh_rename(fresh, path, done));
  } catch (error) {
    const unknown = numberOf(error) === unsupported || (error instanceof Error && /does not support/.test(error.message));
    if (!unknown) throw error;
    // Without that extension a rename replaces nothing, so what an earlier attempt left has to go first.
    await asked((done) => session.unlink(path, done)).catch(() => {});
    await asked((done) => session.rename(fresh, path, done));
  }
}

type Done = (error?: Error | null) => void;

function answered(ask: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not answer in time')), patience);
    timer.unref();
    const done: Done = (error) => {
      clearTimeout(timer);
      if (error === undefined || error === null) resolve();
      else reject(error);
    };
    try {
      ask(done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error))); // an extension that the server did not offer
    }
  });
}

/** SSH_FX_… of draft-ietf-secsh-filexfer-02, section 7. */
const [noSuchFile, permissionDenied, unsupported] = [2, 3, 8];

function faultOf(error: unknown, { host, port, directory }: Drop, effects: Effects): Fault {
  const words = (error instanceof Error ? error.message : String(error)).replace(/[\p{C}\s]+/gu, ' ').slice(0, 200);
  const where = `${host}:${port}`;
  effects.log({ level: 'debug', event: 'sftp', message: `${where}: ${words}` });
  if (error instanceof HostKeyError)
    return { kind: 'config-error', reason: `${where} shows the key ${words}, which is not its host_key; nothing was sent` };
  if (error instanceof Error && error.name === 'ConfigError') return { kind: 'config-error', reason: words };
  if (levelOf(error) === 'client-authentication') return { kind: 'config-error', reason: `${where} refuses the login` };
  if (/privateKey|passphrase|key format/i.test(words)) return { kind: 'config-error', reason: `its private_key cannot be used: ${words}` };
  if (numberOf(error) === noSuchFile || error instanceof NoFolderError)
    return { kind: 'config-error', reason: `there is no folder ${directory} on ${where}` };
  if (numberOf(error) === permissionDenied)
    return { kind: 'config-error', reason: `${where} does not let this user write into ${directory}` };
  return { kind: 'retry', reason: `${where}: ${words}` };
}

/** ssh2 says in `level` where a fault came from, and in `code` what the server answered. */
function levelOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
}

function numberOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}
