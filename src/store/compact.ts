import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { type BatchTimes, batchTimes } from './batches.ts';
import { inTransaction, readMeta } from './database.ts';
import { readSegment, type SegmentReader } from './reader.ts';
import { deleteSegment, listSegments, type Segment, writeSegment } from './segment.ts';
import { lineOf, lineUp, rowsOfBucket, type Sorted, sorter } from './sort.ts';

/** So many fresh observations are merged at a time: bounds the memory a first compaction takes. */
const roundRows = 250_000;

/**
 * Merges what batches appended into few segments: the latest observations by the month in which they settled (the open ones
 * apart), superseded ones by the month in which they were superseded. Each round is one transaction; views before,
 * between and after are the same. Superseded observations that no view as of `keepFrom` or later shows are dropped.
 */
export function compactStore(db: DatabaseSync, keepFrom: Ms): { before: number; after: number } {
  const before = listSegments(db).length;
  inTransaction(db, () => dropHistory(db, keepFrom));
  for (let fresh = nextRound(db); fresh.length > 0; fresh = nextRound(db)) {
    const round = fresh;
    inTransaction(db, () => mergeRound(db, round, keepFrom));
  }
  giveBackSpace(db);
  return { before, after: listSegments(db).length };
}

function nextRound(db: DatabaseSync): Segment[] {
  let rows = 0;
  return listSegments(db).filter((segment) => {
    if (segment.kind !== 'fresh' || rows >= roundRows) return false;
    rows += segment.rows;
    return true;
  });
}

/** Whole segments of which no observation is inside the retention any more. */
function dropHistory(db: DatabaseSync, keepFrom: Ms): void {
  for (const segment of listSegments(db)) {
    if (segment.until_max === null || segment.until_max > keepFrom) continue;
    deleteSegment(db, segment.id);
    keepHistoryFrom(db, segment.until_max);
  }
}

/** Remembers since when views are whole, so that an older one is refused and not wrong. */
function keepHistoryFrom(db: DatabaseSync, at: Ms): void {
  const known = Number(readMeta(db, 'history_from') ?? Number.NEGATIVE_INFINITY);
  if (at > known) db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('history_from', ?)").run(String(at));
}

function mergeRound(db: DatabaseSync, fresh: readonly Segment[], keepFrom: Ms): void {
  const times = batchTimes(db);
  const merged = listSegments(db).filter((segment) => segment.kind !== 'fresh');
  const added = fresh.map((segment) => readSegment(db, segment));
  const touched = touchedBy(
    added,
    merged.map((segment) => readSegment(db, segment)),
  );
  const { sort, buckets } = sorter(times, keepFrom);
  const sorted = lineUp([...touched, ...added], times).map(sort);
  const beside = merged.filter(
    (segment) => buckets.includes(`${segment.kind} ${segment.bucket}`) && !touched.some((reader) => reader.segment === segment),
  );
  for (const segment of beside) sorted.push(sort(lineOf(readSegment(db, segment))));
  write(db, sorted, buckets, times);
  for (const { reader, dropped } of sorted) {
    deleteSegment(db, reader.segment.id);
    keepHistoryFrom(db, dropped);
  }
}

/**
 * The merged segments whose order with the new observations must be found: those that hold an earlier observation of the
 * same finding; all of them when a batch came late, because it may stand between any two observations.
 */
function touchedBy(added: readonly SegmentReader[], merged: readonly SegmentReader[]): SegmentReader[] {
  if (added.some(({ segment }) => segment.late)) return [...merged];
  const keys = new Set<number>();
  for (const reader of added) for (const key of reader.number('key') ?? []) keys.add(key);
  return merged.filter((reader) => reader.segment.kind === 'current' && reader.number('key')?.some((key) => keys.has(key)));
}

function write(db: DatabaseSync, sorted: readonly Sorted[], buckets: readonly string[], times: BatchTimes): void {
  for (const [no, name] of buckets.entries()) {
    const [kind = '', bucket = ''] = name.split(' ');
    const rows = rowsOfBucket(sorted, no, times);
    writeSegment(
      db,
      { kind: kind === 'history' ? 'history' : 'current', bucket, late: false },
      rows,
      (batch) => times.finished[batch] ?? Number.NaN,
    );
  }
}

/** Pages that nothing uses any more go back to the disk when they are many; the log is emptied unless someone reads from it. */
function giveBackSpace(db: DatabaseSync): void {
  const free = Number(db.prepare('PRAGMA freelist_count').get()?.freelist_count);
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
  if (free > pages / 20) db.exec('PRAGMA incremental_vacuum');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
