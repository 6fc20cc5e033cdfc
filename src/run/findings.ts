import type { CsvColumn } from '../render/index.ts';
import { instantColumns, listColumns, listSeparator, type NumberColumn, type TextColumn, textColumns } from '../store/columns.ts';
import type { View } from '../store/index.ts';

/** One finding's values by column name, read straight from the view's columns. */
export interface FindingRow {
  row: number;
  native_id: string;
  url: string | undefined;
}

/** What a reader of the report looks up: who did what to whom, and how it ended. */
const reported = {
  texts: [
    'source',
    'kind',
    'product',
    'title',
    'status',
    'verdict',
    'verdict_raw',
    'assignee',
    'rules',
    'actors',
    'targets',
    'log_sources',
  ],
  numbers: ['severity'],
  instants: ['created_at', 'acknowledged_at', 'closed_at'],
} as const;

/** All of the normal form, for notebooks and spreadsheets. */
const everything = {
  texts: [...textColumns, ...listColumns],
  numbers: ['severity', 'severity_initial', 'escalated', 'reopen_count', 'event_count'],
  instants: instantColumns,
} as const;

/** The columns of findings.csv (`reported`) or of `export` (`everything`), one row per finding. */
export function findingColumns(view: View, extent: 'reported' | 'everything'): CsvColumn<FindingRow>[] {
  const { texts, numbers, instants } = extent === 'reported' ? reported : everything;
  const text = (name: TextColumn): CsvColumn<FindingRow> => {
    const { codes, values } = view.text(name);
    const shown = values.map((value) => value.replaceAll(listSeparator, '; '));
    const code = ({ row }: FindingRow): number => codes[row] ?? -1;
    return { name, kind: 'text', value: (finding) => shown[code(finding)], coded: { code, values: shown } };
  };
  const number = (name: NumberColumn, kind: 'number' | 'instant'): CsvColumn<FindingRow> => {
    const values = view.number(name);
    return { name, kind, value: ({ row }) => values[row] };
  };
  return [
    { name: 'id', kind: 'text', value: ({ native_id }) => native_id },
    ...instants.map((name) => number(name, 'instant')),
    ...texts.map(text),
    ...numbers.map((name) => number(name, 'number')),
    { name: 'url', kind: 'text', value: ({ url }) => url },
  ];
}

/** The findings created in [start, end), oldest first; ids are read for these rows only. */
export function findingsBetween(view: View, start: number, end: number): FindingRow[] {
  const created = view.number('created_at');
  const rows: number[] = [];
  for (let row = 0; row < view.rows; row++) {
    const at = created[row] ?? Number.NaN;
    if (at >= start && at < end) rows.push(row);
  }
  rows.sort((a, b) => (created[a] ?? 0) - (created[b] ?? 0) || a - b); // rows are below view.rows, so neither is missing
  const { native_ids, urls } = view.identities(rows);
  return rows.map((row, index) => ({ row, native_id: native_ids[index] ?? '', url: urls[index] })); // every row asked for is answered
}
