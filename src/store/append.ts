import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Finding, Ms, Rejection } from '../finding.ts';
import { contentHash, digestOf } from './content.ts';
import { inTransaction } from './database.ts';
import { advance, type Life, type Sighting } from './lifecycle.ts';
import { type Observation, rowsOf } from './observations.ts';
import { writeSegment } from './segment.ts';
import type { Batch, NewBatch } from './types.ts';

/** Appends one batch with its observations, rejections and cursor: all of it or nothing. */
export function appendBatch(
  db: DatabaseSync,
  batch: NewBatch,
  findings: readonly Finding[],
  rejections: readonly Rejection[],
  cursor: string | undefined,
): Batch {
  return inTransaction(db, () => {
    const source = sourceNo(db, batch.source);
    const before = earlier(db, source);
    const id = insertBatch(db, source, batch);
    const late = before.latest > batch.finished_at;
    const changed = observe(db, { source, id, batch, late, before }, findings);
    const digest = Buffer.from(digestOf(changed.map(({ hash }) => hash)));
    if (changed.length > 0) writeSegment(db, { kind: 'fresh', bucket: '', late }, rowsOf(changed), () => batch.finished_at);
    db.prepare('UPDATE batch SET stored = ?, digest = ? WHERE id = ?').run(changed.length, digest, id);
    insertRejections(db, id, rejections);
    if (cursor !== undefined) db.prepare('INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)').run(source, cursor, id);
    return { id, ...batch, stored: changed.length, digest: digest.toString('hex') };
  });
}

function sourceNo(db: DatabaseSync, source: string): number {
  db.prepare('INSERT INTO source (id) VALUES (?) ON CONFLICT (id) DO NOTHING').run(source);
  return Number(db.prepare('SELECT no FROM source WHERE id = ?').get(source)?.no);
}

function insertBatch(db: DatabaseSync, source: number, batch: NewBatch): number {
  const insert = db.prepare(
    `INSERT INTO batch (source_no, mode, window_from, window_to, started_at, finished_at, status, reason, expected, fetched, stored,
       rejected, requests, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, x'')`,
  );
  const { mode, window_from, window_to, started_at, finished_at, status, reason, expected, fetched, rejected, requests } = batch;
  const result = insert.run(
    source,
    mode,
    window_from,
    window_to,
    started_at,
    finished_at,
    status,
    reason ?? null,
    expected ?? null,
    fetched,
    rejected,
    requests,
  );
  return Number(result.lastInsertRowid);
}

function insertRejections(db: DatabaseSync, batch: number, rejections: readonly Rejection[]): void {
  const insert = db.prepare('INSERT INTO rejection (batch, no, place, reason, raw) VALUES (?, ?, ?, ?, ?)');
  for (const [no, { place, reason, raw }] of rejections.entries()) insert.run(batch, no, place, reason, raw);
}

/** What the batches of a source before this one say about findings they did not deliver. */
interface Earlier {
  /** The latest end of any of them. */
  latest: Ms;
  /** The last complete ones of either mode, which saw every record their window asks for. */
  complete: (Sighting & { mode: Batch['mode']; window_from: Ms; window_to: Ms })[];
}

function earlier(db: DatabaseSync, source: number): Earlier {
  const latest: unknown = db.prepare('SELECT max(finished_at) AS at FROM batch WHERE source_no = ?').get(source)?.at;
  const last = db.prepare(
    `SELECT id, started_at, mode, window_from, window_to FROM batch WHERE source_no = ? AND mode = ? AND status = 'complete'
     ORDER BY finished_at DESC, id DESC LIMIT 1`,
  );
  const complete = ['created', 'changed'].map((mode) => last.get(source, mode)).filter((row) => row !== undefined);
  // Typed by the STRICT table.
  return { latest: typeof latest === 'number' ? latest : Number.NEGATIVE_INFINITY, complete: complete as unknown as Earlier['complete'] };
}

