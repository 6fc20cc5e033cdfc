import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ledgerSchema } from './ledger-schema.ts';
import { pointsSchema } from './points.ts';
import { forgetSums, keepSums, sealAll, sealRows, sealSchema } from './seal.ts';
import { StoreError } from './types.ts';

/** What leads from each version of the schema to the next; a new store goes the whole way, too. */
const migrations: Readonly<Record<number, string>> = { 2: ledgerSchema, 3: pointsSchema, 4: sealSchema };
const schemaVersion = 4;

/**
 * `finding` holds what an append must know about a finding: the hash of its latest content and its life so far.
 * `part` holds the columns of a segment; its blobs stand in a rowid table because SQLite keeps those out of the inner pages.
 */
const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE source (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, source_no INTEGER NOT NULL REFERENCES source(no), mode TEXT NOT NULL,
  window_from REAL NOT NULL, window_to REAL NOT NULL, started_at REAL NOT NULL, finished_at REAL NOT NULL,
  status TEXT NOT NULL, reason TEXT, expected INTEGER, fetched INTEGER NOT NULL, stored INTEGER NOT NULL,
  rejected INTEGER NOT NULL, requests INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;
CREATE TABLE finding (
  source_no INTEGER NOT NULL REFERENCES source(no), native_id TEXT NOT NULL, key INTEGER NOT NULL, hash BLOB NOT NULL,
  batch INTEGER NOT NULL, first_batch INTEGER NOT NULL, closed INTEGER NOT NULL, first_closed REAL,
  reopens INTEGER NOT NULL, severity_initial INTEGER NOT NULL, ack_after INTEGER, ack_before INTEGER,
  PRIMARY KEY (source_no, native_id)) STRICT, WITHOUT ROWID;
CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL CHECK (kind IN ('fresh', 'current', 'history')), bucket TEXT NOT NULL,
  late INTEGER NOT NULL, rows INTEGER NOT NULL, seen_min REAL NOT NULL, seen_max REAL NOT NULL, until_max REAL,
  created_min REAL NOT NULL, created_max REAL NOT NULL, settled_max REAL, sha256 BLOB NOT NULL) STRICT;
CREATE TABLE part (
  segment INTEGER NOT NULL REFERENCES segment(id), name TEXT NOT NULL, row INTEGER NOT NULL, raw INTEGER NOT NULL, data BLOB NOT NULL,
  UNIQUE (segment, name, row)) STRICT;
CREATE TABLE cursor (source_no INTEGER PRIMARY KEY REFERENCES source(no), value TEXT NOT NULL, batch INTEGER NOT NULL REFERENCES batch(id)) STRICT;
CREATE TABLE rejection (
  batch INTEGER NOT NULL REFERENCES batch(id), no INTEGER NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL,
  PRIMARY KEY (batch, no)) STRICT, WITHOUT ROWID;
CREATE TABLE edition (
  report TEXT NOT NULL, period TEXT NOT NULL, revision INTEGER NOT NULL, as_of REAL NOT NULL, built_at REAL NOT NULL,
  status TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (report, period, revision)) STRICT, WITHOUT ROWID;
