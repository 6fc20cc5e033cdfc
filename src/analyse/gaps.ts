import { type Words, dates, listed, say } from '../words/index.ts';
import type { CoverageDay } from './analysis.ts';

/** Below this share of complete days two periods are not compared: too much of one of them is guesswork. */
export const leastComplete = 0.7;

/** What each figure over incomplete days says of itself; the reasons stand once, at the top. "1 of 31 days not complete". */
export function gapMark(complete: number, days: number): Words {
  return complete === 0
    ? say('none of {n, plural, one {# day} other {# days}} complete', { n: days })
    : say('{n} of {all, plural, one {# day} other {# days}} not complete', { n: days - complete, all: days });
}

/**
 * One sentence for people who run no collectors: "siem: 14 October 2026 could not be collected (the source answered 503)".
 * The product's own words stay in the coverage rows.
 */
export function gapSentence(sources: readonly { id: string; days: readonly CoverageDay[] }[]): Words | undefined {
  const parts = sources.flatMap(({ id, days }) => {
    const open = days.filter((day) => day.status !== 'complete');
    if (open.length === 0) return [];
    const groups = [...Map.groupBy(open, (day) => String(gapWords(day))).values()];
    const gaps = groups.flatMap((which) => {
      const [first] = which;
      return first === undefined ? [] : [say('{dates} {what}', { dates: datesText(which, days), what: gapWords(first) })];
    });
    return [say('{source}: {gaps}', { source: id, gaps: listed(gaps, 'semicolon') })];
  });
  return parts.length === 0 ? undefined : listed(parts, 'semicolon');
}

/** What happened to a day, without the product's own words. */
export function gapWords({ status, reason }: CoverageDay): Words {
  const cause = reason === undefined ? undefined : plainCause(String(reason));
  switch (status) {
    case 'failed':
      return cause === undefined ? say('could not be collected') : say('could not be collected ({cause})', { cause });
    case 'late':
      return reason ?? say('collected only in part');
    case 'not-collected':
      return String(reason) === 'the day begins after the data cut' ? say('not yet over at the data cut') : say('never collected');
    default:
      return cause === undefined ? say('collected only in part') : say('collected only in part ({cause})', { cause });
  }
}

/** The texts of http errors begin with address and status; of these only what a reader can act on is kept. */
const causes: readonly [RegExp, (found: RegExpExecArray) => Words][] = [
  [/\banswered (\d{3})\b/, (found) => say('the source answered {status}', { status: found[1] ?? '' })],
  [/gave no complete answer|timed out|ETIMEDOUT/, () => say('the source did not answer in time')],
  [/refused|ECONNREFUSED/, () => say('the source refused the connection')],
  [/certificate|TLS/, () => say("the source's certificate was not accepted")],
  [/is missing|not set/, () => say('the source is not set up')],
];

function plainCause(reason: string): Words | undefined {
  for (const [sign, words] of causes) {
    const found = sign.exec(reason);
    if (found !== null) return words(found);
  }
  return undefined;
}

/** "14 October 2026", "14–17 October 2026", or how many and the first of them. */
function datesText(which: readonly CoverageDay[], all: readonly CoverageDay[]): Words {
  const [first] = which;
  const last = which.at(-1);
  if (first === undefined || last === undefined) return say('no day');
  const together = all.indexOf(last) - all.indexOf(first) === which.length - 1;
  if (together) return dates(first.day, last.day);
  return say('{n} of {all, plural, one {# day} other {# days}}, the first {date},', {
    n: which.length,
    all: all.length,
    date: dates(first.day),
  });
}
