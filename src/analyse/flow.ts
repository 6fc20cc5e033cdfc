import type { Ms } from '../finding.ts';
import type { Facts } from './facts.ts';
import { states } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { silentRows } from './silent.ts';
import { specialRows } from './special.ts';
import { at } from './stats/at.ts';
import { stretchesWithin } from './stretches.ts';

/** What came into the backlog and left it in a period, each counted for itself. */
export interface Flow {
  before: number;
  created: number;
  /** Of the created, how many have been merged since and so are in no other figure. */
  createdMerged: number;
  reopened: number;
  closed: number;
  merged: number;
  after: number;
  /** Created in the period, but in a status nobody knows, ended at an unknown time, or closed before it was created. */
  unplaced: number;
}

export const flowOf = oncePerObject((facts: Facts): Flow => {
  const { findings, period, end, asOf } = facts;
  const { created, excluded, life, stays, merged } = findings;
  const special = specialRows(findings);
  const flow = { before: 0, created: 0, createdMerged: 0, reopened: 0, closed: 0, merged: 0, unplaced: 0 };
  const begin = Math.min(period.start, asOf);
  const inside = (instant: Ms) => instant >= begin && instant < end;
  const come = (from: Ms, to: Ms, isFirst: boolean, isMerged: boolean) => {
    if (from < begin && to >= begin) flow.before += 1;
    if (inside(from)) {
      if (isFirst) flow.created += 1;
      else flow.reopened += 1;
    }
    if (inside(to)) {
      if (isMerged) flow.merged += 1;
      else flow.closed += 1;
    }
  };
  for (const stretch of stretchesWithin(created, Number.NEGATIVE_INFINITY, end)) {
    for (let row = stretch.first; row < stretch.end; row += 1) {
      const isMerged = special[row] === 1 && merged.has(row);
      if (excluded[row] !== 0 && !isMerged) continue;
      const start = created[row] ?? Number.NaN;
      const stay = special[row] === 1 ? stays.get(row) : undefined;
      if (stay !== undefined) {
        for (const [i, { from, to }] of stay.entries()) come(from, to, i === 0, isMerged);
      } else if (life.state[row] === states.open) come(start, Number.POSITIVE_INFINITY, true, false);
      else if (life.state[row] === states.closed && life.negative[row] === 0) come(start, life.closed[row] ?? Number.NaN, true, false);
      else if (inside(start)) flow.unplaced += 1;
      if (isMerged && inside(start)) flow.createdMerged += 1;
    }
  }
  return { ...flow, after: facts.open.rows };
});

/** 0 where what was open, came and left gives what is open. */
export function imbalance({ before, created, reopened, closed, merged, after }: Flow): number {
  return before + created + reopened - closed - merged - after;
}

/** Within how many days a reopening tells that a close was too early. */
export const reopenWindow = 14;
/** Of exactly 24 hours each: a waiting time, not a calendar distance. */
export const reopenWindowMs: Ms = reopenWindow * 24 * 60 * 60 * 1000;

export interface Reopenings {
  /** Cases closed in the window, and how many of them were opened again in time. */
  closed: number;
  reopened: number;
  /** Reopened at an unknown time that may lie after the window; counted as reopened. */
  undated: number;
  /** Closed before they were first seen, by a source that tells no history: nobody can know whether they came back; left out. */
  unwatched: number;
}

/** Cases closed in the period moved back by the window, so that each had the whole window to come back. A case counts once. */
export const reopeningsOf = oncePerObject((facts: Facts): Reopenings => {
  const { findings, period, end } = facts;
  const { excluded, life, stays, view } = findings;
  const counts = view.number('reopen_count');
  const first = view.number('first_closed_at');
  const seen = view.number('first_seen_at');
  const silent = silentRows(findings);
  const special = specialRows(findings);
  const found = { closed: 0, reopened: 0, undated: 0, unwatched: 0 };
  const inside = (instant: Ms) => instant >= period.start - reopenWindowMs && instant < end - reopenWindowMs;
  for (let row = 0; row < view.rows; row += 1) {
    if (excluded[row] !== 0 || life.negative[row] === 1) continue;
    const stay = special[row] === 1 ? stays.get(row) : undefined;
    const early = first[row] ?? Number.NaN;
    if (stay !== undefined) {
      const places = [...stay.keys()].filter((i) => inside(stay[i]?.to ?? Number.NaN));
      if (places.length === 0) continue;
      found.closed += 1;
      const back = (i: number) => (stay[i + 1]?.from ?? Number.POSITIVE_INFINITY) - (stay[i]?.to ?? Number.NaN) <= reopenWindowMs;
      if (places.some(back)) found.reopened += 1;
    } else if ((counts[row] ?? Number.NaN) > 0 && inside(early)) {
      found.closed += 1;
      found.reopened += 1;
      const back = life.state[row] === states.closed ? at(life.closed, row) : findings.asOf;
      if (back - early > reopenWindowMs) found.undated += 1;
    } else if (life.state[row] === states.closed && inside(life.closed[row] ?? Number.NaN)) {
      const watched = !silent(row) || (seen[row] ?? Number.NaN) <= (life.closed[row] ?? Number.NaN);
      if (watched) found.closed += 1;
      else found.unwatched += 1;
    }
  }
  return found;
});
