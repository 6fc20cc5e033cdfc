import { say } from '../../words/index.ts';
import { markPartial } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import { heldOf, staleDays } from '../held.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { captionOf } from '../series.ts';

const stale = defineKpi({
  id: 'BKL-06',
  chapter: 'backlog',
  name: 'On hold too long',
  question: 'Which answer is nobody waiting for any more?',
  cohort: 'open-at-end',
  needs: [],
  formula: `Findings open at the end that are on hold, and have been for more than ${staleDays} × 24 hours at the end`,
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  minN: 0,
  clock: 'calendar',
  chart: 'table',
  audiences: ['client', 'manager', 'engineer'],
  sources: ['catalogue BKL-06'],
  compute: (facts) => {
    const { held, stale: late, undated } = heldOf(facts);
    if (held > 0 && undated === held)
      return { outcome: { status: 'not-available-from-source', reason: say('no source tells since when a finding is on hold'), n: held } };
    const reason = say('of {n, plural, one {# more finding} other {# more findings}} on hold it is not known since when', { n: undated });
    return { outcome: markPartial({ ...count(late.length), n: held }, undated === 0 ? undefined : reason) };
  },
  show: (facts) => {
    const { held, stale: late } = heldOf(facts);
    return { tables: late.length === 0 ? [] : [staleTable(facts)], notes: [say('{n} are on hold at the end.', { n: held })] };
  },
});

function staleTable(facts: Facts): Table {
  const { stale: late } = heldOf(facts);
  const shown = late.slice(0, 20);
  const ids = facts.findings.view.cold(shown.map(({ row }) => row));
  const { codes, values } = facts.findings.coded('title');
  return {
    id: 'BKL-06.findings',
    title: say('{n, plural, one {# finding} other {# findings}} on hold too long', { n: late.length }),
    caption: captionOf(facts, say('Open findings on hold for more than {days} days', { days: staleDays })),
    columns: [
      { key: 'id', label: say('Finding'), kind: 'text' },
      { key: 'title', label: say('Title'), kind: 'text' },
      { key: 'held', label: say('On hold for'), kind: 'seconds' },
    ],
    rows: shown.map(({ row, since }, i) => ({
      id: ids[i]?.native_id ?? null,
      title: values[codes[row] ?? -1] ?? null,
      held: (facts.end - since) / 1000,
    })),
    total_rows: late.length,
  };
}

export const held: readonly Kpi[] = [stale];
