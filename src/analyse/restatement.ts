import { type Words, instant, listed, phrase, say } from '../words/index.ts';
import { hasValue, type Outcome } from '../outcome.ts';
import { previousPeriod } from '../period.ts';
import type { Facts } from './facts.ts';
import type { Compared } from './history.ts';
import type { Unit } from './kpi.ts';
import { at } from './stats/at.ts';

/** A figure of the last edition and what is known of it now. */
export interface Restated {
  name: Words;
  unit: Unit;
  reported: Outcome;
  now: Outcome;
  /** Now minus reported; NaN where one of the two has no value. 0 where nothing changed. */
  delta: number;
  cause: Words;
}

/** What happened to the findings of a period after its report was issued. */
interface Later {
  arrived: number;
  closed: number;
  changed: number;
}

/** What the last issued edition said of the period before, held against what is known now. */
export function restatementOf(facts: Facts): { rows: Restated[]; notes: Words[] } | { reason: Words } {
  const { lastEdition } = facts.book;
  const before = previousPeriod(facts.period);
  if (lastEdition === undefined) return { reason: say('no edition was issued for the period before') };
  if (lastEdition.period.label !== before.label)
    return { reason: say('the last edition is about {period}, not {wanted}', { period: lastEdition.period.label, wanted: before.label }) };
  const later = laterChanges(facts, Date.parse(lastEdition.as_of));
  const rows = facts.book.compared().flatMap(({ kpi, previous }) => {
    const reported = lastEdition.kpis[kpi.id];
    if (reported === undefined || previous === undefined || (!hasValue(reported) && !hasValue(previous))) return [];
    const delta = hasValue(reported) && hasValue(previous) ? previous.value - reported.value : Number.NaN;
    return [{ name: phrase(kpi.name), unit: kpi.unit, reported, now: previous, delta, cause: delta === 0 ? '' : causeOf(kpi, later) }];
  });
  return {
    rows,
    notes: [say('Reported with what was known at {asOf}.', { asOf: instant(Date.parse(lastEdition.as_of), facts.period.zone) })],
  };
}

/** Among the findings created or closed in the period before. First seen after the cut: late arrival; else by what it says now. */
function laterChanges({ findings, period }: Facts, asOf: number): Later {
  const { start, end } = previousPeriod(period);
  const { view, created, life } = findings;
  const [first, seen] = [view.number('first_seen_at'), view.number('seen_at')];
  const later = { arrived: 0, closed: 0, changed: 0 };
  const inside = (instant: number) => instant >= start && instant < end;
  for (let row = 0; row < view.rows; row += 1) {
    if (!inside(at(created, row)) && !inside(at(life.closed, row))) continue;
    if (at(first, row) > asOf) later.arrived += 1;
    else if (!(at(seen, row) > asOf)) continue;
    else if (inside(at(life.closed, row)) || at(life.closed, row) >= end) later.closed += 1;
    else later.changed += 1;
  }
  return later;
}

function causeOf({ cohort }: Compared['kpi'], { arrived, closed, changed }: Later): Words {
  const closings = cohort === 'closed-in-period' || cohort === 'event-in-period' || cohort === 'due-in-period' || cohort === 'open-at-end';
  const causes = [
    ...(arrived > 0 ? [say('late arrival ({n, plural, one {# finding} other {# findings}})', { n: arrived })] : []),
    ...(closed > 0 && closings ? [say('late closure or verdict ({n, plural, one {# finding} other {# findings}})', { n: closed })] : []),
    ...(changed > 0 || (closed > 0 && !closings)
      ? [say('changed or re-tagged since ({n, plural, one {# finding} other {# findings}})', { n: changed + (closings ? 0 : closed) })]
      : []),
  ];
  // No finding changed, so what is made of them did: tag rules, verdict mappings, or the program.
  return causes.length === 0 ? say('re-tag: the rules or the configuration changed') : listed(causes);
}
