import { type Words, say } from '../words/index.ts';
import type { Facts } from './facts.ts';
import type { ColumnName } from './findings.ts';
import type { Table } from './kpi.ts';
import { perDayOf } from './matrix.ts';
import { oncePer, oncePerObject } from '../once.ts';
import { captionOf } from './series.ts';
import { weekdaysBefore } from './weekdays.ts';
import { benjaminiHochberg, silenceProbability } from './stats/index.ts';

/** What used to appear in findings and no longer does. */
interface Silent {
  name: string;
  n: number;
  /** Findings per complete day up to the last one. */
  rate: number;
  lastDay: string;
  /** Complete days since then. */
  gap: number;
  /** How likely so long a gap would be at the rate of its weekdays, bursts allowed for. */
  probability: number;
}

interface Silence {
  silent: Silent[];
  tested: number;
}

/** From fewer findings, or over fewer days, a rate is a guess. */
export const leastFindings = 10;
const leastDays = 7;
export const silenceLimit = 0.01;
const falseShare = 0.05;

const perColumn = oncePerObject((facts: Facts) => oncePer((column: ColumnName) => compute(facts, column)));

/**
 * Values whose silence up to the end of the period is less likely than 1 % at the rates of its weekdays (nobody sends
 * invoices on a Sunday), and stands among all that were tested. Days that were not collected completely are no silence and no time.
 */
export function silenceOf(facts: Facts, column: ColumnName): Silence {
  return perColumn(facts)(column);
}

function compute({ history }: Facts, column: ColumnName): Silence {
  const complete = history.coverage.states.map(({ status }) => status === 'complete');
  const known = [...perDayOf(history, column, leastFindings)].flatMap(([name, counts]) => {
    const last = counts.findLastIndex((n) => n > 0);
    const usable = Array.from(counts, (n, day) => (complete[day] === true ? n : undefined));
    const observed = usable.slice(0, last + 1).filter((n) => n !== undefined);
    const n = observed.reduce((sum, one) => sum + one, 0);
    if (observed.length < leastDays || n < leastFindings) return [];
    const { means, phi } = weekdaysBefore(usable, last + 1);
    const gap = usable.flatMap((one, day) => (day > last && one !== undefined ? [means[day % 7] ?? Number.NaN] : []));
    const expected = gap.reduce((sum, mean) => sum + (Number.isNaN(mean) ? 0 : mean), 0); // a weekday never seen expects nothing
    const lastDay = history.period.days[last]?.date ?? '';
    return [{ name, n, rate: n / observed.length, lastDay, gap: gap.length, probability: silenceProbability(expected, phi) }];
  });
  const stands = benjaminiHochberg(
    known.map(({ probability }) => probability),
    falseShare,
  );
  const silent = known.filter((one, i) => stands[i] === true && one.probability < silenceLimit);
  silent.sort((a, b) => a.probability - b.probability || (a.name < b.name ? -1 : 1));
  return { silent, tested: known.length };
}

/** What fell silent, least likely first. */
export function silenceTable(
  facts: Facts,
  { id, label, measure }: { id: string; label: Words; measure: Words },
  found: readonly Silent[],
  tested: number,
): Table {
  return {
    id,
    title:
      found.length === 0
        ? say('All {tested} tested still appear', { tested })
        : say('{n} of {tested} have gone silent', { n: found.length, tested }),
    caption: captionOf(facts, measure),
    columns: [
      { key: 'name', label, kind: 'text' },
      { key: 'rate', label: say('Findings a day before'), kind: 'number' },
      { key: 'lastDay', label: say('Last on'), kind: 'day' },
      { key: 'gap', label: say('Silent for'), kind: 'days' },
      { key: 'probability', label: say('Probability'), kind: 'rate' },
    ],
    rows: found.slice(0, 30).map(({ name, rate, lastDay, gap, probability }) => ({ name, rate, lastDay, gap, probability })),
    total_rows: found.length,
    essential: true,
  };
}
