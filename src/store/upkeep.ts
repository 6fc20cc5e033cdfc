import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { markCopy } from './copy.ts';
import { segmentName } from './reader.ts';
import { hashOf, listSegments, partsOf } from './segment.ts';
import { checkSums, sealRows } from './seal.ts';
import { type Store, StoreError } from './types.ts';

/** What is wrong with the store: SQLite's own findings, then every segment whose bytes are not those that were written. */
export function checkStore(db: DatabaseSync): string[] {
  const problems: string[] = [];
  for (const row of db.prepare('PRAGMA integrity_check').all()) {
    if (row.integrity_check !== 'ok') problems.push(`database: ${row.integrity_check}`);
  }
  for (const row of db.prepare('PRAGMA foreign_key_check').all()) problems.push(`database: ${row.table} refers to a missing ${row.parent}`);
  problems.push(...checkSums(db));
  for (const segment of listSegments(db)) {
    const hash = hashOf(partsOf(db, segment.id));
    if (!Buffer.from(hash).equals(segment.sha256)) {
      problems.push(`${segmentName(segment)}: its bytes are not those that were written; restore the store from a backup`);
    }
  }
  return problems;
}

export function statsOf(db: DatabaseSync): ReturnType<Store['stats']> {
  const one = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  return {
    findings: one('SELECT count(*) FROM finding'),
    observations: one('SELECT coalesce(sum(rows), 0) FROM segment'),
    segments: one('SELECT count(*) FROM segment'),
    fresh: one("SELECT count(*) FROM segment WHERE kind = 'fresh'"),
    bytes: one('PRAGMA page_count') * one('PRAGMA page_size'),
  };
}

/** Copies the store into one file, checks the copy, and only then gives it its name. */
export async function backUp(db: DatabaseSync, path: string, copying: () => void): Promise<void> {
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { force: true });
  try {
    await backup(db, unfinished, { rate: 10_000 });
    copying();
    intoOneFile(unfinished);
    sync(unfinished);
    renameSync(unfinished, path);
    sync(dirname(path));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Checks a copy, and takes it out of WAL mode so that it is one file that can be moved. */
function intoOneFile(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
    sealRows(copy);
    markCopy(copy);
    const problems = checkStore(copy);
    if (problems.length > 0) throw new StoreError(`the backup is not sound and was not kept: ${problems.join('; ')}`);
  } finally {
    copy.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
