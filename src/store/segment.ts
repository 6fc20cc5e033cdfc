import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { type Columns, numberColumn, type Packed, pack, textColumn, utf8Column } from './codec.ts';
import { coldColumns } from './columns.ts';
import { storedTexts } from './content.ts';
import { basesOf, isStamp, type Rows, rangeOf, type StoredNumber, settledAt, storedNumbers, sumFrom } from './rows.ts';

/** Up to so many rows, all hot columns share one part: a small batch is read and written in one go. */
const smallSegment = 4096;
/** Rows of one cold part: what must be unpacked to print a single row. */
export const coldRows = 4096;
/** zstd levels: an append must be quick, what compaction writes is kept. */
const levels = { fresh: 1, current: 6, history: 6 } as const;

export interface SegmentKind {
  kind: 'fresh' | 'current' | 'history';
  /** '' for a batch, 'open', or the UTC month in which the findings settled or the observations were superseded. */
  bucket: string;
  /** Whether a later batch of the same source was already stored: then append order is not time order. */
  late: boolean;
}

/** What is known of a segment without reading its columns. */
export interface Segment extends SegmentKind {
  id: number;
  rows: number;
  /** When its batches finished. */
  seen_min: Ms;
  seen_max: Ms;
  /** When the last of its observations was superseded; null unless all of them were. */
  until_max: Ms | null;
  created_min: Ms;
  /** When the last of its findings settled; null when one is open. */
  settled_max: Ms | null;
  sha256: Uint8Array;
}

interface Part extends Packed {
  name: string;
  row: number;
}

/** Writes observations as a new segment. `finishedAt` gives the end of a batch by id. */
export function writeSegment(db: DatabaseSync, kind: SegmentKind, rows: Rows, finishedAt: (batch: number) => Ms): void {
  const seen = rangeOf(rows.number('batch').map(finishedAt));
  const until = rows.number('until_batch');
  const superseded = kind.kind === 'history' ? rangeOf(until.map(finishedAt)).max : null;
  const created = rangeOf(rows.number('created_at'));
  const settled = rangeOf(settledAt(rows)).max;
  const level = levels[kind.kind];
  const parts = [...hotParts(rows, created.min, level), ...entityPart(rows, level), ...coldParts(rows, level)];
  const insert = db.prepare(
    `INSERT INTO segment (kind, bucket, late, rows, seen_min, seen_max, until_max, created_min, created_max, settled_max, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const { lastInsertRowid: id } = insert.run(
    kind.kind,
    kind.bucket,
    kind.late ? 1 : 0,
    rows.rows,
    seen.min,
    seen.max,
    superseded,
    created.min,
    created.max,
    Number.isFinite(settled) ? settled : null,
    hashOf(parts),
  );
  const put = db.prepare('INSERT INTO part (segment, name, row, raw, data) VALUES (?, ?, ?, ?, ?)');
  for (const part of parts) put.run(id, part.name, part.row, part.raw, part.data);
}

/** sha256 over the parts of a segment in the order in which they were written. */
export function hashOf(parts: Iterable<Part>): Uint8Array {
  const hash = createHash('sha256');
  for (const { name, row, raw, data } of parts) hash.update(`${name}\n${row}\n${raw}\n`).update(data);
  return hash.digest();
}

function* hotParts(rows: Rows, base: Ms, level: number): Generator<Part> {
  const small: Columns = [];
  for (const [name, column] of hotColumns(rows, base)) {
    if (rows.rows <= smallSegment) small.push([name, column]);
    else yield { name, row: 0, ...pack([[name, column]], level) };
  }
  if (small.length > 0) yield { name: 'hot', row: 0, ...pack(small, level) };
}

/** Every column that holds anything; a column that is unknown throughout is not written. */
function* hotColumns(rows: Rows, base: Ms): Generator<Columns[number]> {
  for (const name of storedTexts) {
    const texts = rows.text(name);
    if (texts.values.length > 0) yield [name, textColumn(texts)];
  }
  for (const name of storedNumbers) {
    const values = rows.number(name);
    if (values.some((value) => !Number.isNaN(value))) yield [name, numberColumn(toStored(name, values, rows, base))];
  }
}

/** Keys and creations grow from row to row and the other instants lie near the creation: differences are small and pack well. */
function toStored(name: StoredNumber, values: Float64Array, rows: Rows, base: Ms): Float64Array {
  const from = sumFrom(name, base);
  if (from !== undefined) return differences(values, from);
  if (!isStamp(name)) return values;
  const bases = basesOf(name, rows.number('created_at'), () => rows.number('closed_at'));
  return values.map((value, i) => value - (bases[i] ?? Number.NaN));
}

function differences(values: Float64Array, base: number): Float64Array {
  return values.map((value, i) => value - (i === 0 ? base : (values[i - 1] ?? Number.NaN)));
}

/** All entities one after another: a part of its own, because it is longer than there are rows. */
function* entityPart(rows: Rows, level: number): Generator<Part> {
  const entities = rows.entities();
  if (entities.codes.length > 0) yield { name: 'entities', row: 0, ...pack([['entities', textColumn(entities)]], level) };
}

function* coldParts(rows: Rows, level: number): Generator<Part> {
  for (let from = 0; from < rows.rows; from += coldRows) {
    const to = Math.min(rows.rows, from + coldRows);
    const columns: Columns = coldColumns.map((name) => [name, utf8Column(rows.cold(name, from, to))]);
    yield { name: 'cold', row: from, ...pack(columns, level) };
  }
}

const fields = 'id, kind, bucket, late, rows, seen_min, seen_max, until_max, created_min, settled_max, sha256';

/** The segments of a store, in the order in which they were written. */
export function listSegments(db: DatabaseSync): Segment[] {
  const rows = db.prepare(`SELECT ${fields} FROM segment ORDER BY id`).all();
  return rows.map((row) => ({ ...(row as unknown as Segment), late: row.late === 1 })); // the columns of `fields`, typed STRICT
}

/** The parts of a segment in the order in which they were written. */
export function* partsOf(db: DatabaseSync, segment: number): Generator<Part> {
  const rows = db.prepare('SELECT name, row, raw, data FROM part WHERE segment = ? ORDER BY rowid').iterate(segment);
  for (const row of rows) yield row as unknown as Part; // typed by the STRICT table
}

export function deleteSegment(db: DatabaseSync, segment: number): void {
  db.prepare('DELETE FROM part WHERE segment = ?').run(segment);
  db.prepare('DELETE FROM segment WHERE id = ?').run(segment);
}
