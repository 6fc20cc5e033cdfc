import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { inTransaction } from './database.ts';
import type { KeptText } from './types.ts';

/**
 * Schema 3: figures of earlier periods as they were first known, so that a report need not read a year of findings again.
 * Only appended to: what a report found there it finds there again.
 */
export const pointsSchema = `
CREATE TABLE point (
  id INTEGER PRIMARY KEY, meaning TEXT NOT NULL, period TEXT NOT NULL, as_of REAL NOT NULL, points TEXT NOT NULL) STRICT;
CREATE INDEX point_by_meaning ON point (meaning, period);
`;

/** Those of one meaning known by `asOf`, for these periods, in the order in which they were kept. */
export function listPoints(
  db: DatabaseSync,
  { meaning, periods, as_of }: { meaning: string; periods: readonly string[]; as_of: Ms },
): KeptText[] {
  const rows = db
    .prepare(
      'SELECT period, as_of, points FROM point WHERE meaning = ? AND as_of <= ? AND period IN (SELECT value FROM json_each(?)) ORDER BY id',
    )
    .all(meaning, as_of, JSON.stringify(periods));
  return rows.map((row) => ({ ...row }) as unknown as KeptText); // the columns of the STRICT table
}

export function addPoints(db: DatabaseSync, meaning: string, kept: readonly KeptText[]): void {
  inTransaction(db, () => {
    const insert = db.prepare('INSERT INTO point (meaning, period, as_of, points) VALUES (?, ?, ?, ?)');
    for (const { period, as_of, points } of kept) insert.run(meaning, period, as_of, points);
  });
}
