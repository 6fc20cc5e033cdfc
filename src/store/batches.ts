import type { DatabaseSync } from 'node:sqlite';
import type { Ms, Rejection } from '../finding.ts';
import type { Batch } from './types.ts';

const fields = `batch.id, source.id AS source, mode, window_from, window_to, started_at, finished_at, status, reason, expected, fetched, stored,
  rejected, requests, lower(hex(digest)) AS digest`;

/** Batches finished by `asOf`, oldest first. */
export function listBatches(db: DatabaseSync, asOf: Ms): Batch[] {
  const rows = db
    .prepare(`SELECT ${fields} FROM batch JOIN source ON source.no = source_no WHERE finished_at <= ? ORDER BY finished_at, batch.id`)
    .all(asOf);
  // The columns of `fields`, typed by the STRICT table; SQLite says null where our type says undefined.
  return rows.map((row) => ({ ...row, reason: row.reason ?? undefined, expected: row.expected ?? undefined }) as unknown as Batch);
}

/** When batches started and finished and whose they are, by id; what reading columns needs, in arrays. */
export interface BatchTimes {
  started: Float64Array;
  finished: Float64Array;
  /** Place in the order of time: by end, then by id. */
  rank: Int32Array;
  source: Int32Array;
  sources: Map<number, string>;
}

export function batchTimes(db: DatabaseSync): BatchTimes {
  const last = Number(db.prepare('SELECT coalesce(max(id), 0) AS id FROM batch').get()?.id);
  const times: BatchTimes = {
    started: new Float64Array(last + 1),
    finished: new Float64Array(last + 1),
    rank: new Int32Array(last + 1),
    source: new Int32Array(last + 1),
    sources: new Map(),
  };
  const statement = db.prepare('SELECT id, source_no, started_at, finished_at FROM batch ORDER BY finished_at, id');
  statement.setReturnArrays(true);
  // With setReturnArrays every row is an array; all four columns are numbers of a STRICT table.
  const rows = statement.all() as unknown as [number, number, number, number][];
  for (const [rank, [id, source, started, finished]] of rows.entries()) {
    times.started[id] = started;
    times.finished[id] = finished;
    times.rank[id] = rank;
    times.source[id] = source;
  }
  for (const row of db.prepare('SELECT no, id FROM source').all()) times.sources.set(Number(row.no), String(row.id));
  return times;
}

export function listRejections(db: DatabaseSync, batch: number): Rejection[] {
  const rows = db.prepare('SELECT place, reason, raw FROM rejection WHERE batch = ? ORDER BY no').all(batch);
  return rows.map((row) => ({ place: String(row.place), reason: String(row.reason), raw: String(row.raw) }));
}

export function readCursor(db: DatabaseSync, source: string): string | undefined {
  const row = db.prepare('SELECT value FROM cursor JOIN source ON source.no = source_no WHERE source.id = ?').get(source);
  return row === undefined ? undefined : String(row.value);
}
