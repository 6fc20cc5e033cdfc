import { randomUUID } from 'node:crypto';
import { access, constants, copyFile, link, lstat, readdir, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Place } from '../config/index.ts';
import type { Disk } from '../effects.ts';
import { codeOf } from '../http-error.ts';
import type { Channel } from './channel.ts';
import { listFiles, readIssued, readListing } from './parcel.ts';

type Served = Extract<Place, { channel: 'folder' }>;

/**
 * The client's whole archive in a folder that a web server serves. `path` is a link: a new copy is built beside it and the
 * link is turned in one step, so that a reader sees the old archive or the new one and never a mixture.
 */
export const folder: Channel<Served> = {
  compose: (_place, contents) => listFiles(contents, ['html', 'pdf', 'csv', 'json']),
  async send({ path }, { body }, effects) {
    const { files } = readListing(body);
    for (const file of files) {
      const contents = await readIssued(file, effects);
      if (!Buffer.isBuffer(contents)) return contents;
    }
    const [first] = files;
    // …/<client>/<report>/<period>/r<n>/<file>
    if (first === undefined) return { kind: 'permanent', reason: 'the edition has no files' };
    const archive = join(dirname(first.path), '../../..');
    try {
      await publishCopy(archive, path, effects.disk);
      return { kind: 'sent', reason: `published at ${path}` };
    } catch (error) {
      if (error instanceof OccupiedError) return { kind: 'config-error', reason: error.message };
      const code = codeOf(error);
      const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code);
      return { kind: refused ? 'config-error' : 'retry', reason: `${path} cannot be written (${code || String(error)})` };
    }
  },
  async ask({ path }) {
    try {
      await currentOf(path);
      const parent = await nearestFolder(dirname(path));
      await access(parent, constants.W_OK | constants.X_OK);
      return { kind: 'ready', reason: `${path} can be published` };
    } catch (error) {
      if (error instanceof OccupiedError) return { kind: 'config-error', reason: error.message };
      return {
        kind: 'config-error',
        reason: `${path} cannot be published: ${codeOf(error)}; let this user write into the folder above it`,
      };
    }
  },
};

/** What is there already of a path; the rest would be made. */
async function nearestFolder(path: string): Promise<string> {
  return (await access(path).then(
    () => true,
    () => false,
  ))
    ? path
    : nearestFolder(dirname(path));
}

class OccupiedError extends Error {
  override name = 'OccupiedError';
}

/**
 * Copies the archive beside `path`, durably, and turns the link to it. The copy before this one stays until the next, for
 * readers that are in the middle of it.
 */
async function publishCopy(archive: string, path: string, disk: Disk): Promise<void> {
  const parent = dirname(path);
  const stem = `.${basename(path)}.`;
  const before = await currentOf(path);
  await disk.makeFolder(parent);
  const fresh = `${stem}${randomUUID()}`;
  const turning = join(parent, `${fresh}.link`);
  try {
    await copyTree(archive, join(parent, fresh), disk);
    await symlink(fresh, turning);
    await disk.rename(turning, path);
    await disk.sync(parent);
  } catch (error) {
    await disk.remove(join(parent, fresh));
    await disk.remove(turning);
    throw error;
  }
  for (const name of await disk.list(parent)) {
    if (name.startsWith(stem) && name !== fresh && name !== before) await disk.remove(join(parent, name));
  }
}

/** The copy that is served now. @throws OccupiedError when something stands there that is not ours to replace. */
async function currentOf(path: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return await readlink(path);
    throw new OccupiedError(`${path} is no link of ours; move what stands there away, or choose another path`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Editions are never changed once they stand, so on the same disk a second name is as good as a copy. */
async function copyTree(from: string, to: string, disk: Disk): Promise<void> {
  await disk.makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'preview') continue;
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, copy, disk);
    else if (entry.isFile()) await copyOne(source, copy, disk);
  }
  await disk.sync(to);
}

async function copyOne(source: string, copy: string, disk: Disk): Promise<void> {
  try {
    await link(source, copy);
  } catch {
    await copyFile(source, copy);
    await disk.sync(copy);
  }
}
