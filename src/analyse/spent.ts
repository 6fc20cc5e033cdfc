import type { LifecycleEvent, Ms, Status } from '../finding.ts';
import type { Facts } from './facts.ts';
import { eventsOf } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { silentRows } from './silent.ts';
import { at } from './stats/at.ts';
import { statusesOf } from './statuses.ts';

/** How long closed findings were in two statuses, in seconds. */
export interface Spent {
  /** One each per finding whose history is known. */
  working: Float64Array;
  holding: Float64Array;
  /** Findings closed, and of them those that were looked at: all, or evenly spread ones. */
  closed: number;
  looked: number;
  /** Of the looked at those without a history, and those that were in a status of which nobody knows what it means. */
  untold: number;
  unclear: number;
}

/** A history is read as text, one by one; of more findings than this, evenly spread ones say as much about the middle. */
const mostRead = 10_000;

/** Of findings closed in the period, from the changes of status between creation and last close; while closed they are in none. */
export const spentOf = oncePerObject((facts: Facts): Spent => {
  const { findings, closed } = facts;
  const { life, created } = findings;
  const isSilent = silentRows(findings);
  const every = Math.ceil(closed.rows / mostRead);
  const looked = closed.members.filter((row, i) => i % every === 0 && life.negative[row] === 0);
  const told = looked.filter((row) => !isSilent(row));
  const statusOf = statusesOf(findings);
  const found = { working: new Float64Array(told.length), holding: new Float64Array(told.length) };
  const left = { untold: looked.length - told.length, unclear: 0 };
  let n = 0;
  for (const [i, events] of eventsOf(findings.view, told).entries()) {
    const row = at(told, i);
    const turns = events.filter(
      ({ type, at: when }) => (type === 'status' || type === 'closed' || type === 'reopened') && when <= facts.asOf,
    );
    const times = timesIn(turns, at(created, row), at(life.closed, row), statusOf);
    if (turns.length === 0) left.untold += 1;
    else if (times === undefined) left.unclear += 1;
    else {
      found.working[n] = times.working / 1000;
      found.holding[n] = times.holding / 1000;
      n += 1;
    }
  }
  return {
    working: found.working.subarray(0, n),
    holding: found.holding.subarray(0, n),
    closed: closed.rows,
    looked: looked.length,
    ...left,
  };
});

/** `undefined` where it stayed for a while in a status that nobody knows. */
function timesIn(turns: readonly LifecycleEvent[], created: Ms, closed: Ms, statusOf: (word: string) => Status | undefined) {
  const times = { working: 0, holding: 0 };
  let since = created;
  // Whatever was before the first change is what that change says it came from; a new finding where it does not say.
  let status: Status | undefined = turns[0]?.from === undefined ? 'new' : statusOf(turns[0].from);
  for (const { type, at: when, to } of [...turns, { type: 'closed' as const, at: closed, to: undefined }]) {
    const until = Math.min(Math.max(when, since), closed);
    if (status === undefined && until > since) return undefined;
    if (status === 'in_progress') times.working += until - since;
    else if (status === 'on_hold') times.holding += until - since;
    since = until;
    status = type === 'closed' ? 'closed' : to === undefined ? undefined : statusOf(to);
  }
  return times;
}
