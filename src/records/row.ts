import type { Rejection } from '../finding.ts';
import { SourceError } from '../http.ts';
import { didYouMean } from '../suggest.ts';

/** What stands in one column of one row; a list where JSON has one. */
export type Cell = string | string[] | undefined;

export interface Row {
  /** "incidents.csv line 204": where the row starts. */
  place: string;
  /** In the order of the wanted columns. */
  cells: Cell[];
  /** As it stood in the file: the line's text or the JSON value. */
  source: unknown;
}

/** A row that cannot be read. */
export interface Broken {
  place: string;
  reason: string;
  source: unknown;
}

export interface Wanted {
  columns: readonly string[];
  /** Those of them without which no row is of use. */
  required: readonly string[];
}

/** Bytes of one row; a longer one is a quote or a bracket that is never closed. */
export const maxRecord = 4_000_000;

export function isBroken(row: Row | Broken): row is Broken {
  return 'reason' in row;
}

/** Where the wanted columns stand. @throws SourceError naming those that are missing or occur twice, and what there is. */
export function positionsOf(name: string, header: readonly string[], { columns }: Wanted): number[] {
  const twice = columns.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) {
    const places = header.flatMap((column, index) => (column === twice ? [index + 1] : []));
    throw new SourceError(
      'rejected',
      `${name} has the column "${twice}" more than once (columns ${places.join(', ')}); rename all but one`,
    );
  }
  assertColumns(name, header, columns);
  return columns.map((column) => header.indexOf(column));
}

export function assertColumns(name: string, header: readonly string[], columns: readonly string[]): void {
  const missing = [...new Set(columns)].filter((column) => !header.includes(column));
  if (missing.length === 0) return;
  const each = missing.map((column) => `no column "${column}"${didYouMean(column, header) || '.'}`).join(' ');
  throw new SourceError('rejected', `${name} has ${each} It has: ${header.join(', ')}`);
}

/** A row as the list of rejected ones keeps it; a monster is cut. */
export function rejection({ place, source }: Row | Broken, reason: string): Rejection {
  const text = typeof source === 'string' ? source.replace(/^[\r\n]+|[\r\n]+$/g, '') : JSON.stringify(source);
  return { place, reason, raw: text.length > 2000 ? `${text.slice(0, 2000)}…` : text };
}
