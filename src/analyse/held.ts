import type { Ms } from '../finding.ts';
import { selectMembers } from './cohort.ts';
import type { Facts } from './facts.ts';
import { eventsOf } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { at } from './stats/at.ts';
import { statusesOf } from './statuses.ts';

/** On hold for longer than this, somebody should ask again. */
export const staleDays = 7;
/** Of exactly 24 hours each: a waiting time, not a calendar distance. */
const staleMs: Ms = staleDays * 24 * 60 * 60 * 1000;

export interface Held {
  /** Open at the end and on hold. */
  held: number;
  /** For longer than that, the longest first, with since when. */
  stale: { row: number; since: Ms }[];
  /** Of which no history tells since when. */
  undated: number;
}

export const heldOf = oncePerObject((facts: Facts): Held => {
  const { findings, open, end } = facts;
  const { codes, values } = findings.view.text('status');
  const hold = values.indexOf('on_hold');
  const rows = hold < 0 ? new Int32Array() : selectMembers(open.members, (row) => codes[row] === hold);
  const statusOf = statusesOf(findings);
  const found: Held = { held: rows.length, stale: [], undated: 0 };
  for (const [i, events] of eventsOf(findings.view, rows).entries()) {
    const turns = events.filter(({ type }) => type === 'status' || type === 'reopened');
    const last = turns.findLastIndex(({ to }) => to === undefined || statusOf(to) !== 'on_hold');
    const since = turns[last + 1]?.at;
    const row = at(rows, i);
    if (since === undefined) found.undated += at(findings.created, row) < end - staleMs ? 1 : 0;
    else if (end - since > staleMs) found.stale.push({ row, since });
  }
  found.stale.sort((a, b) => a.since - b.since || a.row - b.row);
  return found;
});
