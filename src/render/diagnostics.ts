import type { Analysis } from '../analyse/analysis.ts';
import type { Format } from './format.ts';
import type { TableView } from './tables.ts';
import { tableView } from './tables.ts';

/** The engineer's own tables; null where the run could not tell. */
export type DiagnosticsView = { id: string; title: string; table: TableView }[];

type Rows = Record<string, string | number | null>[];
type Columns = Parameters<typeof tableView>[0]['columns'];

export function diagnosticsOf({ diagnostics = {} }: Analysis, format: Format): DiagnosticsView {
  const { queries, timings, rejected, unmatched } = diagnostics;
  return [
    view(
      'queries',
      'What was asked for',
      [
        ['name', 'Set'],
        ['place', 'Stands in'],
        ['text', 'Filter'],
      ],
      queries,
      format,
    ),
    view(
      'timings',
      'Where the time went',
      [
        ['station', 'Station'],
        ['seconds', 'Time', 'seconds'],
      ],
      timings,
      format,
    ),
    view(
      'rejected',
      'Records that were rejected',
      [
        ['source', 'Source'],
        ['reason', 'Reason'],
        ['n', 'Records', 'count'],
        ['example', 'For example'],
      ],
      rejected?.map((row) => ({ ...row, example: row.example ?? null })),
      format,
    ),
    view(
      'unmatched',
      'Titles no tag rule matched',
      [
        ['title', 'Title'],
        ['n', 'Findings', 'count'],
      ],
      unmatched,
      format,
    ),
  ].flat();
}

function view(
  id: string,
  title: string,
  columns: [key: string, label: string, kind?: Columns[number]['kind']][],
  rows: Rows | undefined,
  format: Format,
): DiagnosticsView {
  if (rows === undefined) return [];
  const shown = columns.map(([key, label, kind = 'text']) => ({ key, label, kind }));
  return [{ id, title, table: tableView({ id, title, caption: title, columns: shown, rows, total_rows: rows.length }, format) }];
}
