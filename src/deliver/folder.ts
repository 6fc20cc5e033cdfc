import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What one folder or file of the site is made of. */
export type FileContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Publishes a folder that appears whole or not at all: everything is written and fsynced under a temporary name
 * beside it, then renamed. An existing folder of that name is replaced only when `replace` says so (previews, the demo);
 * an issued edition never is.
 * @throws when the folder exists and `replace` is not set, or the disk refuses; nothing is left behind then.
 */
export async function publishFolder(folder: string, files: FileContents, options: { replace?: boolean } = {}): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const fresh = join(parent, `.${basename(folder)}.${randomUUID()}.tmp`);
  try {
    await mkdir(fresh);
    for (const [name, contents] of files) await writeDurably(join(fresh, name), contents);
    await syncFolder(fresh);
    if (options.replace === true) await moveAside(folder);
    await rename(fresh, folder);
    await syncFolder(parent);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Writes one file that appears whole or not at all. */
export async function publishFile(path: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(fresh, contents);
    await rename(fresh, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(fresh, { force: true });
  }
}

async function writeDurably(path: string, contents: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable only once the folder that holds the name is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** rename() replaces no folder that has files in it, so the old one steps aside first. */
async function moveAside(folder: string): Promise<void> {
  const old = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.old`);
  try {
    await rename(folder, old);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
