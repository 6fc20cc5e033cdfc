import type { CsvColumn } from '../render/index.ts';
import type { NumberColumn, TextColumn } from '../store/columns.ts';
import type { View } from '../store/index.ts';

/** One finding's values by column name, read straight from the view's columns. */
export interface FindingRow {
  row: number;
  native_id: string;
  url: string | undefined;
}

const texts = ['source', 'kind', 'product', 'title'] as const;
const laterTexts = [
  'status',
  'verdict',
  'verdict_raw',
  'assignee',
  'closed_by',
  'rules',
  'actors',
  'targets',
  'networks',
  'log_sources',
  'tags',
] as const;
const instants = [
  'created_at',
  'first_activity_at',
  'acknowledged_at',
  'ack_after',
  'ack_before',
  'escalated_at',
  'closed_at',
  'first_seen_at',
  'seen_at',
] as const;
const numbers = ['severity', 'reopen_count', 'event_count'] as const;

/** The columns of findings.csv and of `export`: the normal form, one row per finding. */
export function findingColumns(view: View): CsvColumn<FindingRow>[] {
  const text = (name: TextColumn): CsvColumn<FindingRow> => {
    const { codes, values } = view.text(name);
    const shown = values.map((value) => value.replaceAll('\u001f', '; '));
    return { name, kind: 'text', value: ({ row }) => shown[codes[row] ?? -1] };
  };
  const number = (name: NumberColumn, kind: 'number' | 'instant'): CsvColumn<FindingRow> => {
    const values = view.number(name);
    return { name, kind, value: ({ row }) => values[row] };
  };
  return [
    { name: 'id', kind: 'text', value: ({ native_id }) => native_id },
    ...texts.map(text),
    ...numbers.map((name) => number(name, 'number')),
    ...laterTexts.map(text),
    ...instants.map((name) => number(name, 'instant')),
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
  const cold = view.cold(rows);
  return rows.map((row, index) => ({ row, native_id: cold[index]?.native_id ?? '', url: cold[index]?.url })); // cold() answers every row asked for
}
