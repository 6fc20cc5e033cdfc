import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Disk, Effects } from '../effects.ts';

/** What one folder of the site is made of. */
export type FileContents = ReadonlyMap<string, string | Uint8Array>;

/** The same as it gets ready: each is written while the next one is made. */
export type ComingFiles = AsyncIterable<readonly [string, string | Uint8Array]>;

export interface FolderOptions {
  /** An existing folder of that name is replaced (previews, the demo); an issued edition never is. */
  replace?: boolean;
  /** Nobody else publishes this name: what an interrupted try left beside it is removed. */
  alone?: boolean;
}

/**
 * Publishes a folder that appears whole or not at all: everything is written and fsynced under a temporary name
 * beside it, then renamed; the manifest is the last of its files.
 * @throws when the folder exists and `replace` is not set, or the disk refuses, and what the making of a file throws; nothing is left
 * behind then but the folder around it.
 */
export async function publishFolder(
  folder: string,
  files: FileContents | ComingFiles,
  options: FolderOptions,
  { disk, failpoint }: Pick<Effects, 'disk' | 'failpoint'>,
): Promise<void> {
  const parent = dirname(folder);
  const fresh = aside(folder, 'tmp');
  const old = aside(folder, 'old');
  try {
    await disk.makeFolder(parent);
    if (options.alone === true) await sweep(folder, disk);
    await disk.makeFolder(fresh);
    for await (const [name, contents] of told(files)) {
      await writeDurably(join(fresh, name), contents, disk);
      failpoint('html.mid_write');
    }
    await disk.sync(fresh);
    // rename() replaces no folder that has files in it, so the old one steps aside first.
    const replaced = options.replace === true && (await disk.list(parent)).includes(basename(folder));
    if (replaced) await disk.rename(folder, old);
    await disk.rename(fresh, folder);
    await disk.sync(parent);
    if (replaced) await disk.remove(old);
  } catch (cause) {
    throw cause instanceof Unmade ? cause.cause : unpublished(folder, cause);
  } finally {
    await disk.remove(fresh);
  }
}

/** That a file could not be made is no fault of the disk. */
class Unmade extends Error {}

async function* told(files: FileContents | ComingFiles): ComingFiles {
  try {
    yield* files;
  } catch (cause) {
    throw new Unmade('a file could not be made', { cause });
  }
}

/** Writes one file that appears whole or not at all. */
export async function publishFile(path: string, contents: string | Uint8Array, disk: Disk): Promise<void> {
  const fresh = aside(path, 'tmp');
  try {
    await disk.makeFolder(dirname(path));
    await writeDurably(fresh, contents, disk);
    await disk.rename(fresh, path);
    await disk.sync(dirname(path));
  } catch (cause) {
    throw unpublished(path, cause);
  } finally {
    await disk.remove(fresh);
  }
}

/** Node names no path when a disk is full. */
function unpublished(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${path} could not be published: ${why}; nothing of it is left, and it is tried again`, { cause });
}

async function writeDurably(path: string, contents: string | Uint8Array, disk: Disk): Promise<void> {
  await disk.write(path, contents);
  await disk.sync(path);
}

/** A hidden name beside a path, so that a rename stays on one disk. */
function aside(path: string, kind: 'tmp' | 'old'): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.${kind}`);
}

async function sweep(folder: string, disk: Disk): Promise<void> {
  const name = basename(folder);
  for (const left of await disk.list(dirname(folder))) {
    if (left.startsWith(`.${name}.`) && /\.(tmp|old)$/.test(left)) await disk.remove(join(dirname(folder), left));
  }
}
