import { fieldWords, listed, phrase, say } from '../words/index.ts';
import type { Client, ReportDefinition } from '../config/index.ts';
import type { Outcome } from '../outcome.ts';
import type { Capability, Question } from '../vendors/vendor.ts';
import type { KpiEntry } from './analysis.ts';
import type { Change } from './change.ts';
import { compareFigures, plainSentence } from './comparison.ts';
import type { Facts } from './facts.ts';
import type { Book, Compared, LastEdition } from './history.ts';
import type { Kpi, KpiResult } from './kpi.ts';
import { judged } from './judged.ts';
import { oncePer } from '../once.ts';
import { isTraced, pointOf, populationOf } from './points.ts';
import { assuranceSigns, chartOf, type Dated, historyOf, outlookOf, variationOf } from './signs.ts';

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

/** The period of the report, the one before, and those before that, latest first. */
export interface Periods {
  now: Facts;
  before: Facts;
  earlier(kpi: Kpi): readonly Dated[];
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
  return { of, book: { compared: () => kpis.filter(isTraced).map(compared), lastEdition } };
}

function resultOf(kpi: Kpi, periods: Periods, capabilities: readonly SourceCapability[]): Result {
  const [now, before] = [populationOf(kpi, periods.now), populationOf(kpi, periods.before)];
  const missing = unanswered(kpi, now.client, capabilities);
  if (missing !== undefined) return { kpi, entry: { ...missing, ...nothingShown(kpi) }, series: [], tables: [], change: undefined };
  const result = kpi.compute(now);
  const { series = [], tables = [], notes = [] }: Omit<KpiResult, 'outcome'> = { ...result, ...kpi.show?.(now) };
  const outcome = judged(kpi, now, result.outcome);
  const previous = isTraced(kpi) ? judged(kpi, before, kpi.compute(before).outcome) : undefined;
  const history = previous && historyOf([dated(kpi, now, outcome), dated(kpi, before, previous), ...periods.earlier(kpi)]);
  const chart = history && chartOf(history);
  const target = now.client.targets.get(kpi.id) ?? kpi.target?.(now);
  const outlook = outlookOf(kpi, chart, target, lengthOf(now));
  const change = previous && compareFigures(kpi, { outcome, facts: now }, { outcome: previous, facts: before }, { chart, target, outlook });
  const entry: KpiEntry = {
    ...outcome,
    ...nothingShown(kpi),
    ...(target === undefined ? {} : { target }),
    ...(previous === undefined ? {} : { previous }),
    ...(change === undefined
      ? plainSentence(kpi, outcome, { target, outlook, previous })
      : { change: change.phrase, sentence: change.text }),
    ...(history === undefined || history.length < 2 ? {} : { history }),
    ...(chart === undefined ? {} : { variation: variationOf(kpi, chart) }),
    ...(outlook === 'none' ? {} : { assurance: assuranceSigns[outlook] }),
    series: series.map(({ id }) => id),
    tables: tables.map(({ id }) => id),
    notes,
  };
  return { kpi, entry, series, tables, change };
}

function dated(kpi: Kpi, facts: Facts, outcome: Outcome): Dated {
  return { label: facts.period.label, point: pointOf(kpi, facts, outcome), reason: '' };
}

/** In days of 24 hours. */
function lengthOf({ period }: Facts): number {
  return (period.end - period.start) / 3_600_000 / 24;
}

function nothingShown({ id, name, unit }: Kpi) {
  return { id, name: phrase(name), unit, series: [], tables: [], notes: [] };
}

export function isPrinted(kpi: Kpi, { reader, chapters }: ReportDefinition, { records }: Client): boolean {
  if (kpi.joined === true && records === undefined) return false;
  return kpi.audiences.includes(reader) && (chapters === undefined || chapters.includes(kpi.chapter));
}

export function capabilitiesOf(client: Client): SourceCapability[] {
  return [...client.sources.values()].map(({ id, vendor }) => ({ source: id, product: vendor.name, capability: vendor.capability }));
}

/** A KPI none of the client's sources can answer for, by the question that none answers. */
export function unanswered(kpi: Kpi, client: Client, capabilities: readonly SourceCapability[]): Outcome | undefined {
  if (capabilities.length === 0) return undefined;
  const open = kpi.needs.filter((question) => !capabilities.some(({ capability }) => answers(client, capability, question)));
  if (open.length === 0) return undefined;
  const products = [...new Set(capabilities.map(({ product }) => product))];
  return {
    status: 'not-available-from-source',
    reason: say('{questions} not available from {products}', { questions: listed(open.map(fieldWords)), products: listed(products, 'or') }),
  };
}

/** A client's own rule for "escalated" makes it known whatever the product says, and so does a case that an alert is part of. */
function answers(client: Client, capability: Capability, question: Question): boolean {
  if (capability[question].answer !== 'no') return true;
  if (question === 'escalated' && client.mappings.escalated !== undefined) return true;
  return client.records !== undefined && (question === 'escalated' || question === 'escalated_at');
}
