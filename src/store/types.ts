import type { FilterColumns } from '../filter/index.ts';
import type { Finding, Ms, Rejection } from '../finding.ts';
import type { NumberColumn, TextColumn } from './columns.ts';
import type { Ledger } from './ledger.ts';

/** One collection of one source for one window. */
export interface Batch {
  id: number;
  source: string;
  mode: 'created' | 'changed';
  window_from: Ms;
  window_to: Ms;
  started_at: Ms;
  finished_at: Ms;
  status: 'complete' | 'partial' | 'failed';
  /** Why it is not complete. */
  reason: string | undefined;
  /** What the product said would match, where it said so. */
  expected: number | undefined;
  fetched: number;
  /** Observations that were new or changed; the rest was known already. */
  stored: number;
  rejected: number;
  requests: number;
  /** sha256 of the batch's observations: provenance that outlives compaction. */
  digest: string;
}

export type NewBatch = Omit<Batch, 'id' | 'stored' | 'digest'>;

/** Codes into distinct values, in the order of their first row; -1 is unknown. */
export interface TextValues {
  codes: Int32Array;
  values: readonly string[];
}

export interface ColdRow {
  native_id: string;
  url: string | undefined;
  extra: string | undefined;
}

/** The distinct entities of each row: those of row i are `values[items[starts[i]]]` … up to `starts[i + 1]`, as "type:value". */
export interface EntityLists {
  starts: Int32Array;
  items: Int32Array;
  values: readonly string[];
}

/**
 * The latest observation of every finding as of one instant, in columns; rows are in the order of `key`, whatever was
 * compacted. A view is a snapshot: later appends and compactions do not touch it. Columns are read when they are first
 * asked for, so ask before the store is closed.
 */
export interface View extends FilterColumns {
  as_of: Ms;
  rows: number;
  text(name: TextColumn): TextValues;
  text(name: string): TextValues | undefined;
  number(name: NumberColumn): Float64Array;
  number(name: string): Float64Array | undefined;
  /** What the column `entities` says, without joining it into texts. */
  entityLists(): EntityLists;
  /** How their products name the given findings, in the same order; quicker than `cold` for many. No row may be given twice. */
  identities(rows: ArrayLike<number>): { native_ids: string[]; urls: (string | undefined)[] };
  /**
   * Who has a record of such an id, source by source: its row, or -1 where the store knows it but the view does not show it
   * (settled before `since`, or not yet seen by `as_of`).
   */
  find(native_id: string): readonly { source: string; row: number }[];
  /** Reads what is stored apart, for the given rows only. */
  cold(rows: ArrayLike<number>): ColdRow[];
  /** Batches finished by `as_of`, oldest first. */
  batches: readonly Batch[];
}

export interface Store {
  readonly client: string;
  /**
   * Appends one batch, its observations, its rejections and its cursor in one transaction. Of an array the last of an id counts;
   * anything else must give each id once, and is gone through once, piece by piece.
   */
  append(batch: NewBatch, findings: Iterable<Finding>, rejections: readonly Rejection[], cursor?: string): Batch;
  cursor(source: string): string | undefined;
  batches(asOf?: Ms): Batch[];
  rejections(batch: number): Rejection[];
  /**
   * `since`: findings settled (created and closed) before it may be left out, so that old history costs nothing.
   * @throws StoreError when compaction has dropped what a view that old would need.
   */
  view(options: { as_of: Ms; since?: Ms }): View;
  /** Merges small segments. as_of views stay exact back to `keep_history_from`. Returns how many segments there were and are. */
  compact(options: { keep_history_from: Ms }): { before: number; after: number };
  /** PRAGMA integrity_check plus every segment's sha256; the problems found. */
  check(): string[];
  /** A checked copy in one file, which appears whole or not at all. */
  backup(path: string): Promise<void>;
  /** `fresh`: segments that no compaction has merged yet. */
  stats(): { findings: number; observations: number; segments: number; fresh: number; bytes: number };
  /** Figures of earlier periods, of one meaning and known by `as_of`, in the order in which they were kept. */
  points(wanted: { meaning: string; periods: readonly string[]; as_of: Ms }): KeptText[];
  keepPoints(meaning: string, kept: readonly KeptText[]): void;
  addEdition(edition: NewEdition): Edition;
  editions(): Edition[];
  /** What was due and what became of it. */
  ledger: Ledger;
  close(): void;
}

/** The figures of one period as JSON, and by what data cut they were known. */
export interface KeptText {
  /** The period's label. */
  period: string;
  as_of: Ms;
  points: string;
}

/** One issued report. */
export interface Edition {
  report: string;
  period: string;
  revision: number;
  as_of: Ms;
  built_at: Ms;
  status: 'complete' | 'incomplete';
  path: string;
  /** sha256 of report.json. */
  digest: string;
}

/** `manifest`: sha256 of its manifest, sealed in the audit log. */
export type NewEdition = Omit<Edition, 'revision'> & { manifest?: string };

/** The store cannot be used: locked by another process, from a newer version, damaged. Says what to do. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly busy: boolean;
  constructor(message: string, options: { cause?: unknown; busy?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.busy = options.busy === true;
  }
}
