import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './types.ts';

/** A connection that nobody holds is collected as garbage, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes a data folder for one scheduler. The lock is the kernel's: it is free the moment its process is gone, however
 * that happened, and cannot be taken from one that only hangs. Returns what gives it back.
 * @throws StoreError (`busy`) while another process has it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    throw new StoreError(`another soc-kpi works on ${folder}; stop it first, or try again when it is done`, { cause, busy: true });
  }
  held.add(db);
  return () => {
    held.delete(db);
    db.close();
  };
}
