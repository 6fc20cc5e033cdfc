import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './database.ts';
import { issueRun } from './runs.ts';
import type { Edition, NewEdition } from './types.ts';

/** Enters an issued report, and issues the run it was built for; its revision is the next one of its report and period. */
export function addEdition(db: DatabaseSync, { manifest, ...edition }: NewEdition): Edition {
  return inTransaction(db, () => {
    const { report, period, as_of, built_at, status, path, digest } = edition;
    const last = db.prepare('SELECT coalesce(max(revision), 0) AS no FROM edition WHERE report = ? AND period = ?').get(report, period);
    const revision = Number(last?.no) + 1;
    db.prepare('INSERT INTO edition VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(report, period, revision, as_of, built_at, status, path, digest);
    issueRun(db, { ...edition, revision }, manifest);
    return { ...edition, revision };
  });
}

/** All issued reports in the order in which they were built. */
export function listEditions(db: DatabaseSync): Edition[] {
  const rows = db.prepare('SELECT * FROM edition ORDER BY built_at, report, period, revision').all();
  return rows.map((row) => ({ ...row }) as unknown as Edition); // the columns of the STRICT table
}