CREATE INDEX batch_by_source ON batch (source_no, finished_at);
`;

/** An open store file; `release` gives the file back to other writers. */
export interface Database {
  db: DatabaseSync;
  path: string;
  release(): void;
}

/** @throws StoreError: no store there, another client's, from a newer version, damaged, or another process writes it. */
export function openForReading(path: string, client: string): Database {
  if (!existsSync(path)) throw new StoreError(`${path} does not exist yet; collect first`);
  return readable(path, () => {
    const db = connectForReading(path);
    return guarded(db, () => {
      checkOwner(db, path, client);
      if (Number(readMeta(db, 'schema')) === schemaVersion) return { db, path, release: () => {} };
      // Reading knows the newest schema only, so an older store is brought to it first.
      db.close();
      const migrated = openForWriting(path, client);
      migrated.db.close();
      migrated.release();
      return { db: connectForReading(path), path, release: () => {} };
    });
  });
}

/** A further connection for reading, e.g. for a view's snapshot. */
export function connectForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  db.exec('PRAGMA mmap_size = 0; PRAGMA cache_size = -8000');
  return db;
}

/** Opens or creates the file as its only writer. @throws StoreError as `openForReading`. */
export function openForWriting(path: string, client: string, watch?: CommitWatch): Database {
  mkdirSync(dirname(path), { recursive: true });
  refuseNetworkFolder(dirname(path));
  const release = lock(path);
  try {
    return readable(path, () => {
      const db = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
      if (watch !== undefined) watched.set(db, watch);
      return guarded(db, () => {
        if (isEmpty(db)) create(db, client);
        checkOwner(db, path, client);
        migrate(db);
        sealRows(db);
        db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 16000000');
        return { db, path, release };
      });
    });
  } catch (cause) {
    release();
    throw cause;
  }
}

function create(db: DatabaseSync, client: string): void {
  inTransaction(db, () => {
    db.exec(schema);
    const put = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    put.run('program', 'soc-kpi');
    put.run('schema', '1');
    put.run('client', client);
  });
}

/** In one transaction: a program that dies meanwhile leaves the store as it was. */
function migrate(db: DatabaseSync): void {
  inTransaction(db, () => {
    const known = Number(readMeta(db, 'schema'));
    for (let version = known + 1; version <= schemaVersion; version++) {
      db.exec(migrations[version] ?? '');
      db.prepare("UPDATE meta SET value = ? WHERE name = 'schema'").run(String(version));
    }
    if (known < schemaVersion) sealAll(db);
  });
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

function checkOwner(db: DatabaseSync, path: string, client: string): void {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get() !== undefined;
  if (!known || readMeta(db, 'program') !== 'soc-kpi') {
    throw new StoreError(`${path} is a database of another program; move it away or choose another data_dir`);
  }
  const version = Number(readMeta(db, 'schema'));
  if (!(version <= schemaVersion)) {
    throw new StoreError(`${path} was written by a newer soc-kpi (schema ${version}, this one knows ${schemaVersion}); update soc-kpi`);
  }
  const owner = readMeta(db, 'client');
  if (owner !== client) throw new StoreError(`${path} belongs to client "${owner}", not to "${client}"; nothing was read`);
}

export function readMeta(db: DatabaseSync, name: string): string | undefined {
  const value = db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Called right before and after each commit of a connection. */
export type CommitWatch = (moment: 'state.before_commit' | 'state.after_commit') => void;
const watched = new WeakMap<DatabaseSync, CommitWatch>();

/** Runs `work` in one transaction: all of it or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  const watch = watched.get(db);
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    keepSums(db);
    watch?.('state.before_commit');
    db.exec('COMMIT');
    watch?.('state.after_commit');
    return result;
  } catch (cause) {
    // SQLite has already rolled back after a full disk or an I/O error.
    if (db.isTransaction) db.exec('ROLLBACK');
    forgetSums(db);
    throw cause;
  }
}

/**
 * One writer at a time, by a lock the kernel frees when the process dies: an exclusive transaction on a file beside the
 * store, because locking the store itself would keep readers out.
 */
function lock(path: string): () => void {
  const db = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    throw new StoreError(`${path} is being written by another process; try again when it is done`, { cause, busy: true });
  }
  return () => db.close();
}

/** SQLite's locks and shared memory do not work over NFS and SMB: two machines would damage the file. */
function refuseNetworkFolder(folder: string): void {
  const networks = new Map([
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'SMB'],
    [0xfe534d42, 'SMB'],
  ]);
  const network = networks.get(statfsSync(folder).type >>> 0);
  if (network !== undefined) throw new StoreError(`${folder} is on ${network}, where SQLite is not safe; choose a local data_dir`);
}

function guarded<T>(db: DatabaseSync, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (db.isOpen) db.close();
    throw cause;
  }
}

/** Says in our words what SQLite found wrong with the file as a whole. */
export function readable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof StoreError || !('errcode' in cause)) throw cause;
    // SQLite result codes: 5 busy, 6 locked; the low byte is the primary code.
    const busy = [5, 6].includes(Number(cause.errcode) & 0xff);
    if (busy) throw new StoreError(`${path} is locked by another process; try again`, { cause, busy });
    throw new StoreError(`${path} cannot be used: ${cause.message}; restore it from a backup`, { cause });
  }
}
