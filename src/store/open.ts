import type { DatabaseSync } from 'node:sqlite';
import type { Effects } from '../effects.ts';
import { appendBatch } from './append.ts';
import { listBatches, listRejections, readCursor } from './batches.ts';
import { compactStore } from './compact.ts';
import { connectForReading, type Database, openForReading, openForWriting, readable, readMeta } from './database.ts';
import { addEdition, listEditions } from './editions.ts';
import { ledgerOf } from './ledger.ts';
import { addPoints, listPoints } from './points.ts';
import { type Store, StoreError, type View } from './types.ts';
import { backUp, checkStore, statsOf } from './upkeep.ts';
import { viewOf } from './view.ts';

/**
 * Opens (or creates) the one SQLite file of a client. One process may have it open for writing; any number may read.
 * @throws StoreError: another writer (`busy`), another client's file, a newer version, damaged, on a network drive,
 * or, with `read_only`, not there yet.
 */
export function openStore(path: string, client: string, options: OpenOptions = {}): Store {
  const opened = options.read_only === true ? openForReading(path, client) : openForWriting(path, client, options.failpoint);
  return storeOf(opened, client, options);
}

export interface OpenOptions {
  read_only?: boolean;
  /** Called around each commit, and in the middle of a backup. */
  failpoint?: Effects['failpoint'];
}

function storeOf({ db, path, release }: Database, client: string, { read_only: readOnly = false, failpoint }: OpenOptions): Store {
  const snapshots = snapshotsOf(path);
  const reading = <T>(work: () => T): T => readable(path, work);
  const writing = <T>(work: () => T): T => {
    if (readOnly) throw new StoreError(`${path} was opened for reading only`);
    return readable(path, work);
  };
  return {
    client,
    append: (batch, findings, rejections, cursor) => writing(() => appendBatch(db, batch, findings, rejections, cursor)),
    cursor: (source) => reading(() => readCursor(db, source)),
    batches: (asOf = Number.POSITIVE_INFINITY) => reading(() => listBatches(db, asOf)),
    rejections: (batch) => reading(() => listRejections(db, batch)),
    view: ({ as_of, since = Number.NEGATIVE_INFINITY }) => reading(() => viewIn(snapshots, path, as_of, since)),
    compact: ({ keep_history_from }) => writing(() => compactStore(db, keep_history_from)),
    check: () => checkedBy(() => checkStore(db)),
    backup: async (target) => await backUp(db, target, () => failpoint?.('backup.mid')),
    stats: () => reading(() => statsOf(db)),
    points: (wanted) => reading(() => listPoints(db, wanted)),
    keepPoints: (meaning, kept) => writing(() => addPoints(db, meaning, kept)),
    addEdition: (edition) => writing(() => addEdition(db, edition)),
    editions: () => reading(() => listEditions(db)),
    ledger: ledgerOf(db, reading, writing),
    close() {
      snapshots.close();
      db.close();
      release();
    },
  };
}

function viewIn(snapshots: Snapshots, path: string, asOf: number, since: number): View {
  const db = snapshots.open();
  const kept = Number(readMeta(db, 'history_from') ?? Number.NEGATIVE_INFINITY);
  if (asOf < kept) {
    const [asked, oldest] = [asOf, kept].map((at) => new Date(at).toISOString());
    throw new StoreError(`${path}: what was known at ${asked} has been dropped; history is kept from ${oldest} on`);
  }
  return viewOf(db, asOf, since);
}

interface Snapshots {
  open(): DatabaseSync;
  close(): void;
}

/** Connections that each see the store as it was when they were opened, until the store is closed or nobody holds them. */
function snapshotsOf(path: string): Snapshots {
  const opened: WeakRef<DatabaseSync>[] = [];
  return {
    open() {
      const db = connectForReading(path);
      db.exec('BEGIN');
      db.prepare('SELECT count(*) FROM meta').get(); // a deferred transaction sees the store as of its first read
      opened.push(new WeakRef(db));
      return db;
    },
    close() {
      for (const reference of opened) reference.deref()?.close();
    },
  };
}

/** A file too damaged to be asked is a problem found, not a failure of the check. */
function checkedBy(check: () => string[]): string[] {
  try {
    return check();
  } catch (cause) {
    return [`database: ${cause instanceof Error ? cause.message : String(cause)}; restore the store from a backup`];
  }
}
