import { say } from '../words/index.ts';
import { hasValue, markPartial, type Outcome } from '../outcome.ts';
import type { Facts } from './facts.ts';
import type { Kpi } from './kpi.ts';

/** What a figure is worth: none without any covered day, too few below its least n, partial over incomplete days. */
export function judged(kpi: Kpi, facts: Facts, outcome: Outcome): Outcome {
  const { coverage, period, asOf } = facts;
  if (period.start >= asOf) return { status: 'no-data', reason: say('the period begins after the data cut') };
  if (!coverage.known && isEmpty(kpi, facts)) return { status: 'no-data', reason: coverage.marked ?? say('no source is configured') };
  if (!hasValue(outcome)) return outcome;
  if (outcome.n < kpi.minN)
    return { status: 'too-few', reason: say('n = {n}, at least {least} are needed', { n: outcome.n, least: kpi.minN }), n: outcome.n };
  return markPartial(outcome, coverage.marked);
}

/** Nothing was collected and nothing is there: that is not 0. What was open before is still open, and no sign of the period. */
function isEmpty({ chapter, cohort }: Kpi, { rows, created, closed, open }: Facts): boolean {
  if (rows === 0) return true;
  return created.rows === 0 && closed.rows === 0 && (open.rows === 0 || (chapter !== 'backlog' && cohort !== 'open-at-end'));
}
