import type { DatabaseSync } from 'node:sqlite';
import { note } from './audit.ts';
import { inTransaction, readMeta } from './database.ts';
import type { Actor } from './ledger.ts';
import { listDeliveries, settle } from './outbox.ts';

const mark = 'copy';

/** Says in a backup that it is one. */
export function markCopy(db: DatabaseSync): void {
  inTransaction(db, () => db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?, 'yes')").run(mark));
}

export function isCopy(db: DatabaseSync): boolean {
  return readMeta(db, mark) !== undefined;
}

export function distrust(db: DatabaseSync, actor: Actor): void {
  const reason = 'under way when the backup was made that this store was restored from; it may have gone out since';
  for (const { id, state } of listDeliveries(db, { open: true })) {
    if (['queued', 'held', 'sending', 'dot'].includes(state)) settle(db, id, { state: 'unknown', reason }, actor);
  }
  inTransaction(db, () => db.exec("UPDATE run SET mail = 0 WHERE state IN ('due', 'collected', 'issued', 'held')"));
}

export function trust(db: DatabaseSync, actor: Actor): void {
  inTransaction(db, () => {
    db.prepare('DELETE FROM meta WHERE name = ?').run(mark);
    note(db, { what: 'restored', subject: 'from a backup', detail: 'what was due or under way is not mailed by itself', ...actor });
  });
}
