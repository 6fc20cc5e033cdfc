import type { Analysis, CoverageDay } from '../analyse/analysis.ts';
import { shorten } from './alt.ts';
import type { Format } from './format.ts';
import { message, phrase, type Words } from '../words/index.ts';

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
  complete: message('complete'),
  partial: message('incomplete'),
  failed: message('failed, no data'),
  'not-collected': message('not collected'),
  late: message('collected late'),
};

export function coverageStrips(analysis: Analysis, format: Format): CoverageStrip[] {
  const reasonFor = analysis.report.reader === 'engineer' ? format.words : (reason: Words) => inShort(reason, format);
  const bySource = Map.groupBy(analysis.coverage, ({ source }) => source);
  return [...bySource].map(([source, days]) => {
    const sorted = days.toSorted((a, b) => (a.day < b.day ? -1 : 1));
    const complete = days.filter(({ status }) => status === 'complete').length;
    return {
      source: format.words(source),
      summary: format.say('{n} of {all} days complete', { n: complete, all: days.length }),
      days: sorted.map(({ day, status }) => ({
        status,
        text: format.say('{day}: {what}', { day: format.day(day), what: format.words(phrase(words[status])) }),
      })),
      gaps: gaps(sorted, reasonFor, format),
    };
  });
}

function gaps(days: readonly CoverageDay[], reasonFor: (reason: Words) => string, format: Format): string[] {
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
    const when =
      first === last
        ? format.day(first.day)
        : format.say('{first} to {last}', { first: format.day(first.day), last: format.day(last.day) });
    const what = missing(first, last, format);
    return first.reason === undefined
      ? format.say('{when}: {what}', { when, what })
      : format.say('{when}: {what} ({reason})', { when, what, reason: reasonFor(first.reason) });
  });
}

/** Who runs no collectors needs the kind of failure, not the product's own words. */
function inShort(reason: Words, format: Format): string {
  const status = /\banswered (\d{3})\b/.exec(String(reason))?.[1];
  return status === undefined ? shorten(format.words(reason), 100) : format.say('the source answered {status}', { status });
}

function alike(a: CoverageDay, b: CoverageDay): boolean {
  return a.status === b.status && String(a.reason) === String(b.reason) && a.expected === undefined && b.expected === undefined;
}

/** What happened to it, and how much of it came. */
function missing(first: CoverageDay, last: CoverageDay, format: Format): string {
  const what = format.words(phrase(words[first.status]));
  if (first !== last || first.expected === undefined) return what;
  return format.say('{what}, {n} of {all} fetched', { what, n: first.fetched, all: first.expected });
}

/** The blind-spot line of the first page: what this report cannot see. */
export function blindSpots(
  strips: readonly CoverageStrip[],
  { say, language }: Format,
): { status: 'ok' | 'partial' | 'unknown'; text: string } {
  if (strips.length === 0)
    return { status: 'unknown', text: say('It is not known how complete the data is: no collection covers this period.') };
  const blind = strips.filter((strip) => strip.gaps.length > 0);
  if (blind.length === 0) return { status: 'ok', text: say('None known: every day of every source was collected completely.') };
  const parts = blind.map((strip) => {
    const first = strip.gaps.slice(0, 3).join(language.semicolon);
    const gaps = strip.gaps.length > 3 ? say('{gaps}; and {n} more', { gaps: first, n: strip.gaps.length - 3 }) : first;
    return say('{source}: {gaps}', { source: strip.source, gaps });
  });
  const text = parts.reduce((first, then) => say('{first}. {then}', { first, then }));
  return { status: 'partial', text: shorten(say('{sentence}.', { sentence: text }), 180) };
}
