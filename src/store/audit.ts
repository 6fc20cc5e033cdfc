import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';

export interface AuditLine {
  no: number;
  at: Ms;
  who: string;
  /** "issued", "sent", "held", "skipped" … */
  what: string;
  /** "monthly 2026-10 r1" or the like, and to whom. */
  subject: string;
  detail: string;
  /** sha256 over the line and the hash of the one before. */
  hash: string;
}

const head = 'audit_head';

/** Appends one line. Call it inside the transaction of what it tells. */
export function note(db: DatabaseSync, { at, who, what, subject, detail }: Omit<AuditLine, 'no' | 'hash'>): void {
  const last = db.prepare('SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1').get();
  const line = { no: Number(last?.no ?? 0) + 1, at, who, what, subject, detail };
  const sealed = seal(line, String(last?.hash ?? ''));
  db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)').run(line.no, at, who, what, subject, detail, sealed);
  // Kept apart, so that lines cut off at the end are missed.
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(head, `${line.no} ${sealed}`);
}

function seal({ no, at, who, what, subject, detail }: Omit<AuditLine, 'hash'>, previous: string): string {
  return hash('sha256', JSON.stringify([previous, no, at, who, what, subject, detail]));
}

export function listAudit(db: DatabaseSync): AuditLine[] {
  return db
    .prepare('SELECT * FROM audit ORDER BY no')
    .all()
    .map((row) => ({ ...row }) as unknown as AuditLine); // the columns of the STRICT table
}

/** The first line that is not as it was written, or what is missing at the end. */
export function verifyAudit(db: DatabaseSync): string | undefined {
  let previous = '';
  let no = 0;
  for (const line of listAudit(db)) {
    no++;
    if (line.no !== no) return `line ${no} of the audit log is missing; line ${line.no} follows`;
    if (line.hash !== seal(line, previous)) return `line ${no} of the audit log is not as it was written`;
    previous = line.hash;
  }
  const kept = db.prepare('SELECT value FROM meta WHERE name = ?').get(head)?.value ?? '0 ';
  return kept === `${no} ${previous}` ? undefined : `the audit log ends with line ${no}, but had ${String(kept).split(' ')[0]} lines`;
}
