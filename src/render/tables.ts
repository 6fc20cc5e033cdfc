import type { Series, Table } from '../analyse/kpi.ts';
import { labelText } from './alt.ts';
import type { Format, Shown } from './format.ts';
import { plain } from './words.ts';

/** A table as a page prints it. */
export interface TableView {
  caption: string;
  columns: { label: string; kind: 'number' | 'when' | 'long' | '' }[];
  /** The first cell of a row names it. */
  rows: CellView[][];
  /** How many of the rows go to paper. */
  printed: number;
  /** "10 of 148 rows; all of them are in the CSV file", where there are more. */
  more: string;
  /** How many rows there are in all. */
  total: string;
}

export interface CellView {
  text: string;
  status: Shown['status'];
}

/** A printed page is read, not searched: the rest of a long table stays on screen. */
const mostPrinted = 15;

/** The figures behind a chart: one row per label, one column per group. */
export function dataTable(series: Series, format: Format): TableView {
  const axis = { day: 'Day', hour: 'Hour', category: 'Item' }[series.axis];
  return {
    caption: plain(series.caption),
    columns: [{ label: axis, kind: '' }, ...series.groups.map(({ name }) => ({ label: plain(name), kind: 'number' as const }))],
    rows: series.labels.map((label, row) => [
      { text: labelText(series, label, format), status: 'ok' },
      ...series.groups.map(({ cells }): CellView => {
        const cell = cells[row];
        return cell === undefined ? unknown : format.cell(cell, series.unit);
      }),
    ]),
    printed: mostPrinted,
    more: '',
    total: format.quantity(series.labels.length, 'count'),
  };
}

const unknown: CellView = { text: 'unknown', status: 'unknown' };

export function tableView(table: Table, format: Format): TableView {
  return {
    caption: plain(table.caption),
    columns: table.columns.map(({ key, label, kind }) => ({
      label: plain(label),
      kind: kind === 'text' ? (isLong(table, key) ? 'long' : '') : kind === 'instant' ? 'when' : 'number',
    })),
    rows: table.rows.map((row) => table.columns.map(({ key, kind }) => tableCell(row[key], kind, format))),
    printed: mostPrinted,
    more: table.total_rows > table.rows.length ? `The first ${table.rows.length} of ${format.quantity(table.total_rows, 'count')}.` : '',
    total: format.quantity(Math.max(table.total_rows, table.rows.length), 'count'),
  };
}

/** A column of sentences gets the room it needs to be read. */
function isLong({ rows }: Table, key: string): boolean {
  return rows.some((row) => String(row[key] ?? '').length > 24);
}

function tableCell(value: string | number | null | undefined, kind: Table['columns'][number]['kind'], format: Format): CellView {
  if (value === null || value === undefined || value === '') return unknown;
  if (kind === 'instant') return { text: format.instant(value), status: 'ok' };
  return { text: typeof value === 'string' ? plain(value) : format.quantity(value, kind), status: 'ok' };
}
