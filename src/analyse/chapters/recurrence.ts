import { say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { type Returns, returnsOf, returnWindow, returnWindowMs } from '../recurrence.ts';
import { captionOf } from '../series.ts';

const returned = defineKpi({
  id: 'ENT-02',
  counts: 'alerts',
  chapter: 'attack',
  name: 'Hit again after a true positive',
  question: 'Was the attack really over?',
  cohort: 'history',
  needs: ['entities', 'verdict', 'closed_at'],
  formula: `Entities of true positives closed in the period moved back by ${returnWindow} days of 24 hours: those named by a true positive of the same category created after that close and within ${returnWindow} days of it / all of them; an entity counts once`,
  unit: 'rate',
  direction: 'down',
  statistic: 'Wilson 95 % interval; only closes that had the whole time to come back',
  minN: 0,
  clock: 'none',
  chart: 'table',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue ENT-02'],
  compare: 'proportion',
  compute: (facts) => {
    if (facts.period.start - returnWindowMs < facts.history.period.start && facts.findings.view.rows > 0) {
      return {
        outcome: {
          status: 'no-data',
          reason: say('needs the closes of the {days} days before the period, which were not read', { days: returnWindow }),
        },
      };
    }
    const { entities, returned: again } = returnsOf(facts);
    const denominator = say('entities of true positives closed in the period moved back by {days} days', { days: returnWindow });
    return { outcome: proportion(again.length, entities, denominator) };
  },
  show: (facts) => {
    const found = returnsOf(facts);
    return found.returned.length === 0 ? {} : { tables: [returnTable(facts, found)] };
  },
});

function returnTable(facts: Facts, { entities, returned: again }: Returns): Table {
  return {
    id: 'ENT-02.entities',
    title: say('{n} of {all, plural, one {# entity} other {# entities}} hit again', { n: again.length, all: entities }),
    caption: captionOf(facts, say('Entities with a new true positive of the same category after the last was closed')),
    columns: [
      { key: 'entity', label: say('Entity'), kind: 'text' },
      { key: 'category', label: say('Category'), kind: 'text' },
      { key: 'at', label: say('Hit again'), kind: 'instant' },
      { key: 'after', label: say('After the close'), kind: 'seconds' },
    ],
    rows: again
      .slice(0, 20)
      .map(({ entity, category, at, after_s }) => ({ entity, category: category ?? null, at: new Date(at).toISOString(), after: after_s })),
    total_rows: again.length,
  };
}

export const recurrence: readonly Kpi[] = [returned];
