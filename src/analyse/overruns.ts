import type { SlaPolicy } from '../config/index.ts';
import type { Facts } from './facts.ts';
import { type Breach, breachAt, promisesOf } from './promises.ts';
import { ascendingAt } from './stats/index.ts';

/** The longest overruns; only those that can be among them are sorted. */
export function longestOverruns(facts: Facts, most: number): { rows: { policy: SlaPolicy; breach: Breach }[]; total: number } {
  const lists = facts.client.sla.flatMap((policy, index) => {
    const kept = promisesOf(facts)[index];
    return kept === undefined ? [] : [{ policy, breaches: kept.breaches }];
  });
  const total = lists.reduce((sum, { breaches }) => sum + breaches.rows.length, 0);
  const overruns = new Float64Array(total);
  let from = 0;
  for (const { breaches } of lists) {
    overruns.set(breaches.overrun_s, from);
    from += breaches.rows.length;
  }
  const last = Math.max(0, total - most);
  const least = ascendingAt(overruns, [last])[last] ?? 0; // none: nothing is compared with it
  const rows = lists.flatMap(({ policy, breaches }) =>
    placesFrom(breaches.overrun_s, least).map((i) => ({ policy, breach: breachAt(facts, policy, breaches, i) })),
  );
  rows.sort((a, b) => b.breach.overrun_s - a.breach.overrun_s || a.breach.row - b.breach.row);
  return { rows: rows.slice(0, most), total };
}

/** Where values of at least `least` stand. */
function placesFrom(values: readonly number[], least: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < values.length; i += 1) if ((values[i] ?? Number.NaN) >= least) places.push(i);
  return places;
}