/** A row of `finding`: what is known of a finding from earlier batches. */
interface Known extends Omit<Life, 'closed'> {
  key: number;
  hash: Uint8Array;
  batch: number;
  closed: number;
}

interface Appending {
  source: number;
  id: number;
  batch: NewBatch;
  /** Whether a batch of this source that finished later is already stored. */
  late: boolean;
  before: Earlier;
}

interface Changed extends Observation {
  hash: Uint8Array;
}

/** The findings whose content is not what was stored last, each remembered with its key and its life. */
function observe(db: DatabaseSync, appending: Appending, findings: readonly Finding[]): Changed[] {
  // A record may be delivered twice in one collection, at both edges of a page: its last version counts.
  const distinct = new Map(findings.map((finding) => [finding.native_id.toWellFormed(), finding]));
  const find = db.prepare(
    `SELECT key, hash, batch, first_batch, closed, first_closed, reopens, severity_initial, ack_after, ack_before
     FROM finding WHERE source_no = ? AND native_id = ?`,
  );
  const remember = rememberer(db, appending.source);
  const endOf = db.prepare('SELECT started_at, finished_at FROM batch WHERE id = ?');
  let nextKey = Number(db.prepare("SELECT coalesce((SELECT value FROM meta WHERE name = 'keys'), '0') AS keys").get()?.keys);
  const changed: Changed[] = [];
  for (const [nativeId, finding] of distinct) {
    if (!Number.isFinite(finding.created_at)) throw new TypeError(`finding ${finding.native_id} has no creation time`);
    const hash = contentHash(finding);
    const known = find.get(appending.source, nativeId) as Known | undefined; // typed by the STRICT table
    const overtaken = known !== undefined && appending.late && Number(endOf.get(known.batch)?.finished_at) > appending.batch.finished_at;
    if (known !== undefined && !overtaken && same(known.hash, hash)) continue;
    const life = advance(
      known && lifeOf(known),
      finding,
      appending.id,
      known === undefined ? [] : untouched(known, finding, appending, endOf),
    );
    const key = known?.key ?? nextKey++;
    changed.push({ key, batch: appending.id, finding, life, hash });
    // What finished later stays the latest; this observation is only seen by views of its own time.
    if (!overtaken) remember(nativeId, key, hash, appending.id, life);
  }
  db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('keys', ?)").run(String(nextKey));
  return changed;
}

function lifeOf(known: Known): Life {
  return { ...known, closed: known.closed === 1 };
}

/** The batches that bound a first touch from below: the one of the latest observation, and complete ones that would have told. */
function untouched(known: Known, finding: Finding, { before, batch: own }: Appending, endOf: StatementSync): Sighting[] {
  const told = before.complete.filter(
    (batch) =>
      batch.id >= known.first_batch &&
      (batch.mode === 'changed' || (batch.window_from <= finding.created_at && finding.created_at < batch.window_to)),
  );
  const sightings = [{ id: known.batch, started_at: Number(endOf.get(known.batch)?.started_at) }, ...told];
  return sightings.filter((sighting) => sighting.started_at <= own.started_at);
}

function rememberer(db: DatabaseSync, source: number): (id: string, key: number, hash: Uint8Array, batch: number, life: Life) => void {
  const put = db.prepare('INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return (id, key, hash, batch, life) => {
    const { first_batch, closed, first_closed, reopens, severity_initial, ack_after, ack_before } = life;
    const state = [first_batch, closed ? 1 : 0, first_closed, reopens, severity_initial, ack_after, ack_before];
    put.run(source, id, key, hash.subarray(0, hashBytes), batch, ...state);
  };
}

/** 96 bits tell the contents of one finding apart, also crafted ones; more would only cost space. */
const hashBytes = 12;

function same(stored: Uint8Array, hash: Uint8Array): boolean {
  for (let i = 0; i < hashBytes; i++) if (stored[i] !== hash[i]) return false;
  return true;
}
