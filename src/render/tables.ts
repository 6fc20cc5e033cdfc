import type { Table } from '../analyse/kpi.ts';
import { message, phrase, type Words } from '../words/index.ts';
import type { ReadSeries } from './read.ts';
import type { Format, Shown } from './format.ts';

/** A table as a page prints it. */
export interface TableView {
  caption: string;
  columns: { label: string; kind: 'number' | 'when' | 'long' | 'code' | '' }[];
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

const axes = { day: message('Day'), hour: message('Hour'), category: message('Item') };

/** The figures behind a chart: one row per label, one column per group. */
export function dataTable(series: ReadSeries, format: Format): TableView {
  return {
    caption: series.caption,
    columns: [
      { label: format.words(phrase(axes[series.axis])), kind: '' },
      ...series.groups.map(({ name }) => ({ label: name, kind: 'number' as const })),
    ],
    rows: series.labels.map((label, row) => [
      { text: label, status: 'ok' },
      ...series.groups.map(({ cells }): CellView => {
        const cell = cells[row];
        return cell === undefined ? unknown(format) : format.cell(cell, series.unit);
      }),
    ]),
    printed: mostPrinted,
    more: '',
    total: format.quantity(series.labels.length, 'count'),
  };
}

const unknown = ({ say }: Format): CellView => ({ text: say('unknown'), status: 'unknown' });

export function tableView(table: Table, format: Format): TableView {
  return {
    caption: format.words(table.caption),
    columns: table.columns.map(({ key, label, kind }) => ({
      label: format.words(label),
      kind: kind === 'text' ? lengthOf(table, key) : kind === 'instant' || kind === 'day' ? 'when' : 'number',
    })),
    rows: table.rows.map((row) => table.columns.map(({ key, kind }) => tableCell(row[key], kind, format))),
    printed: mostPrinted,
    more:
      table.total_rows > table.rows.length ? format.say('The first {n} of {all}.', { n: table.rows.length, all: table.total_rows }) : '',
    total: format.quantity(Math.max(table.total_rows, table.rows.length), 'count'),
  };
}

/** A column of sentences gets the room it needs to be read; a product's long ids may break anywhere. */
function lengthOf({ rows }: Table, key: string): 'long' | 'code' | '' {
  const long = rows.map((row) => String(row[key] ?? '')).filter((text) => text.length > 24);
  return long.length === 0 ? '' : long.every((text) => /^[\w:~.-]+$/.test(text)) ? 'code' : 'long';
}

function tableCell(value: Words | number | null | undefined, kind: Table['columns'][number]['kind'], format: Format): CellView {
  if (value === null || value === undefined || value === '') return unknown(format);
  if (kind === 'instant') return { text: format.instant(typeof value === 'number' ? value : String(value)), status: 'ok' };
  if (kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(String(value))) return { text: format.date(String(value)), status: 'ok' };
  return { text: typeof value === 'number' ? format.quantity(value, kind) : format.words(value), status: 'ok' };
}
