import type { Ms } from '../finding.ts';
import { selectIn } from './cohort.ts';
import type { Facts } from './facts.ts';
import { oncePerObject } from '../once.ts';
import { at, countBelow } from './stats/at.ts';
import { stretchesWithin } from './stretches.ts';

/** Within how many days a new true positive says that the old one was not done with. */
export const returnWindow = 30;
/** Of exactly 24 hours each: a waiting time, not a calendar distance. */
export const returnWindowMs: Ms = returnWindow * 24 * 60 * 60 * 1000;

interface Return {
  entity: string;
  category: string | undefined;
  /** When the new true positive was created, and how long after the close of the old one, in seconds. */
  at: Ms;
  after_s: number;
}

export interface Returns {
  /** Entities of true positives closed in the window, each once. */
  entities: number;
  /** One per entity that came back: its first return. Latest first. */
  returned: Return[];
}

/**
 * Entities of true positives closed in the period moved back by the window, so that each had the whole window to come back,
 * and those of them in a true positive of the same category created after that close and within the window of it.
 */
export const returnsOf = oncePerObject((facts: Facts): Returns => {
  const { findings, period, end } = facts;
  const { view, life, created } = findings;
  const verdict = findings.coded('verdict');
  const truth = verdict.values.indexOf('true_positive');
  if (truth < 0) return { entities: 0, returned: [] };
  const category = findings.coded('category');
  const { starts, items, values } = view.entityLists();
  const isReal = (row: number) => verdict.codes[row] === truth && findings.excluded[row] === 0;
  // An entity and a category as one number; -1 is the category of what has none.
  const width = category.values.length + 1;
  const each = (row: number, use: (item: number, key: number) => void) => {
    const code = at(category.codes, row) + 1;
    for (let place = at(starts, row); place < at(starts, row + 1); place += 1) use(at(items, place), at(items, place) * width + code);
  };
  const from = period.start - returnWindowMs;
  const to = end - returnWindowMs;
  const closes = new Map<number, Ms[]>();
  let entities = 0;
  // Most entities have none, which is told sooner than which closes one has.
  const isClosed = new Uint8Array(values.length);
  for (const row of selectIn(stretchesWithin(life.closed, from, to), isReal)) {
    const closed = at(life.closed, row);
    if (!(closed >= from && closed < to) || life.negative[row] === 1) continue;
    each(row, (item, key) => {
      if (isClosed[item] === 0) entities += 1;
      isClosed[item] = 1;
      const known = closes.get(key);
      if (known === undefined) closes.set(key, [closed]);
      else known.push(closed);
    });
  }
  for (const times of closes.values()) times.sort((a, b) => a - b);
  const first = new Map<number, Return>();
  for (const row of closes.size === 0 ? [] : selectIn(stretchesWithin(created, from, end), isReal)) {
    const instant = at(created, row);
    each(row, (item, key) => {
      if (isClosed[item] === 0) return;
      const times = closes.get(key);
      const closed = times?.[countBelow(times, instant) - 1];
      if (
        closed === undefined ||
        instant - closed > returnWindowMs ||
        instant >= end ||
        (first.get(item)?.at ?? Number.POSITIVE_INFINITY) <= instant
      )
        return;
      const name = category.values[at(category.codes, row)];
      first.set(item, { entity: values[item] ?? '', category: name, at: instant, after_s: (instant - closed) / 1000 });
    });
  }
  return { entities, returned: [...first.values()].sort((a, b) => b.at - a.at || (a.entity < b.entity ? -1 : 1)) };
});
