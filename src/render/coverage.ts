import type { Analysis, CoverageDay } from '../analyse/analysis.ts';
import { shorten } from './alt.ts';
import type { Format } from './format.ts';
import { visible } from './visible.ts';

/** How complete the collection was, day by day, for one source. */
export interface CoverageStrip {
  source: string;
  /** "30 of 31 days complete". */
  summary: string;
  days: { status: CoverageDay['status']; text: string }[];
  /** Runs of days that are not complete, each with its reason: "12–14 Oct: failed (…)". */
  gaps: string[];
}

const words: Record<CoverageDay['status'], string> = {
  complete: 'complete',
  partial: 'incomplete',
  failed: 'failed, no data',
  'not-collected': 'not collected',
  late: 'collected late',
};

export function coverageStrips(analysis: Analysis, format: Format): CoverageStrip[] {
  const reasonFor = analysis.report.reader === 'engineer' ? visible : inShort;
  const bySource = Map.groupBy(analysis.coverage, ({ source }) => source);
  return [...bySource].map(([source, days]) => {
    const sorted = days.toSorted((a, b) => (a.day < b.day ? -1 : 1));
    const complete = days.filter(({ status }) => status === 'complete').length;
    return {
      source: visible(source),
      summary: `${format.quantity(complete, 'count')} of ${format.quantity(days.length, 'count')} days complete`,
      days: sorted.map(({ day, status }) => ({ status, text: `${format.day(day)}: ${words[status]}` })),
      gaps: gaps(sorted, reasonFor, format),
    };
  });
}

function gaps(days: readonly CoverageDay[], reasonFor: (reason: string) => string, format: Format): string[] {
  const runs: { first: CoverageDay; last: CoverageDay }[] = [];
  let previous: CoverageDay | undefined;
  for (const day of days) {
    const run = runs.at(-1);
    if (day.status !== 'complete') {
      if (run !== undefined && run.last === previous && alike(run.last, day)) run.last = day;
      else runs.push({ first: day, last: day });
    }
    previous = day;
  }
  return runs.map(({ first, last }) => {
    const when = first === last ? format.day(first.day) : `${format.day(first.day)} to ${format.day(last.day)}`;
    return `${when}: ${words[first.status]}${missing(first, last, format)}${first.reason === undefined ? '' : ` (${reasonFor(first.reason)})`}`;
  });
}

/** Who runs no collectors needs the kind of failure, not the product's own words. */
function inShort(reason: string): string {
  const status = /\banswered (\d{3})\b/.exec(reason)?.[1];
  return status === undefined ? shorten(visible(reason), 100) : `the source answered ${status}`;
}

function alike(a: CoverageDay, b: CoverageDay): boolean {
  return a.status === b.status && a.reason === b.reason && a.expected === undefined && b.expected === undefined;
}

function missing(first: CoverageDay, last: CoverageDay, format: Format): string {
  if (first !== last || first.expected === undefined) return '';
  return `, ${format.quantity(first.fetched, 'count')} of ${format.quantity(first.expected, 'count')} fetched`;
}

/** The blind-spot line of the first page: what this report cannot see. */
export function blindSpots(strips: readonly CoverageStrip[]): { status: 'ok' | 'partial' | 'unknown'; text: string } {
  if (strips.length === 0)
    return { status: 'unknown', text: 'It is not known how complete the data is: no collection covers this period.' };
  const blind = strips.filter((strip) => strip.gaps.length > 0);
  if (blind.length === 0) return { status: 'ok', text: 'None known: every day of every source was collected completely.' };
  const parts = blind.map((strip) => {
    const more = strip.gaps.length > 3 ? `; and ${strip.gaps.length - 3} more` : '';
    return `${strip.source}: ${strip.gaps.slice(0, 3).join('; ')}${more}`;
  });
  return { status: 'partial', text: shorten(`${parts.join('. ')}.`, 180) };
}
