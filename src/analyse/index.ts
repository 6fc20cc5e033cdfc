import { createHash } from 'node:crypto';
import type { CategoryRule } from '../categories.ts';
import type { Client, ReportDefinition } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { hasValue, markPartial, type Outcome } from '../outcome.ts';
import { type Period, previousPeriod } from '../period.ts';
import type { View } from '../store/index.ts';
import type { Capability, Question } from '../vendors/vendor.ts';
import type { Analysis, Definition, KpiEntry } from './analysis.ts';
import { compareFigures } from './comparison.ts';
import { type Facts, factsOf } from './facts.ts';
import { prepareFindings } from './findings.ts';
import type { Kpi } from './kpi.ts';
import { chapterTitles, registry } from './registry.ts';

export { crossFoot } from './crossfoot.ts';
export { arrowOf } from './table.ts';

/** What one source can answer, under the name people know its product by. */
export interface SourceCapability {
  source: string;
  product: string;
  capability: Capability;
}

export interface AnalyseInput {
  /** Must reach back to the start of the period before, or that comparison is a lower bound. */
  view: View;
  client: Client;
  report: ReportDefinition;
  period: Period;
  asOf: Ms;
  /** The ordered tag rules. */
  categories: readonly CategoryRule[];
  /** Absent: as the client's own sources say. */
  capabilities?: readonly SourceCapability[];
  /** Printed as provenance: the product's own version, of the runtime, of pinned tables. */
  versions: Readonly<Record<string, string>>;
}

/** All figures of one report. Reads nothing but its arguments: the same input gives the same analysis. */
export function analyse(input: AnalyseInput): Analysis {
  const { view, client, report, period, asOf } = input;
  const findings = prepareFindings({ view, client, reader: report.reader, asOf, categories: input.categories });
  const now = factsOf(findings, period);
  const before = factsOf(findings, previousPeriod(period));
  const capabilities = input.capabilities ?? capabilitiesOf(client);
  const kpis = registry.filter((kpi) => isPrinted(kpi, report));
  const results = kpis.map((kpi) => resultOf(kpi, now, before, capabilities));
  return {
    schema: 1,
    client: { id: client.id, name: client.name },
    report: { id: report.id, title: report.title, reader: report.reader },
    period: { start: iso(period.start), end: iso(period.end), zone: period.zone, label: period.label, days: period.days.length },
    as_of: iso(asOf),
    locale: client.locale,
    ...(client.notice === undefined ? {} : { notice: client.notice }),
    ...(now.coverage.incomplete === undefined ? {} : { incomplete: now.coverage.incomplete }),
    ...(now.coverage.marked === undefined ? {} : { marked: now.coverage.marked }),
    kpis: Object.fromEntries(results.map(({ entry }) => [entry.id, entry])),
    series: Object.fromEntries(results.flatMap(({ series }) => series.map((one) => [one.id, one]))),
    tables: Object.fromEntries(results.flatMap(({ tables }) => tables.map((one) => [one.id, one]))),
    coverage: now.coverage.days,
    excluded: now.excluded,
    chapters: chaptersOf(kpis, report),
    definitions: Object.fromEntries(kpis.map((kpi) => [kpi.id, definitionOf(kpi)])),
    capabilities: capabilities.flatMap(answersOf),
    provenance: { batches: view.batches.length, digest: digestOf(view), versions: { ...input.versions } },
  };
}

function iso(instant: Ms): string {
  return new Date(instant).toISOString();
}

function isPrinted(kpi: Kpi, { reader, chapters }: ReportDefinition): boolean {
  return kpi.audiences.includes(reader) && (chapters === undefined || chapters.includes(kpi.chapter));
}

function resultOf(kpi: Kpi, now: Facts, before: Facts, capabilities: readonly SourceCapability[]) {
  const missing = unanswered(kpi, now, capabilities);
  const result = missing === undefined ? kpi.compute(now) : { outcome: missing };
  const shown = missing === undefined ? { ...result, ...kpi.show?.(now) } : result;
  const { series = [], tables = [], notes = [] } = shown as ReturnType<Kpi['compute']>;
  const outcome = missing ?? judged(kpi, now, result.outcome);
  const previous = missing === undefined ? judged(kpi, before, kpi.compute(before).outcome) : undefined;
  const change = previous && compareFigures(kpi, outcome, previous, now, before);
  const entry: KpiEntry = {
    ...outcome,
    id: kpi.id,
    name: kpi.name,
    unit: kpi.unit,
    ...(previous === undefined ? {} : { previous }),
    ...(change === undefined ? {} : { change: change.phrase, sentence: change.text }),
    series: series.map(({ id }) => id),
    tables: tables.map(({ id }) => id),
    notes,
  };
  return { entry, series, tables };
}

/** A KPI none of the client's sources can answer for, by the question that none answers. */
function unanswered(kpi: Kpi, { client }: Facts, capabilities: readonly SourceCapability[]): Outcome | undefined {
  if (capabilities.length === 0) return undefined;
  const open = kpi.needs.filter((question) => !capabilities.some(({ capability }) => answers(client, capability, question)));
  if (open.length === 0) return undefined;
  const products = [...new Set(capabilities.map(({ product }) => product))].join(' or ');
  return { status: 'not-available-from-source', reason: `${open.join(', ')} not available from ${products}` };
}

/** A client's own rule for "escalated" makes it known whatever the product says. */
function answers(client: Client, capability: Capability, question: Question): boolean {
  return capability[question].answer !== 'no' || (question === 'escalated' && client.mappings.escalated !== undefined);
}

/** What a figure is worth: none without any covered day, too few below its least n, partial over incomplete days. */
function judged(kpi: Kpi, { coverage, rows, created, closed, open }: Facts, outcome: Outcome): Outcome {
  const empty = rows === 0 || (created.rows === 0 && closed.rows === 0 && open.rows === 0);
  if (!coverage.known && empty) return { status: 'no-data', reason: coverage.marked ?? 'no source is configured' };
  if (!hasValue(outcome)) return outcome;
  if (outcome.n < kpi.minN) return { status: 'too-few', reason: `n = ${outcome.n}, at least ${kpi.minN} are needed`, n: outcome.n };
  return markPartial(outcome, coverage.marked);
}

function capabilitiesOf(client: Client): SourceCapability[] {
  return [...client.sources.values()].map(({ id, vendor }) => ({ source: id, product: vendor.name, capability: vendor.capability }));
}

function answersOf({ source, product, capability }: SourceCapability): Analysis['capabilities'] {
  return Object.entries(capability).map(([question, { answer, note }]) => ({
    source,
    product,
    question,
    answer,
    ...(note === undefined ? {} : { note }),
  }));
}

function chaptersOf(kpis: readonly Kpi[], report: ReportDefinition): Analysis['chapters'] {
  const wanted = report.chapters ?? [...chapterTitles.keys()];
  return [...chapterTitles]
    .map(([id, title]) => ({ id, title, kpis: kpis.filter((kpi) => kpi.chapter === id).map((kpi) => kpi.id) }))
    .filter((chapter) => chapter.kpis.length > 0)
    .sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id));
}

/** The entry without its code: what is left can be printed and stored. */
function definitionOf({ compute: _, show: __, daily: ___, ...definition }: Kpi): Definition {
  return definition;
}

/** One hash over the batches that were read, in their order. */
function digestOf(view: View): string {
  const hash = createHash('sha256');
  for (const batch of view.batches) hash.update(`${batch.id}:${batch.digest}\n`);
  return hash.digest('hex');
}
