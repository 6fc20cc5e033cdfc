import type { Client } from '../config/index.ts';
import { hasValue, markPartial, type Outcome } from '../outcome.ts';
import type { Capability, Question } from '../vendors/vendor.ts';
import type { KpiEntry } from './analysis.ts';
import type { Change } from './change.ts';
import { compareFigures } from './comparison.ts';
import type { Facts } from './facts.ts';
import type { Book, Compared, LastEdition } from './history.ts';
import type { Kpi, KpiResult } from './kpi.ts';
import { oncePer } from '../once.ts';
import { signsOf } from './signs.ts';

/** What one source can answer, under the name people know its product by. */
export interface SourceCapability {
  source: string;
  product: string;
  capability: Capability;
}

/** One KPI's place in the report. */
export interface Result extends Required<Pick<KpiResult, 'series' | 'tables'>> {
  kpi: Kpi;
  entry: KpiEntry;
  change: Change | undefined;
}

/** The period of the report, the one before, and those before that, latest first, as far as the view reaches. */
export interface Periods {
  now: Facts;
  before: Facts;
  earlier(): readonly Facts[];
}

/** Every KPI's result, each computed once, though some are about the others. */
export interface Results {
  of(kpi: Kpi): Result;
  book: Book;
}

export function resultsOf(
  kpis: readonly Kpi[],
  periods: () => Periods,
  capabilities: readonly SourceCapability[],
  lastEdition: LastEdition | undefined,
): Results {
  const of = oncePer((kpi: Kpi) => resultOf(kpi, periods(), capabilities));
  const compared = (kpi: Kpi): Compared => {
    const { entry, change } = of(kpi);
    return { kpi, entry, previous: entry.previous, change };
  };
  // A figure over history has no period before, and those about other figures are of this kind.
  return { of, book: { compared: () => kpis.filter((kpi) => kpi.cohort !== 'history').map(compared), lastEdition } };
}

function resultOf(kpi: Kpi, periods: Periods, capabilities: readonly SourceCapability[]): Result {
  const over = (facts: Facts): Facts => (kpi.counts === 'alerts' ? facts.alerts : facts);
  const [now, before] = [over(periods.now), over(periods.before)];
  const missing = unanswered(kpi, now, capabilities);
  if (missing !== undefined) return { kpi, entry: { ...missing, ...nothingShown(kpi) }, series: [], tables: [], change: undefined };
  const result = kpi.compute(now);
  const { series = [], tables = [], notes = [] }: Omit<KpiResult, 'outcome'> = { ...result, ...kpi.show?.(now) };
  const outcome = judged(kpi, now, result.outcome);
  const previous = kpi.cohort === 'history' ? undefined : judged(kpi, before, kpi.compute(before).outcome);
  const change = previous && compareFigures(kpi, outcome, previous, now, before);
  const target = kpi.target?.(now);
  const entry: KpiEntry = {
    ...outcome,
    ...nothingShown(kpi),
    ...(target === undefined ? {} : { target }),
    ...(previous === undefined ? {} : { previous }),
    ...(change === undefined ? {} : { change: change.phrase, sentence: change.text }),
    ...(previous === undefined
      ? {}
      : signsOf(
          kpi,
          [
            { facts: now, outcome },
            { facts: before, outcome: previous },
          ],
          () => periods.earlier().map(over),
          (facts) => judged(kpi, facts, kpi.compute(facts).outcome),
        )),
    series: series.map(({ id }) => id),
    tables: tables.map(({ id }) => id),
    notes,
  };
  return { kpi, entry, series, tables, change };
}

function nothingShown({ id, name, unit }: Kpi) {
  return { id, name, unit, series: [], tables: [], notes: [] };
}

/** A KPI none of the client's sources can answer for, by the question that none answers. */
function unanswered(kpi: Kpi, { client }: Facts, capabilities: readonly SourceCapability[]): Outcome | undefined {
  if (capabilities.length === 0) return undefined;
  const open = kpi.needs.filter((question) => !capabilities.some(({ capability }) => answers(client, capability, question)));
  if (open.length === 0) return undefined;
  const products = [...new Set(capabilities.map(({ product }) => product))].join(' or ');
  return { status: 'not-available-from-source', reason: `${open.join(', ')} not available from ${products}` };
}

/** A client's own rule for "escalated" makes it known whatever the product says, and so does a case that an alert is part of. */
function answers(client: Client, capability: Capability, question: Question): boolean {
  if (capability[question].answer !== 'no') return true;
  if (question === 'escalated' && client.mappings.escalated !== undefined) return true;
  return client.records !== undefined && (question === 'escalated' || question === 'escalated_at');
}

/** What a figure is worth: none without any covered day, too few below its least n, partial over incomplete days. */
function judged(kpi: Kpi, facts: Facts, outcome: Outcome): Outcome {
  const { coverage, period, asOf } = facts;
  if (period.start >= asOf) return { status: 'no-data', reason: 'the period begins after the data cut' };
  if (!coverage.known && isEmpty(kpi, facts)) return { status: 'no-data', reason: coverage.marked ?? 'no source is configured' };
  if (!hasValue(outcome)) return outcome;
  if (outcome.n < kpi.minN) return { status: 'too-few', reason: `n = ${outcome.n}, at least ${kpi.minN} are needed`, n: outcome.n };
  return markPartial(outcome, coverage.marked);
}

/** Nothing was collected and nothing is there: that is not 0. What was open before is still open, and no sign of the period. */
function isEmpty({ chapter, cohort }: Kpi, { rows, created, closed, open }: Facts): boolean {
  if (rows === 0) return true;
  return created.rows === 0 && closed.rows === 0 && (open.rows === 0 || (chapter !== 'backlog' && cohort !== 'open-at-end'));
}
