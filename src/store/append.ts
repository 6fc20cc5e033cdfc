import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Finding, Ms, Rejection } from '../finding.ts';
import { contentHash } from './content.ts';
import { inTransaction } from './database.ts';
import { advance, type Life, type Sighting } from './lifecycle.ts';
import { type Observation, rowsOf } from './observations.ts';
import { oncePer } from '../once.ts';
import { writeSegment } from './segment.ts';
import type { Batch, NewBatch } from './types.ts';

/** Appends one batch with its observations, rejections and cursor: all of it or nothing. */
export function appendBatch(
  db: DatabaseSync,
  batch: NewBatch,
  findings: Iterable<Finding>,
  rejections: readonly Rejection[],
  cursor: string | undefined,
): Batch {
  return inTransaction(db, () => {
    const source = sourceNo(db, batch.source);
    const before = earlier(db, source);
    const id = insertBatch(db, source, batch);
    const late = before.latest > batch.finished_at;
    const content = createHash('sha256');
    let stored = 0;
    for (const changed of observe(db, { source, id, batch, late, before }, findings)) {
      for (const { hash } of changed) content.update(hash, 'binary');
      stored += changed.length;
      writeSegment(db, { kind: 'fresh', bucket: '', late }, rowsOf(changed), () => batch.finished_at);
    }
    const digest = content.digest();
    db.prepare('UPDATE batch SET stored = ?, digest = ? WHERE id = ?').run(stored, digest, id);
    insertRejections(db, id, rejections);
    if (cursor !== undefined) db.prepare('INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)').run(source, cursor, id);
    return { id, ...batch, stored, digest: digest.toString('hex') };
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

/** What is known of a finding from earlier batches. */
interface Known extends Life {
  key: number;
  hash: Uint8Array;
  batch: number;
}

/** A row of `finding` in the order in which it is asked for. */
type KnownRow = [
  key: number,
  hash: Uint8Array,
  batch: number,
  first_batch: number,
  closed: number,
  first_closed: Ms | null,
  reopens: number,
  severity_initial: number,
  ack_after: number | null,
  ack_before: number | null,
];

interface Appending {
  source: number;
  id: number;
  batch: NewBatch;
  /** Whether a batch of this source that finished later is already stored. */
  late: boolean;
  before: Earlier;
}

interface Changed extends Observation {
  hash: string;
}

/** So many are written together; the next ones are only looked at when these are written. */
const pieceSize = 8192;

/** The findings whose content is not what was stored last, each once with its key and its life, in pieces. */
function* observe(db: DatabaseSync, appending: Appending, findings: Iterable<Finding>): Generator<Changed[]> {
  const find = finder(db, appending.source);
  const remember = rememberer(db, appending.source);
  const times = timesOf(db);
  let nextKey = Number(db.prepare("SELECT coalesce((SELECT value FROM meta WHERE name = 'keys'), '0') AS keys").get()?.keys);
  let changed: Changed[] = [];
  for (const [nativeId, finding] of distinct(findings)) {
    if (!Number.isFinite(finding.created_at)) throw new TypeError(`finding ${finding.native_id} has no creation time`);
    const hash = contentHash(finding);
    const known = find(nativeId);
    const overtaken = known !== undefined && appending.late && times(known.batch).finished_at > appending.batch.finished_at;
    if (known !== undefined && !overtaken && same(known.hash, hash)) continue;
    const life = advance(known, finding, appending.id, known === undefined ? [] : untouched(known, finding, appending, times));
    const key = known?.key ?? nextKey++;
    changed.push({ key, batch: appending.id, finding, life, hash });
    // What finished later stays the latest; this observation is only seen by views of its own time.
    if (!overtaken) remember(nativeId, key, hash, appending.id, life);
    if (changed.length < pieceSize) continue;
    yield changed;
    changed = [];
  }
  db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('keys', ?)").run(String(nextKey));
  if (changed.length > 0) yield changed;
}

/** A record may be delivered twice in one collection, at both edges of a page: its last version counts. A stage has seen to that. */
function* distinct(findings: Iterable<Finding>): Iterable<[string, Finding]> {
  if (!Array.isArray(findings)) {
    for (const finding of findings) yield [finding.native_id.toWellFormed(), finding];
    return;
  }
  yield* new Map(findings.map((finding: Finding) => [finding.native_id.toWellFormed(), finding]));
}

/** Finds what is known of a finding of one source; a source's first batch asks nothing. */
function finder(db: DatabaseSync, source: number): (nativeId: string) => Known | undefined {
  if (db.prepare('SELECT 1 FROM finding WHERE source_no = ? LIMIT 1').get(source) === undefined) return () => undefined;
  const statement = db.prepare(
    `SELECT key, hash, batch, first_batch, closed, first_closed, reopens, severity_initial, ack_after, ack_before
     FROM finding WHERE source_no = ? AND native_id = ?`,
  );
  // An array per row costs less than an object of SQLite's.
  statement.setReturnArrays(true);
  return (nativeId) => {
    const row = statement.get(source, nativeId) as unknown as KnownRow | undefined; // typed by the STRICT table
    if (row === undefined) return undefined;
    const [key, hash, batch, first_batch, closed, first_closed, reopens, severity_initial, ack_after, ack_before] = row;
    return { key, hash, batch, first_batch, closed: closed === 1, first_closed, reopens, severity_initial, ack_after, ack_before };
  };
}

type Times = (batch: number) => { started_at: Ms; finished_at: Ms };

/** When batches started and finished; the few that are asked for are read once. */
function timesOf(db: DatabaseSync): Times {
  const statement = db.prepare('SELECT started_at, finished_at FROM batch WHERE id = ?');
  return oncePer((batch) => {
    const row = statement.get(batch);
    return { started_at: Number(row?.started_at), finished_at: Number(row?.finished_at) };
  });
}

/** The batches that bound a first touch from below: the one of the latest observation, and complete ones that would have told. */
function untouched(known: Known, finding: Finding, { before, batch: own }: Appending, times: Times): Sighting[] {
  const told = before.complete.filter(
    (batch) =>
      batch.id >= known.first_batch &&
      (batch.mode === 'changed' || (batch.window_from <= finding.created_at && finding.created_at < batch.window_to)),
  );
  const sightings = [{ id: known.batch, started_at: times(known.batch).started_at }, ...told];
  return sightings.filter((sighting) => sighting.started_at <= own.started_at);
}

function rememberer(db: DatabaseSync, source: number): (id: string, key: number, hash: string, batch: number, life: Life) => void {
  const put = db.prepare('INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const head = Buffer.alloc(hashBytes);
  return (id, key, hash, batch, life) => {
    const { first_batch, closed, first_closed, reopens, severity_initial, ack_after, ack_before } = life;
    head.write(hash, 'binary'); // as much as it holds
    put.run(source, id, key, head, batch, first_batch, closed ? 1 : 0, first_closed, reopens, severity_initial, ack_after, ack_before);
  };
}

/** 96 bits tell the contents of one finding apart, also crafted ones; more would only cost space. */
const hashBytes = 12;

function same(stored: Uint8Array, hash: string): boolean {
  for (let i = 0; i < hashBytes; i++) if (stored[i] !== hash.charCodeAt(i)) return false;
  return true;
}
