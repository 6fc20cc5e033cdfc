import type { Analysis } from '../analyse/analysis.ts';
import { say, type Words } from '../words/index.ts';
import type { Format } from './format.ts';
import type { TableView } from './tables.ts';
import { tableView } from './tables.ts';

/** The engineer's own tables; null where the run could not tell. */
export type DiagnosticsView = { id: string; title: string; table: TableView }[];

type Rows = Record<string, Words | number | null>[];
type Columns = Parameters<typeof tableView>[0]['columns'];

export function diagnosticsOf({ diagnostics = {} }: Analysis, format: Format): DiagnosticsView {
  const { queries, timings, rejected, unmatched } = diagnostics;
  return [
    view(
      'queries',
      say('What was asked for'),
      [
        ['name', say('Set')],
        ['place', say('Stands in')],
        ['text', say('Filter')],
      ],
      queries,
      format,
    ),
    view(
      'timings',
      say('What collecting it took'),
      [
        ['source', say('Source')],
        ['collections', say('Collections'), 'count'],
        ['requests', say('Requests'), 'count'],
        ['records', say('Records'), 'count'],
        ['seconds', say('Time'), 'seconds'],
      ],
      timings,
      format,
    ),
    view(
      'rejected',
      say('Records that were rejected'),
      [
        ['source', say('Source')],
        ['reason', say('Reason')],
        ['n', say('Records'), 'count'],
        ['example', say('For example')],
      ],
      rejected?.map((row) => ({ ...row, example: row.example ?? null })),
      format,
    ),
    view(
      'unmatched',
      say('Titles no tag rule matched'),
      [
        ['title', say('Title')],
        ['n', say('Findings'), 'count'],
      ],
      unmatched,
      format,
    ),
  ].flat();
}

function view(
  id: string,
  title: Words,
  columns: [key: string, label: Words, kind?: Columns[number]['kind']][],
  rows: Rows | undefined,
  format: Format,
): DiagnosticsView {
  if (rows === undefined) return [];
  const shown = columns.map(([key, label, kind = 'text']) => ({ key, label, kind }));
  return [
    {
      id,
      title: format.words(title),
      table: tableView({ id, title, caption: title, columns: shown, rows, total_rows: rows.length }, format),
    },
  ];
}
