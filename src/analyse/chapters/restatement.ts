import { quantity, say } from '../../words/index.ts';
import { hasValue, known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { type Restated, restatementOf } from '../restatement.ts';
import { captionOf } from '../series.ts';

const restated = defineKpi({
  id: 'DQ-03',
  chapter: 'data',
  name: 'Figures restated',
  question: 'Did the last report say something else?',
  cohort: 'history',
  needs: [],
  formula:
    'Figures of the last issued edition whose value differs from what is known now of the same period; the cause is told from when findings came in and changed',
  unit: 'count',
  direction: 'down',
  statistic: 'exact comparison',
  minN: 0,
  clock: 'none',
  chart: 'table',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue DQ-03'],
  compute: (facts) => {
    const found = restatements(facts);
    if ('reason' in found) return { outcome: { status: 'no-data', reason: found.reason } };
    return { outcome: known(found.rows.filter(isChanged).length, found.rows.length) };
  },
  show: (facts) => {
    const found = restatements(facts);
    return 'reason' in found ? {} : { tables: [restatedTable(facts, found.rows)], notes: found.notes };
  },
});

const restatements = oncePerObject(restatementOf);

function isChanged({ delta }: Restated): boolean {
  return delta !== 0;
}

function restatedTable(facts: Facts, all: readonly Restated[]): Table {
  const rows = all.filter(isChanged);
  return {
    id: 'DQ-03.figures',
    title:
      rows.length === 0
        ? say('The last report still holds')
        : say('{n, plural, one {# figure} other {# figures}} of the last report restated', { n: rows.length }),
    caption: captionOf(facts, say('The period before as it was reported and as it is known now')),
    columns: [
      { key: 'name', label: say('Figure'), kind: 'text' },
      { key: 'reported', label: say('Reported'), kind: 'text' },
      { key: 'now', label: say('Known now'), kind: 'text' },
      { key: 'cause', label: say('Cause'), kind: 'text' },
    ],
    rows: rows.map(({ name, unit, reported, now, cause }) => ({
      name,
      reported: hasValue(reported) ? quantity(reported.value, unit) : reported.reason,
      now: hasValue(now) ? quantity(now.value, unit) : now.reason,
      cause,
    })),
    total_rows: rows.length,
  };
}

export const restatement: readonly Kpi[] = [restated];
