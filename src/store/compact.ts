import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { batchTimes } from './batches.ts';
import { inTransaction, readMeta } from './database.ts';
import { readSegment } from './reader.ts';
import { deleteSegment, listSegments, type Segment, writeSegment } from './segment.ts';
import { bucketName, intoBuckets, type Line, lineOf, lineUp, sorter } from './sort.ts';

/** So many fresh observations are merged at a time: bounds the memory a first compaction takes; fewer would be rewritten more often. */
const roundRows = 1_000_000;

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
  const added = fresh.map((segment) => lineOf(readSegment(db, segment)));
  const keys = new Set<number>();
  for (const line of added) for (const key of line.keys) keys.add(key);
  const late = fresh.some((segment) => segment.late);
  const touched = touchedBy(
    keys,
    merged.filter(({ kind }) => late || kind === 'current').map((segment) => lineOf(readSegment(db, segment))),
  );
  const { sort, buckets } = sorter(times, keepFrom);
  const sorted = lineUp([...touched, ...added], keys, times).map(sort);
  const done = new Set(sorted.map(({ reader }) => reader.segment));
  const beside = merged.filter((segment) => !done.has(segment) && buckets.includes(bucketName(segment)));
  for (const segment of beside) sorted.push(sort(lineOf(readSegment(db, segment))));
  for (const { name, rows } of intoBuckets(sorted, buckets, times)) {
    const [kind, bucket = ''] = name.split(' ');
    const as = { kind: kind === 'history' ? 'history' : 'current', bucket, late: false } as const;
    writeSegment(db, as, rows, (batch) => times.finished[batch] ?? Number.NaN);
  }
  for (const { reader, dropped } of sorted) {
    deleteSegment(db, reader.segment.id);
    keepHistoryFrom(db, dropped);
  }
}

/**
 * The merged segments that hold an observation of one of the findings. Superseded ones need be asked only when a batch came
 * late: it may stand between any two observations.
 */
function touchedBy(keys: ReadonlySet<number>, merged: readonly Line[]): Line[] {
  return merged.filter((line) => line.keys.some((key) => keys.has(key)));
}

/**
 * When more than a tenth of the file is free, as after a first compaction, it is written anew without gaps; otherwise free
 * pages are used by what comes next.
 */
function giveBackSpace(db: DatabaseSync): void {
  const free = Number(db.prepare('PRAGMA freelist_count').get()?.freelist_count);
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
  if (free > pages / 10) db.exec('VACUUM');
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
}
