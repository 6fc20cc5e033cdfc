import { basename, dirname } from 'node:path';
import type { Disk } from '../../src/effects.ts';

/** The power is gone; nothing works after it. */
export class PowerLoss extends Error {}

interface File {
  bytes: Buffer;
  /** How many of them would survive. */
  synced: boolean;
}
type Change = { put: string; node: Node } | { drop: string } | { from: string; to: string; node: Node };
interface Folder {
  /** What would survive. */
  kept: Map<string, Node>;
  /** What was done since, in order; each may or may not survive. */
  pending: Change[];
}
type Node = File | Folder;
const isFolder = (node: Node | undefined): node is Folder => node !== undefined && 'kept' in node;

/**
 * A disk in memory that knows what a power loss leaves: what was synced, and of the rest any part. Renames inside a folder
 * are one change, as on every journalling file system; which of the changes of a folder survive is anybody's guess.
 */
export class CrashDisk implements Disk {
  root: Folder = { kept: new Map(), pending: [] };
  /** Steps until the power goes. */
  left = Number.POSITIVE_INFINITY;
  steps = 0;

  async makeFolder(path: string): Promise<void> {
    if (path === '/') return;
    await this.makeFolder(dirname(path));
    if (isFolder(this.at(path))) return;
    this.step();
    this.folder(dirname(path)).pending.push({ put: basename(path), node: { kept: new Map(), pending: [] } });
    await this.sync(dirname(path));
  }

  async write(path: string, contents: string | Uint8Array): Promise<void> {
    this.step();
    if (this.at(path) !== undefined) throw new Error(`${path} exists`);
    this.folder(dirname(path)).pending.push({ put: basename(path), node: { bytes: Buffer.from(contents), synced: false } });
  }

  async sync(path: string): Promise<void> {
    this.step();
    const node = this.at(path);
    if (node === undefined) throw new Error(`there is no ${path}`);
    if (!isFolder(node)) node.synced = true;
    else Object.assign(node, { kept: now(node), pending: [] });
  }

  async rename(from: string, to: string): Promise<void> {
    this.step();
    const node = this.at(from);
    if (node === undefined || dirname(from) !== dirname(to)) throw new Error(`no rename of ${from} to ${to}`);
    if (isFolder(this.at(to))) throw new Error(`${to} is not empty`);
    this.folder(dirname(from)).pending.push({ from: basename(from), to: basename(to), node });
  }

  async remove(path: string): Promise<void> {
    this.step();
    if (this.at(path) !== undefined) this.folder(dirname(path)).pending.push({ drop: basename(path) });
  }

  async list(path: string): Promise<string[]> {
    this.step();
    const node = this.at(path);
    return isFolder(node) ? [...now(node).keys()] : [];
  }

  /** A file's bytes; undefined where there is none. */
  read(path: string): Buffer | undefined {
    const node = this.at(path);
    return node === undefined || isFolder(node) ? undefined : node.bytes;
  }

  names(path: string): string[] {
    const node = this.at(path);
    return isFolder(node) ? [...now(node).keys()] : [];
  }

  /** The disk as it is found when the power is back. */
  survivors(random: () => number): CrashDisk {
    const disk = new CrashDisk();
    disk.root = survivor(this.root, random) as Folder; // a folder's survivor is a folder
    return disk;
  }

  private step(): void {
    this.steps++;
    if (this.left-- <= 0) throw new PowerLoss();
  }

  private at(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) node = isFolder(node) ? now(node).get(name) : undefined;
    return node;
  }

  private folder(path: string): Folder {
    const node = this.at(path);
    if (!isFolder(node)) throw new Error(`there is no folder ${path}`);
    return node;
  }
}

function now({ kept, pending }: Folder): Map<string, Node> {
  return apply(kept, pending);
}

function apply(kept: ReadonlyMap<string, Node>, changes: readonly Change[]): Map<string, Node> {
  const names = new Map(kept);
  for (const change of changes) {
    if ('put' in change) names.set(change.put, change.node);
    else if ('drop' in change) names.delete(change.drop);
    else names.set(change.to, change.node).delete(change.from);
  }
  return names;
}

function survivor(node: Node, random: () => number): Node {
  if (!isFolder(node)) {
    if (node.synced) return node;
    // Any number of its bytes, the last of them perhaps as zeros.
    const bytes = Buffer.from(node.bytes.subarray(0, Math.floor(random() * (node.bytes.length + 1))));
    if (random() < 0.3) bytes.fill(0, Math.floor(random() * bytes.length));
    return { bytes, synced: true };
  }
  const names = apply(
    node.kept,
    node.pending.filter(() => random() < 0.5),
  );
  return { kept: new Map([...names].map(([name, inner]) => [name, survivor(inner, random)])), pending: [] };
}
