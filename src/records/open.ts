import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, matchesGlob, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Effects } from '../effects.ts';
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
 * The files a path names, in order of their names: one file, or a pattern with * and ? within one folder.
 * @throws SourceError `not-found` when there is none.
 */
export async function findFiles(path: string, base: string | undefined, effects: Effects): Promise<string[]> {
  if (!isAbsolute(path) && base === undefined) throw new SourceError('not-found', `"${path}" is relative, and nobody said to which folder`);
  const full = base === undefined ? path : resolve(base, path);
  if (!/[*?]/.test(basename(full))) {
    await assertFile(full, path);
    return [full];
  }
  const names = await listFolder(dirname(full), path, effects);
  const found = names.filter((name) => matchesGlob(name, basename(full))).sort();
  if (found.length === 0) throw new SourceError('not-found', `no file matches ${path}; its folder has ${names.length} files`);
  return found.map((name) => join(dirname(full), name));
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
