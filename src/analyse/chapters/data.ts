import { type Words, fieldWords, percent, say } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { states } from '../lifecycle.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf } from '../series.ts';

const common = {
  chapter: 'data',
  needs: [],
  minN: 0,
  clock: 'none',
  chart: 'table',
  audiences: ['manager', 'engineer', 'client'],
} as const satisfies Partial<Kpi>;

const completeness = defineKpi({
  ...common,
  id: 'DQ-01',
  name: 'Fields filled',
  question: 'How complete are the records?',
  cohort: 'created-in-period',
  formula: 'Filled fields / fields that could be filled, over findings created; verdict and closing time only where a finding has ended',
  unit: 'rate',
  direction: 'up',
  statistic: 'share, without interval: the fields of one finding hang together',
  sources: ['catalogue DQ-01'],
  compute: (facts) => {
    const filled = fieldCounts(facts).reduce((sum, field) => sum + field.filled, 0);
    const of = fieldCounts(facts).reduce((sum, field) => sum + field.of, 0);
    if (of === 0) return { outcome: { status: 'no-denominator', reason: say('there are no findings created in the period'), n: 0 } };
    return { outcome: known(filled / of, facts.created.rows) };
  },
  show: (facts) => ({ tables: [fieldTable(facts)] }),
});

interface FieldCount {
  field: string;
  filled: number;
  of: number;
}

const instants = ['first_activity_at', 'acknowledged_at'] as const;
const lists = ['rules', 'attacks', 'log_sources', 'networks'] as const;

const fieldCounts = oncePerObject((facts: Facts): FieldCount[] => {
  const { created, findings } = facts;
  const { state, closed } = findings.life;
  const verdicts = findings.coded('verdict').codes;
  const { starts } = findings.view.entityLists();
  const ended = { n: 0, judged: 0, dated: 0 };
  let named = 0;
  for (let i = 0; i < created.rows; i += 1) {
    const row = created.members[i] ?? -1;
    if ((starts[row + 1] ?? 0) > (starts[row] ?? 0)) named += 1;
    if (state[row] !== states.closed && state[row] !== states.ended) continue;
    ended.n += 1;
    if ((verdicts[row] ?? -1) >= 0) ended.judged += 1;
    if (!Number.isNaN(closed[row])) ended.dated += 1;
  }
  return [
    ...instants.map((field) => ({ field, filled: countKnown(created.number(field)), of: created.rows })),
    { field: 'verdict', filled: ended.judged, of: ended.n },
    { field: 'closed_at', filled: ended.dated, of: ended.n },
    { field: 'assignee', filled: countCodes(created.coded('analyst').codes), of: created.rows },
    { field: 'entities', filled: named, of: created.rows },
    ...lists.map((field) => ({ field, filled: countCodes(created.coded(field).codes), of: created.rows })),
  ];
});

function countKnown(numbers: Float64Array): number {
  let filled = 0;
  for (let i = 0; i < numbers.length; i += 1) if (!Number.isNaN(numbers[i])) filled += 1;
  return filled;
}

function countCodes(codes: Int32Array): number {
  let unknown = 0;
  // The sign of an unknown code is added, not asked for: what is now known and now not cannot be guessed by the processor.
  for (let i = 0; i < codes.length; i += 1) unknown += (codes[i] ?? -1) >>> 31;
  return codes.length - unknown;
}

function fieldTable(facts: Facts): Table {
  const rows = fieldCounts(facts).map(({ field, filled, of }) => ({ field, filled, of, share: of === 0 ? null : filled / of }));
  const measured = rows.filter(({ share }) => share !== null);
  const worst = measured.reduce((least, row) => (Number(row.share) < Number(least?.share ?? 2) ? row : least), measured[0]);
  return {
    id: 'DQ-01.fields',
    title:
      worst === undefined
        ? say('No findings in this period')
        : say('{field} is filled in {share}', { field: fieldWords(worst.field), share: percent(Number(worst.share)) }),
    caption: captionOf(facts, say('Fields filled, over findings created')),
    columns: [
      { key: 'field', label: say('Field'), kind: 'text' },
      { key: 'filled', label: say('Filled'), kind: 'count' },
      { key: 'of', label: say('Of'), kind: 'count' },
      { key: 'share', label: say('Share'), kind: 'rate' },
    ],
    rows: rows.map((row) => ({ ...row, field: fieldWords(row.field) })),
    total_rows: rows.length,
  };
}

const excluded = defineKpi({
  ...common,
  id: 'DQ-02',
  name: 'Records left out or doubtful',
  question: 'What is not in the figures, and why?',
  cohort: 'event-in-period',
  formula:
    'Findings of the period left out of all figures, or of those that need a stamp they do not have; each counted by its first reason',
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  sources: ['catalogue DQ-02'],
  compute: (facts) => ({ outcome: count(facts.excluded.reduce((sum, { n }) => sum + n, 0)) }),
  show: (facts) => {
    const total = facts.excluded.reduce((sum, { n }) => sum + n, 0);
    const table: Table = {
      id: 'DQ-02.reasons',
      title:
        total === 0 ? say('Nothing was left out') : say('{n, plural, one {# record} other {# records}} left out or doubtful', { n: total }),
      caption: captionOf(facts, say('Records left out or doubtful, by reason')),
      columns: [
        { key: 'reason', label: say('Reason'), kind: 'text' },
        { key: 'n', label: say('Records'), kind: 'count' },
      ],
      rows: facts.excluded.map(({ reason, n }) => ({ reason, n })),
      total_rows: facts.excluded.length,
      sums_to: { kpi: 'DQ-02', column: 'n' },
    };
    return { tables: [table], notes: rejectedNotes(facts) };
  },
});

/** Records of which no finding could be made; a window that was collected twice may have counted one twice. */
function rejectedNotes({ findings, period }: Facts): Words[] {
  const own = findings.view.batches.filter(({ window_from, window_to }) => window_from < period.end && window_to > period.start);
  const n = own.reduce((sum, { rejected }) => sum + rejected, 0);
  return n === 0
    ? []
    : [
        say(
          '{n, plural, one {# record} other {# records}} of collections that touch the period could not be read as findings and {n, plural, one {is} other {are}} in no figure.',
          { n },
        ),
      ];
}

export const data: readonly Kpi[] = [completeness, excluded];
