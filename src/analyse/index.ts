import { phrase } from '../words/index.ts';
import { createHash } from 'node:crypto';
import { type CategoryRule, other } from '../categories.ts';
import type { Client, ReportDefinition } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { type Period, previousPeriod } from '../period.ts';
import type { View } from '../store/index.ts';
import type { Analysis, Definition } from './analysis.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Findings, prepareFindings } from './findings.ts';
import type { Book, LastEdition } from './history.ts';
import type { Kpi } from './kpi.ts';
import { pastOf } from './past.ts';
import { isTraced, type KeptPoints } from './points.ts';
import { chapterTitles, registry } from './registry.ts';
import { capabilitiesOf, isPrinted, type Periods, resultsOf, type SourceCapability } from './results.ts';

export { countedAs } from './populations.ts';
export { type ClientFigures, overviewOf } from './overview/index.ts';
export { coverageOf } from './coverage.ts';
export { crossFoot } from './crossfoot.ts';
export { historyStart, type LastEdition } from './history.ts';
export { isCollected, meaningOf, pointsBefore, pointsOf, reachOf, tracedKpis } from './past.ts';
export { earlierPeriods, type KeptPoints, type Points } from './points.ts';
export type { SourceCapability } from './results.ts';
export { arrowOf } from './table.ts';
export { policyWords } from './words.ts';

export interface AnalyseInput {
  /** Must reach back to the start of the period before, or that comparison is a lower bound. */
  view: View;
  /** From when on the view is complete; absent: the start of the period before. Patterns are learned from what lies after it. */
  since?: Ms;
  /** report.json of the period before, as it was last issued: what it said is held against what is known now. */
  lastEdition?: LastEdition;
  /** Figures of earlier periods, in the order in which they were taken down: what the view does not reach. */
  kept?: readonly KeptPoints[];
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
  for (const steps = analysing(input); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same figure by figure, so that who has more to do can do it between two of them. */
export function* analysing(input: AnalyseInput): Generator<undefined, Analysis> {
  const { view, client, report, period, asOf } = input;
  const findings = prepareFindings({ view, client, reader: report.reader, asOf, categories: input.categories });
  const capabilities = input.capabilities ?? capabilitiesOf(client);
  const kpis = registry.filter((kpi) => isPrinted(kpi, report, client));
  const book = resultsOf(kpis, () => periods, capabilities, input.lastEdition);
  const since = input.since ?? previousPeriod(period).start;
  const periods = periodsOf(findings, period, { since, book: book.book, kept: input.kept ?? [] });
  const { now } = periods;
  // Those about the others come last: the first of them would compute all others in one step.
  for (const kpi of [...kpis.filter(isTraced), ...kpis.filter((one) => !isTraced(one))]) {
    book.of(kpi);
    yield;
  }
  const results = kpis.map(book.of);
  return {
    schema: 1,
    client: { id: client.id, name: client.name },
    report: { id: report.id, title: report.title, reader: report.reader },
    period: { start: iso(period.start), end: iso(period.end), zone: period.zone, label: period.label, days: period.days.length },
    as_of: iso(asOf),
    locale: client.locale,
    ...(client.records === undefined ? {} : { records: client.records }),
    ...(client.notice === undefined ? {} : { notice: client.notice }),
    ...(now.coverage.incomplete === undefined ? {} : { incomplete: now.coverage.incomplete }),
    ...(now.coverage.marked === undefined ? {} : { marked: now.coverage.marked }),
    kpis: Object.fromEntries(results.map(({ entry }) => [entry.id, entry])),
    series: Object.fromEntries(results.flatMap(({ series }) => series.map((one) => [one.id, one]))),
    tables: Object.fromEntries(results.flatMap(({ tables }) => tables.map((one) => [one.id, one]))),
    coverage: now.coverage.days,
    excluded: now.excluded,
    chapters: chaptersOf(kpis, report),
    definitions: Object.fromEntries(kpis.map((kpi) => [kpi.id, definitionOf(kpi, client)])),
    capabilities: capabilities.flatMap(answersOf),
    // Whoever makes the rules asks next what they do not name.
    ...(report.reader === 'engineer' ? { diagnostics: { unmatched: unmatchedTitles(now) } } : {}),
    provenance: { batches: view.batches.length, digest: digestOf(view), versions: { ...input.versions } },
  };
}

const mostTitles = 50;

/** Titles of the period that no tag rule matched, the most frequent first. */
function unmatchedTitles({ created }: Facts): { title: string; n: number }[] {
  const pairs = created.pairs('category', 'title').filter(({ left, right }) => left === other && right !== undefined);
  return pairs.slice(0, mostTitles).map(({ right, n }) => ({ title: right ?? '', n }));
}

/** Each period is prepared on first use. */
function periodsOf(findings: Findings, period: Period, context: { since: Ms; book: Book; kept: readonly KeptPoints[] }): Periods {
  return {
    now: factsOf(findings, period, context),
    before: factsOf(findings, previousPeriod(period), context),
    earlier: pastOf(findings, period, context),
  };
}

function iso(instant: Ms): string {
  return new Date(instant).toISOString();
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
function definitionOf(
  { compute: _, show: __, daily: ___, moved: ____, target: _____, formulaFor, ...definition }: Kpi,
  client: Client,
): Definition {
  const { name, question, formula, statistic } = definition;
  const told = { name: phrase(name), question: phrase(question), statistic: phrase(statistic) };
  return { ...definition, ...told, formula: phrase(formulaFor?.(client) ?? formula), counts: definition.counts ?? 'work' };
}

/** One hash over the batches that were read, in their order. */
function digestOf(view: View): string {
  const hash = createHash('sha256');
  for (const batch of view.batches) hash.update(`${batch.id}:${batch.digest}\n`);
  return hash.digest('hex');
}
