import type { CoverageDay } from './analysis.ts';
import { plural } from './words.ts';

/** Below this share of complete days two periods are not compared: too much of one of them is guesswork. */
export const leastComplete = 0.7;

/** What each figure over incomplete days says of itself; the reasons stand once, at the top. "1 of 31 days not complete". */
export function gapMark(complete: number, days: number): string {
  return complete === 0 ? `none of ${plural(days, 'day')} complete` : `${days - complete} of ${plural(days, 'day')} not complete`;
}

/**
 * One sentence for people who run no collectors: "siem: 14 October 2026 could not be collected (the source answered 503)".
 * The product's own words stay in the coverage rows.
 */
export function gapSentence(sources: readonly { id: string; days: readonly CoverageDay[] }[]): string | undefined {
  const parts = sources.flatMap(({ id, days }) => {
    const open = days.filter((day) => day.status !== 'complete');
    if (open.length === 0) return [];
    const groups = Map.groupBy(open, gapWords);
    return [`${id}: ${[...groups].map(([words, which]) => `${datesText(which, days)} ${words}`).join('; ')}`];
  });
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** What happened to a day, without the product's own words. */
export function gapWords({ status, reason }: CoverageDay): string {
  const cause = reason === undefined ? undefined : plainCause(String(reason));
  const because = cause === undefined ? '' : ` (${cause})`;
  switch (status) {
    case 'failed':
      return `could not be collected${because}`;
    case 'late':
      return String(reason ?? 'collected only in part');
    case 'not-collected':
      return String(reason) === 'the day begins after the data cut' ? 'not yet over at the data cut' : 'never collected';
    default:
      return `collected only in part${because}`;
  }
}

/** The texts of http errors begin with address and status; of these only what a reader can act on is kept. */
const causes: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [/\banswered (\d{3})\b/, (found) => `the source answered ${found[1]}`],
  [/gave no complete answer|timed out|ETIMEDOUT/, () => 'the source did not answer in time'],
  [/refused|ECONNREFUSED/, () => 'the source refused the connection'],
  [/certificate|TLS/, () => "the source's certificate was not accepted"],
  [/is missing|not set/, () => 'the source is not set up'],
];

function plainCause(reason: string): string | undefined {
  for (const [sign, words] of causes) {
    const found = sign.exec(reason);
    if (found !== null) return words(found);
  }
  return undefined;
}

/** "14 October 2026", "14–17 October 2026", or how many and the first of them. */
function datesText(which: readonly CoverageDay[], all: readonly CoverageDay[]): string {
  const [first] = which;
  const last = which.at(-1);
  if (first === undefined || last === undefined) return 'no day';
  const together = all.indexOf(last) - all.indexOf(first) === which.length - 1;
  if (together) return rangeOf(first.day, last.day);
  return `${which.length} of ${plural(all.length, 'day')}, the first ${rangeOf(first.day, first.day)},`;
}

function rangeOf(first: string, last: string): string {
  const form = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  // Dates without time are read as UTC. Some locale data sets thin blanks around the dash.
  return form.formatRange(Date.parse(first), Date.parse(last)).replace(/(\d)\s–\s(\d)/, '$1–$2');
}
