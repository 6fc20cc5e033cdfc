import { type Phrase, say } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import type { ColumnName } from '../findings.ts';
import type { Facts } from '../facts.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { captionOf } from '../series.ts';

const watched = [
  ['hosts', say('Hosts'), undefined],
  ['users', say('Users'), 'users'],
  ['log_sources', say('Log sources'), 'log_sources'],
  ['rules', say('Rules enabled'), 'rule'],
] as const satisfies readonly (readonly [string, Phrase, ColumnName | undefined])[];

const inScope = defineKpi({
  id: 'VOL-09',
  chapter: 'volume',
  name: 'Findings per 100 hosts',
  question: 'How much is that for what we watch?',
  cohort: 'created-in-period',
  needs: [],
  formula: 'Findings created / hosts watched × 100; what is watched is stated in the client’s configuration',
  unit: 'ratio',
  direction: 'neutral',
  statistic: 'ratio to a stated number',
  minN: 0,
  clock: 'none',
  chart: 'table',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue VOL-09'],
  compute: ({ client, created }) => {
    const hosts = client.scope.get('hosts');
    if (hosts === undefined)
      return { outcome: { status: 'no-denominator', reason: say('the client’s configuration does not say how many hosts are watched') } };
    return { outcome: known((created.rows / hosts) * 100, created.rows) };
  },
  show: (facts) => (facts.client.scope.size === 0 ? {} : { tables: [scopeTable(facts)] }),
});

/** What is watched beside what showed up in findings: a large gap is a blind spot or a wrong number. */
function scopeTable(facts: Facts): Table {
  const rows = watched.map(([key, name, column]) => {
    const stated = facts.client.scope.get(key) ?? null;
    const seen = column === undefined ? null : facts.created.counts(column).filter((one) => one.name !== undefined).length;
    return { name, stated, seen, per: stated === null ? null : (facts.created.rows / stated) * 100 };
  });
  return {
    id: 'VOL-09.scope',
    title: say('{n} of {all} denominators are stated', { n: facts.client.scope.size, all: watched.length }),
    caption: captionOf(facts, say('What is watched as stated, and what findings named')),
    columns: [
      { key: 'name', label: say('In scope'), kind: 'text' },
      { key: 'stated', label: say('Stated'), kind: 'count' },
      { key: 'seen', label: say('Named by findings'), kind: 'count' },
      { key: 'per', label: say('Findings per 100'), kind: 'number' },
    ],
    rows,
    total_rows: rows.length,
  };
}

export const scope: readonly Kpi[] = [inScope];
