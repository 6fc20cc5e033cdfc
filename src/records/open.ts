import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, matchesGlob, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import { SourceError } from '../http.ts';

/** One file, or one member of a zip, as its unpacked bytes. To be read before the next one is asked for. */
export interface Opened {
  /** "incidents.csv" or "export.zip/incidents.csv"; the ending of packing is gone. */
  name: string;
  bytes: AsyncIterable<Buffer>;
}

/** What unpacking may still produce; shared by all files of one collection. */
export interface Budget {
  bytes: number;
}

// More than any export has, less than a directory bomb.
const maxMembers = 1000;

/**
 * The files a path names, in order of their names: one file, or a pattern with * and ? in its name or those of its folders.
 * @throws SourceError `not-found` when there is none.
 */
export async function findFiles(path: string, base: string | undefined, effects: Effects): Promise<string[]> {
  if (!isAbsolute(path) && base === undefined) throw new SourceError('not-found', `"${path}" is relative, and nobody said to which folder`);
  const full = base === undefined ? path : resolve(base, path);
  if (!isPattern(full)) {
    await assertFile(full, path);
    return [full];
  }
  const folders = isPattern(dirname(full)) ? await findFolders(dirname(full), path, effects) : [dirname(full)];
  const found: string[] = [];
  let seen = 0;
  for (const folder of folders) {
    const names = await listFolder(folder, path, effects);
    seen += names.length;
    found.push(...names.filter((name) => matchesGlob(name, basename(full))).map((name) => join(folder, name)));
  }
  const where = folders.length === 1 ? 'its folder has' : `${folders.length} folders have`;
  if (found.length === 0) throw new SourceError('not-found', `no file matches ${path}; ${where} ${seen} files`);
  return found.sort();
}

const isPattern = (path: string): boolean => /[*?]/.test(path);

/** The folders a pattern names; what is no folder is passed over. */
async function findFolders(pattern: string, path: string, effects: Effects): Promise<string[]> {
  const above = isPattern(dirname(pattern)) ? await findFolders(dirname(pattern), path, effects) : [dirname(pattern)];
  if (!isPattern(basename(pattern))) return above.map((folder) => join(folder, basename(pattern)));
  const found: string[] = [];
  for (const folder of above) {
    for (const name of await listFolder(folder, path, effects)) {
      const full = join(folder, name);
      if (matchesGlob(name, basename(pattern)) && (await stat(full).catch(() => undefined))?.isDirectory() === true) found.push(full);
    }
  }
  return found;
}

async function assertFile(full: string, path: string): Promise<void> {
  const found = await stat(full).catch((cause: unknown) => {
    throw fileError(path, cause);
  });
  if (found.isDirectory()) throw new SourceError('rejected', `${path} is a folder; write ${join(path, '*.csv')} to read its files`);
}

async function listFolder(folder: string, path: string, effects: Effects): Promise<string[]> {
  try {
    return await effects.listFiles(folder);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** The file's content with gzip (.gz) and zip (.zip) taken off. Members that `wanted` refuses are left out. */
export async function* openFile(path: string, budget: Budget, wanted: (name: string) => boolean): AsyncGenerator<Opened, void, void> {
  const name = basename(path);
  if (/\.zip$/i.test(name)) yield* openZip(path, budget, wanted);
  else yield unpack(name, createReadStream(path), budget);
}

/** One file of a log, held open: whatever it is renamed to meanwhile, these are its bytes. */
export interface OpenedLog extends Opened {
  /** Which file it is, whatever its name. */
  identity: string;
  changed_at: Ms;
  close(): Promise<void>;
}

/** Undefined where it has gone since it was listed. */
export async function openLog(path: string, budget: Budget): Promise<OpenedLog | undefined> {
  const name = basename(path);
  try {
    const handle = await open(path);
    const { dev, ino, birthtimeNs, mtimeMs } = await handle.stat({ bigint: true });
    const { name: plain, bytes } = unpack(name, handle.createReadStream({ autoClose: false }), budget);
    const identity = `${dev}:${ino}:${birthtimeNs}`;
    return { name: plain, bytes, identity, changed_at: Number(mtimeMs), close: () => handle.close() };
  } catch (cause) {
    const error = fileError(name, cause);
    if (error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function* openZip(path: string, budget: Budget, wanted: (name: string) => boolean): AsyncGenerator<Opened, void, void> {
  const name = basename(path);
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw fileError(name, cause);
  });
  try {
    if (zip.entryCount > maxMembers)
      throw new SourceError('too-large', `${name} holds ${zip.entryCount} files; ${maxMembers} are read at most`);
    for await (const entry of zip.eachEntry()) {
      if (!isContent(entry.fileName) || !wanted(withoutGz(entry.fileName))) continue;
      if (entry.isEncrypted()) throw new SourceError('forbidden', `${entry.fileName} in ${name} is encrypted; unpack it before it is read`);
      yield unpack(`${name}/${entry.fileName}`, await zip.openReadStreamPromise(entry), budget);
    }
  } catch (cause) {
    throw fileError(name, cause);
  } finally {
    zip.close();
  }
}

/** Folders and what macOS and editors leave behind are no content. */
function isContent(member: string): boolean {
  return !member.endsWith('/') && !member.startsWith('__MACOSX/') && !basename(member).startsWith('.');
}

function withoutGz(name: string): string {
  return name.replace(/\.gz$/i, '');
}

function unpack(name: string, packed: Readable, budget: Budget): Opened {
  if (!/\.gz$/i.test(name)) return { name, bytes: counted(packed, name, budget) };
  const plain = createGunzip();
  packed.on('error', (error) => plain.destroy(error));
  plain.on('close', () => packed.destroy());
  return { name: withoutGz(name), bytes: counted(packed.pipe(plain), name, budget) };
}

/** Stops what unpacks to more than the budget, before it fills the memory. */
async function* counted(stream: Readable, name: string, budget: Budget): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const chunk of stream) {
      // Without an encoding set, file and zlib streams deliver Buffers.
      const bytes: Buffer = chunk;
      budget.bytes -= bytes.length;
      if (budget.bytes < 0)
        throw new SourceError('too-large', `${name} unpacks to more than max_bytes allows; raise it if the file is good`);
      yield bytes;
    }
  } catch (cause) {
    throw fileError(name, cause);
  }
}

function fileError(name: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new SourceError('not-found', `${name} does not exist; check the path`, { cause });
  if (code === 'EACCES' || code === 'EPERM') return new SourceError('forbidden', `${name} may not be read; grant read access`, { cause });
  if (code === 'Z_BUF_ERROR') return new SourceError('truncated', `${name} ends too early; was it still being written?`, { cause });
  return new SourceError('unexpected', `${name} cannot be unpacked: ${why}`, { cause });
}
