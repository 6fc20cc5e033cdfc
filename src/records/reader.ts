import type { Ms, Rejection } from '../finding.ts';
import { hash } from 'node:crypto';
import { type Change, countFields, type FileRecord, fold, listFields, type Mapping, textFields, timeFields, wholeRow } from './mapping.ts';
import { rejection, type Row, type Wanted } from './row.ts';
import { type Misfit, timeReader } from './time.ts';

/** One row as a version of a record. */
export interface Version {
  record: Omit<FileRecord, 'history'>;
  place: string;
  /** Whether `acknowledged_when` holds in this row. */
  acknowledged: boolean;
  /** What the row says of its own moment; absent where the export has no `updated_at`. */
  change: Change | undefined;
}

/** A row that is no record, with what is known about when it would be due. */
interface Unreadable {
  rejection: Rejection;
  created_at: Ms | undefined;
}

interface RowReader {
  wanted: Wanted;
  /** undefined: a row of another kind than those that are asked for. */
  read(row: Row): Version | Unreadable | undefined;
}

const fields = ['id', ...timeFields, ...listFields, ...countFields, ...textFields] as const;
type Field = (typeof fields)[number];

/** What a row holds under the names of the normal form; undefined is unknown. */
interface Cells {
  text(field: Field): string | undefined;
  list(field: Field): string[] | undefined;
}

/** Turns rows into versions of records by a mapping. A text that does not fit makes the row unreadable. */
export function rowReader(mapping: Mapping): RowReader {
  const { columns, acknowledged_when: condition, only } = mapping;
  const byRow = columns.id === wholeRow;
  const mapped = fields.filter((field) => columns[field] !== undefined && !(byRow && field === 'id'));
  const names = mapped.map((field) => columns[field] ?? field);
  if (condition !== undefined) names.push(condition.column);
  if (only !== undefined) names.unshift(only.column);
  const shift = only === undefined ? 0 : 1;
  const asked = new Set(only?.in.map(fold));
  const cellsOf = cellReader(mapping, new Map(mapped.map((field, index) => [field, index + shift])));
  const timeOf = timeReader(mapping.time);
  return {
    wanted: { columns: names, required: [...(byRow ? [] : [columns.id]), columns.title, columns.created_at] },
    read(row) {
      if (only !== undefined && !asked.has(fold(String(row.cells[0])))) return undefined;
      const cells = cellsOf(row);
      const id = byRow ? hash('sha1', JSON.stringify(row.source)) : cells.text('id');
      const version = versionOf(cells, id, row.place, timeOf, columns);
      if ('problem' in version) return { rejection: rejection(row, version.problem), created_at: version.created_at };
      const cell = condition === undefined ? undefined : row.cells.at(-1);
      return { ...version, acknowledged: typeof cell === 'string' && fold(cell) === fold(condition?.equals ?? '') };
    },
  };
}

function cellReader(mapping: Mapping, positions: ReadonlyMap<Field, number>): (row: Row) => Cells {
  const unknown = new Set(['', ...mapping.unknown.map(fold)]);
  const known = (text: string) => !unknown.has(fold(text));
  return ({ cells }) => {
    const cellOf = (field: Field) => {
      const position = positions.get(field);
      return position === undefined ? undefined : cells[position];
    };
    return {
      text(field) {
        const cell = cellOf(field);
        const text = Array.isArray(cell) ? cell.join(', ') : cell;
        return text !== undefined && known(text) ? text : undefined;
      },
      list(field) {
        const cell = cellOf(field);
        if (cell === undefined) return undefined;
        const parts = typeof cell === 'string' ? split(cell, mapping.lists) : cell;
        const values = parts.map((part) => part.trim()).filter(known);
        return values.length === 0 ? undefined : values;
      },
    };
  };
}

function split(text: string, separator: string | undefined): string[] {
  return separator === undefined ? [text] : text.split(separator);
}

type Read = Omit<Version, 'acknowledged'> | { problem: string; created_at: Ms | undefined };

function versionOf(
  cells: Cells,
  id: string | undefined,
  place: string,
  timeOf: (text: string) => Ms | Misfit,
  columns: Mapping['columns'],
): Read {
  const problems: string[] = [];
  const complain = (field: Field, reason: string) => void problems.push(`${columns[field]}: ${reason}`);
  const times = pick(timeFields, (field) => readTime(cells.text(field), timeOf, (reason) => complain(field, reason)));
  const counts = pick(countFields, (field) => readCount(cells.text(field), (reason) => complain(field, reason)));
  const { created_at, updated_at } = times;
  if (id === undefined) complain('id', 'no id');
  if (cells.text('created_at') === undefined) complain('created_at', 'no time');
  if (id === undefined || created_at === undefined || problems.length > 0) return { problem: problems.join('; '), created_at };
  const texts = pick(textFields, (field) => cells.text(field));
  const lists = pick(listFields, (field) => cells.list(field));
  return { record: { id, created_at, texts, lists, times, counts }, place, change: changeOf(updated_at, texts) };
}

function pick<Key extends string, Value>(keys: readonly Key[], read: (key: Key) => Value | undefined): Partial<Record<Key, Value>> {
  const picked: Partial<Record<Key, Value>> = {};
  for (const key of keys) {
    const value = read(key);
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}

function readTime(text: string | undefined, timeOf: (text: string) => Ms | Misfit, complain: (reason: string) => void): Ms | undefined {
  if (text === undefined) return undefined;
  const at = timeOf(text);
  if (typeof at === 'number') return at;
  complain(at.reason);
  return undefined;
}

function readCount(text: string | undefined, complain: (reason: string) => void): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d{1,15}\s*$/.test(text)) return Number(text);
  complain(`"${text}" is no whole number`);
  return undefined;
}

function changeOf(at: Ms | undefined, { status, assignee }: FileRecord['texts']): Change | undefined {
  if (at === undefined) return undefined;
  return { at, ...(status === undefined ? {} : { status }), ...(assignee === undefined ? {} : { assignee }) };
}
