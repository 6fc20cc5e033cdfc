import { fieldWords, percent, type Phrase, say, span, type Words } from '../words/index.ts';
import { analystWords } from './columns.ts';
import type { Facts } from './facts.ts';
import { cellOf, dayCells } from './figures.ts';
import type { ChartKind, Series, Table } from './kpi.ts';
import type { Count } from './table.ts';

interface Drawing {
  id: string;
  title: Words;
  /** "Findings created per day": the caption adds period and zone. */
  measure: Words;
  chart: ChartKind;
  sums_to?: string;
  panel?: string;
}

/** "Findings created per day, 1–31 October 2026, Europe/Berlin". */
export function captionOf({ period }: Facts, measure: Words): Phrase {
  return say('{measure}, {dates}, {zone}', { measure, dates: span(period), zone: period.zone });
}

/** Counts per day of the period, one group or several that share the days. */
export function daySeries(facts: Facts, drawing: Drawing, groups: readonly { name: Words; counts: ArrayLike<number> }[]): Series {
  const { measure, ...rest } = drawing;
  return {
    ...rest,
    caption: captionOf(facts, measure),
    unit: 'count',
    axis: 'day',
    labels: facts.period.days.map((day) => day.date),
    groups: groups.map(({ name, counts }) => ({ name, cells: dayCells(facts, counts) })),
  };
}

/** A count whose name is data, or ours. */
export type Named = Omit<Count, 'name'> & { name: Words | undefined };

/** Counts per text; `missing` names those without one. Labels are data and may be hostile. */
export function countSeries(facts: Facts, drawing: Drawing, counts: readonly Named[], missing: Words = say('not stated')): Series {
  const { measure, ...rest } = drawing;
  return {
    ...rest,
    caption: captionOf(facts, measure),
    unit: 'count',
    axis: 'category',
    labels: counts.map(({ name }) => name ?? missing),
    groups: [{ name: measure, cells: counts.map(({ n }) => cellOf(facts, n)) }],
  };
}

/** Counts per analyst, pseudonyms in words. */
export function perAnalyst(counts: readonly Count[]): Named[] {
  return counts.map(({ name, n }) => ({ name: analystWords(name), n }));
}

/** Counts of our own states, severities or verdicts, in words. */
export function inWords(counts: readonly Count[]): Named[] {
  return counts.map(({ name, n }) => ({ name: name === undefined ? undefined : fieldWords(name), n }));
}

/** The first `top` counts and one for all others, so that the sum is kept. */
export function topCounts(counts: readonly Named[], top: number, rest: Words = say('all others')): Named[] {
  if (counts.length <= top + 1) return [...counts];
  const others = counts.slice(top).reduce((sum, { n }) => sum + n, 0);
  return [...counts.slice(0, top), { name: rest, n: others }];
}

/** Counts with their share of `total`, as many rows as are printed. */
export function countTable(
  facts: Facts,
  heading: { id: string; title: Words; measure: Words; label: Words; missing?: Words },
  counts: readonly Named[],
  total: number,
  top = 20,
): Table {
  return {
    id: heading.id,
    title: heading.title,
    caption: captionOf(facts, heading.measure),
    columns: [
      { key: 'name', label: heading.label, kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'share', label: say('Share'), kind: 'rate' },
    ],
    rows: counts
      .slice(0, top)
      .map(({ name, n }) => ({ name: name ?? heading.missing ?? say('not stated'), n, share: total > 0 ? n / total : null })),
    total_rows: counts.length,
  };
}

/** "Logon makes 45 % of findings", or that there is nothing. */
export function largestShare(name: Words, n: number | undefined, total: number): Phrase {
  if (n === undefined || total === 0) return say('No findings in this period');
  return say('{name} makes {share} of findings', { name, share: percent(n / total) });
}
