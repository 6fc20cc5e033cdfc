/**
 * Schema 2: the ledger. `run` has one row per report and period, whatever became of it; `outbox` one per edition,
 * channel and recipient, with the finished bytes; `audit` who did what, each line sealed by the hash of the one before.
 */
export const ledgerSchema = `
CREATE TABLE timetable (report TEXT PRIMARY KEY, checked_to REAL NOT NULL, rhythm TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE run (
  report TEXT NOT NULL, period TEXT NOT NULL, zone TEXT NOT NULL, due_at REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'collected', 'issued', 'queued', 'done', 'held', 'failed', 'skipped')),
  reason TEXT, mail INTEGER NOT NULL, as_of REAL, revision INTEGER, attempts INTEGER NOT NULL DEFAULT 0, next_at REAL,
  changed_at REAL NOT NULL, PRIMARY KEY (report, period)) STRICT, WITHOUT ROWID;
CREATE INDEX run_open ON run (state) WHERE state NOT IN ('done', 'skipped');
CREATE TABLE contact (address TEXT PRIMARY KEY, active INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY, report TEXT NOT NULL, period TEXT NOT NULL, revision INTEGER NOT NULL, channel TEXT NOT NULL,
  recipient TEXT NOT NULL, copy INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'dot', 'sent', 'unknown', 'failed', 'held')),
  reason TEXT, degraded INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at REAL,
  created_at REAL NOT NULL, changed_at REAL NOT NULL, message_id TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB, small BLOB,
  UNIQUE (report, period, revision, channel, recipient, copy),
  FOREIGN KEY (report, period, revision) REFERENCES edition (report, period, revision)) STRICT;
CREATE INDEX outbox_open ON outbox (state) WHERE state <> 'sent';
CREATE TRIGGER outbox_contact BEFORE INSERT ON outbox
  WHEN NEW.channel = 'email' AND NOT EXISTS (SELECT 1 FROM contact WHERE address = NEW.recipient AND active = 1)
  BEGIN SELECT raise(ABORT, 'the recipient is not on this client''s list of contacts'); END;
CREATE TABLE audit (
  no INTEGER PRIMARY KEY, at REAL NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
  hash TEXT NOT NULL) STRICT;
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_whole BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;
`;
