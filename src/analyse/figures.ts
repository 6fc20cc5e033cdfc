import { say, type Words } from '../words/index.ts';
import { known, type Outcome } from '../outcome.ts';
import type { Facts } from './facts.ts';
import type { Cell } from './kpi.ts';
import { wilson } from './stats/index.ts';

/** k of n with its Wilson interval; without a denominator there is no rate, and never 0. */
export function proportion(k: number, n: number, denominator: Words): Outcome {
  if (n === 0) return { status: 'no-denominator', reason: say('there are no {what}', { what: denominator }), n: 0 };
  return known(k / n, n, wilson(k, n));
}

export function count(n: number): Outcome {
  return known(n, n);
}

/** A figure over the whole period: a lower bound where the data is incomplete, and no figure where there is none. */
export function cellOf(facts: Facts, value: number): Cell {
  const { known: anyDay, marked } = facts.coverage;
  if (!anyDay && value === 0) return { status: 'no-data', reason: marked ?? say('nothing was collected') };
  return marked === undefined ? { status: 'ok', value } : { status: 'partial', value, reason: marked };
}

/** One cell a day, each with what is known about its own day. */
export function dayCells(facts: Facts, counts: ArrayLike<number>): Cell[] {
  return facts.period.days.map((_, i) => dayCell(facts, i, counts[i]));
}

function dayCell(facts: Facts, day: number, value: number | undefined): Cell {
  const state = facts.coverage.states[day];
  const unknown = state === undefined || state.status === 'complete' ? undefined : state.reason;
  if (value === undefined) return { status: 'no-data', reason: unknown ?? say('the day begins after the data cut') };
  if (unknown === undefined) return { status: 'ok', value };
  if (state?.status === 'no-data' && value === 0) return { status: 'no-data', reason: unknown };
  return { status: 'partial', value, reason: unknown };
}
