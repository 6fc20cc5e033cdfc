import type { Period } from '../period.ts';
import type { Facts } from './facts.ts';
import { oncePerObject } from '../once.ts';
import { cellOf, dayCells } from './figures.ts';
import type { ChartKind, Series, Table } from './kpi.ts';
import type { Count } from './table.ts';
import { percent } from './words.ts';

interface Drawing {
  id: string;
  title: string;
  /** "Findings created per day": the caption adds period and zone. */
  measure: string;
  chart: ChartKind;
  sums_to?: string;
  panel?: string;
}

/** "Findings created per day, 1–31 October 2026, Europe/Berlin". */
export function captionOf({ period }: Facts, measure: string): string {
  return `${measure}, ${datesOf(period)}, ${period.zone}`;
}

const datesOf = oncePerObject(({ start, end, zone }: Period): string => {
  const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
  return dates.formatRange(start, end - 1); // the end itself is the next day
});

/** Counts per day of the period, one group or several that share the days. */
export function daySeries(facts: Facts, drawing: Drawing, groups: readonly { name: string; counts: ArrayLike<number> }[]): Series {
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

/** Counts per text; `missing` names those without one. Labels are data and may be hostile. */
export function countSeries(facts: Facts, drawing: Drawing, counts: readonly Count[], missing = 'not stated'): Series {
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

/** The first `top` counts and one for all others, so that the sum is kept. */
export function topCounts(counts: readonly Count[], top: number, rest = 'all others'): Count[] {
  if (counts.length <= top + 1) return [...counts];
  const others = counts.slice(top).reduce((sum, { n }) => sum + n, 0);
  return [...counts.slice(0, top), { name: rest, n: others }];
}

/** Counts with their share of `total`, as many rows as are printed. */
export function countTable(
  facts: Facts,
  heading: { id: string; title: string; measure: string; label: string; missing?: string },
  counts: readonly Count[],
  total: number,
  top = 20,
): Table {
  return {
    id: heading.id,
    title: heading.title,
    caption: captionOf(facts, heading.measure),
    columns: [
      { key: 'name', label: heading.label, kind: 'text' },
      { key: 'n', label: 'Findings', kind: 'count' },
      { key: 'share', label: 'Share', kind: 'rate' },
    ],
    rows: counts
      .slice(0, top)
      .map(({ name, n }) => ({ name: name ?? heading.missing ?? 'not stated', n, share: total > 0 ? n / total : null })),
    total_rows: counts.length,
  };
}

/** "Logon makes 45 % of findings", or that there is nothing. */
export function largestShare(name: string, n: number | undefined, total: number, of: string): string {
  if (n === undefined || total === 0) return `No ${of} in this period`;
  return `${name} makes ${percent(n / total)} of ${of}`;
}
