import { known } from '../../outcome.ts';
import { say } from '../../words/index.ts';
import type { Facts } from '../facts.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { captionOf } from '../series.ts';
import { type Effect, effectsOf } from '../tuning/adopted.ts';

const adopted = defineKpi({
  counts: 'alerts',
  chapter: 'rules',
  minN: 0,
  clock: 'none',
  audiences: ['engineer', 'manager'],
  id: 'TUN-03',
  name: 'Adopted tunings that worked',
  question: 'What did the tunings in force do?',
  cohort: 'history',
  needs: ['rules'],
  formula:
    'Adopted tunings of the client’s configuration whose findings fell after their date: the 95 % interval of the rate per complete day excludes no change',
  unit: 'count',
  direction: 'up',
  statistic: 'rate ratio per complete day with over-dispersion, at least 7 complete days on either side',
  chart: 'table',
  sources: ['catalogue TUN-03'],
  compute: (facts) => {
    const effects = effectsOf(facts);
    if (effects.length === 0)
      return { outcome: { status: 'no-denominator', reason: say('the client’s configuration names no adopted tuning'), n: 0 } };
    const measured = effects.filter(({ change }) => change !== undefined);
    if (measured.length === 0)
      return { outcome: { status: 'too-few', reason: say('fewer than 7 complete days before or after each tuning'), n: 0 } };
    return { outcome: known(measured.filter(({ change }) => change?.direction === 'fell').length, measured.length) };
  },
  show: (facts) => (effectsOf(facts).length === 0 ? {} : { tables: [effectTable(facts)] }),
});

function effectTable(facts: Facts): Table {
  const effects = effectsOf(facts);
  const perDay = ({ n, days }: Effect['before']) => (days === 0 ? null : n / days);
  return {
    id: 'TUN-03.effects',
    title: say('{n, plural, one {# tuning} other {# tunings}} in force', { n: effects.length }),
    caption: captionOf(facts, say('Findings that adopted tunings are about, per complete day before and after')),
    columns: [
      { key: 'tuning', label: say('Tuning'), kind: 'text' },
      { key: 'from', label: say('Since'), kind: 'text' },
      { key: 'before', label: say('A day before'), kind: 'number' },
      { key: 'after', label: say('A day since'), kind: 'number' },
      { key: 'change', label: say('Change'), kind: 'text' },
      { key: 'real', label: say('Real of the rule, before and since'), kind: 'text' },
      { key: 'owner', label: say('Owner'), kind: 'text' },
      { key: 'expires', label: say('Expires'), kind: 'text' },
    ],
    rows: effects.map(({ tuning, before, after, change, realBefore, realAfter, expired }) => ({
      tuning: [tuning.rule, tuning.source, tuning.destination, tuning.user].filter((part) => part !== undefined).join(' × '),
      from: tuning.from,
      before: perDay(before),
      after: perDay(after),
      change:
        change?.phrase ?? say('not measured: {before} complete days before, {since} since', { before: before.days, since: after.days }),
      real: `${realBefore}, ${realAfter}`,
      owner: tuning.owner,
      expires: expired ? say('{date}, expired', { date: tuning.expires }) : tuning.expires,
    })),
    total_rows: effects.length,
  };
}

export const adoptedTunings: readonly Kpi[] = [adopted];
