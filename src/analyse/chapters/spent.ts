import { duration, say, type Words } from '../../words/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { defineKpi, type Kpi } from '../kpi.ts';
import { type Spent, spentOf } from '../spent.ts';
import { completeMedian, leastForMedian } from '../timed.ts';

const common = {
  chapter: 'speed',
  cohort: 'closed-in-period',
  needs: ['closed_at'],
  unit: 'seconds',
  statistic:
    'median, Hyndman–Fan type 7, with the interval of the order statistics; of more than 10,000 closed findings evenly spread ones are read',
  minN: leastForMedian,
  clock: 'calendar',
  chart: 'figure',
} as const satisfies Partial<Kpi>;

/** Where more than this share of the findings tells no history, the rest says nothing about the whole. */
const mostUntold = 0.2;

function untold({ closed, looked, untold: without, unclear }: Spent): Outcome | undefined {
  if (closed === 0 || without + unclear <= mostUntold * looked) return undefined;
  const reason = say(
    'of {n} closed findings {untold} have no history of their status, and {unclear} were in a status of which it is not known what it means',
    {
      n: looked,
      untold: without,
      unclear,
    },
  );
  return { status: 'not-available-from-source', reason, n: looked - without - unclear };
}

function total(seconds: Float64Array): number {
  return seconds.reduce((sum, n) => sum + n, 0);
}

function readNotes({ closed, looked, untold: without, unclear }: Spent): Words[] {
  const notes: Words[] = [];
  if (looked < closed)
    notes.push(say('Read from {looked} of {closed} closed findings, evenly spread; no total is made of them.', { looked, closed }));
  if (without + unclear > 0)
    notes.push(
      say('Left out: {untold} without a history, {unclear} in a status of which it is not known what it means.', {
        untold: without,
        unclear,
      }),
    );
  return notes;
}

const handsOn = defineKpi({
  ...common,
  id: 'TIM-08',
  name: 'Time in progress',
  question: 'How long is a finding worked on?',
  formula:
    'Sum of the stretches in which a finding closed in the period was in progress, from its creation to its last close; that somebody worked all that time it does not say',
  direction: 'down',
  audiences: ['engineer', 'manager'],
  sources: ['catalogue TIM-08'],
  compute: (facts) => {
    const spent = spentOf(facts);
    return { outcome: untold(spent) ?? completeMedian(spent.working, say('closed findings with a history of their status')).outcome };
  },
  show: (facts) => {
    const spent = spentOf(facts);
    if (untold(spent) !== undefined || spent.working.length === 0) return {};
    const { notes } = completeMedian(spent.working, say('closed findings with a history of their status'));
    const sum = spent.looked < spent.closed ? [] : [say('{time} in all.', { time: duration(total(spent.working)) })];
    return { notes: [...notes, ...sum, ...readNotes(spent)] };
  },
});

/** Those that waited at all: most never do, and a middle of zero would say nothing about those that do. */
function waits(facts: Facts): Float64Array {
  return spentOf(facts).holding.filter((seconds) => seconds > 0);
}

const onHold = defineKpi({
  ...common,
  id: 'TIM-10',
  name: 'Waiting for the customer',
  question: 'How long did work lie still for want of an answer?',
  formula: 'Sum of the stretches on hold, from creation to the last close, of the findings closed in the period that were on hold at all',
  direction: 'neutral',
  audiences: ['client', 'manager', 'engineer'],
  sources: ['catalogue TIM-10'],
  compute: (facts) => ({
    outcome: untold(spentOf(facts)) ?? completeMedian(waits(facts), say('closed findings that were on hold')).outcome,
  }),
  show: (facts) => {
    const spent = spentOf(facts);
    if (untold(spent) !== undefined || spent.holding.length === 0) return {};
    const waited = waits(facts);
    const some = say('{n} of {all} were on hold.', { n: waited.length, all: spent.holding.length });
    const sum = spent.looked < spent.closed ? [] : [say('{time} in all.', { time: duration(total(waited)) })];
    return { notes: [some, ...sum, ...readNotes(spent)] };
  },
});

export const spent: readonly Kpi[] = [handsOn, onHold];
