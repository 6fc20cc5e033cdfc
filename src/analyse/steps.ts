import { duration, say } from '../words/index.ts';
import { ascendingFor, quantile } from './stats/index.ts';
import { acknowledgedOf, touches } from './acknowledged.ts';
import type { Outcome } from '../outcome.ts';
import type { Facts } from './facts.ts';
import { states } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { specialRows } from './special.ts';
import { at } from './stats/at.ts';
import { shortestFirst, step, type Timed, timedOf } from './timed.ts';
import { selectMembers } from './cohort.ts';
import { gatherNumbers } from './table.ts';

/** The measured steps of the findings created in a period, each computed once. */

const undated = [say('ended without a closing time'), say('in a status nobody knows'), say('closed before they were created')] as const;
const machines = say('closed by automation alone, counted apart');

/** From creation to the close that the client's settings mean, the last or the first. Merged ones wait until they were merged, what automation closed untouched is apart. */
export const closing = oncePerObject((facts: Facts): Timed => {
  const { findings, created, period } = facts;
  const { life, merged } = findings;
  const special = specialRows(findings);
  const { how: touch } = acknowledgedOf(findings);
  const first = facts.client.time_to_close === 'first' ? firstCloses(findings) : undefined;
  const late = [...merged.keys()].filter((row) => at(findings.created, row) >= period.start && at(findings.created, row) < period.end);
  const members = late.length === 0 ? created.members : Int32Array.from([...created.members, ...late]);
  const how = (row: number) => {
    if (touch[row] === touches.automation) return 3;
    if (life.negative[row] === 1) return 2;
    if (life.state[row] === states.closed || (first?.[row] ?? 0) > 0) return step.ended;
    return life.state[row] === states.open ? step.waiting : life.state[row] === states.ended ? 0 : 1;
  };
  const told = new Int8Array(members.length);
  const until = new Float64Array(members.length).fill(findings.asOf);
  for (let i = 0; i < members.length; i += 1) {
    const row = members[i] ?? -1;
    const end = special[row] === 1 ? merged.get(row) : undefined;
    told[i] = end === undefined ? how(row) : step.waiting;
    if (end !== undefined) until[i] = end;
    else if ((first?.[row] ?? 0) > 0) until[i] = first?.[row] ?? Number.NaN;
    else if (life.state[row] === states.closed) until[i] = life.closed[row] ?? Number.NaN;
  }
  return shortestFirst(timedOf(facts, members, { reasons: [...undated, machines], told, until }));
});

/** When each was closed for the first time, not before its creation; 0 where that is not known or lies after the data cut. */
function firstCloses({ view, created, asOf }: Facts['findings']): Float64Array {
  return view.number('first_closed_at').map((stamp, row) => (stamp > 0 && stamp <= asOf ? Math.max(stamp, at(created, row)) : 0));
}

/** What automation closed without any human touch. */
export const machineClosing = oncePerObject((facts: Facts): Timed => {
  const { life } = facts.findings;
  const { how: touch } = acknowledgedOf(facts.findings);
  const members = selectMembers(facts.created.members, (row) => touch[row] === touches.automation && life.negative[row] === 0);
  const told = new Int8Array(members.length).fill(step.ended);
  return timedOf(facts, members, { reasons: [], told, until: gatherNumbers(life.closed, members) });
});

/** Two collections further apart than this leave the time of what happened between them unknown, in seconds. */
export const closeEnough = 15 * 60;

/** What is known about first touches, before any time is made of them. */
export interface TouchCounts {
  /** How many touches are known at all, and of those only by two observations. */
  touched: number;
  between: number;
  /** Of those, how many are too uncertain to count. */
  vague: number;
  /** Median distance of the two observations in seconds; NaN without any. */
  uncertainty: number;
  /** Taken as touched when closed. */
  assumed: number;
}

export const touchCounts = oncePerObject(({ findings, created }: Facts): TouchCounts => {
  const { how, after, by } = acknowledgedOf(findings);
  const widths = new Float64Array(created.rows);
  const counts = { touched: 0, between: 0, vague: 0, assumed: 0 };
  for (let i = 0; i < created.rows; i += 1) {
    const row = created.members[i] ?? -1;
    if (how[row] === touches.stamped) counts.touched += 1;
    else if (how[row] === touches.closing) {
      counts.touched += 1;
      counts.assumed += 1;
    } else if (how[row] === touches.between) {
      const width = ((by[row] ?? Number.NaN) - (after[row] ?? Number.NaN)) / 1000;
      widths[counts.between] = width;
      counts.touched += 1;
      counts.between += 1;
      if (width > closeEnough) counts.vague += 1;
    }
  }
  const sorted = ascendingFor(widths.subarray(0, counts.between), [0.5]);
  return { ...counts, uncertainty: sorted.length === 0 ? Number.NaN : quantile(sorted, 0.5) };
});

/**
 * From creation to the first human touch. A touch known only to lie between two observations counts at the later one where
 * they lie at most `closeEnough` apart; else the finding counts as waiting up to the earlier one. Both make it look slower,
 * never faster.
 */
export const acknowledging = oncePerObject((facts: Facts): Timed => {
  const { how, after, by } = acknowledgedOf(facts.findings);
  const isVague = (row: number) =>
    how[row] === touches.between && (by[row] ?? Number.NaN) - (after[row] ?? Number.NaN) > closeEnough * 1000;
  const { members } = facts.created;
  const told = new Int8Array(members.length);
  const until = new Float64Array(members.length);
  for (let i = 0; i < members.length; i += 1) {
    const row = members[i] ?? -1;
    if (how[row] === touches.unknown) told[i] = 0;
    else if (how[row] === touches.negative) told[i] = 1;
    else if (how[row] === touches.automation) told[i] = 2;
    else {
      const waits = how[row] === touches.waiting || isVague(row);
      told[i] = waits ? step.waiting : step.ended;
      until[i] = (waits ? after[row] : by[row]) ?? Number.NaN;
    }
  }
  const reasons = [
    say('ended at an unknown time or in a status nobody knows'),
    say('acknowledged before they were created'),
    say('closed by automation, nothing to acknowledge'),
  ];
  return shortestFirst(timedOf(facts, members, { reasons, told, until }));
});

/** Where more than this share of the touches is too uncertain, what is left says nothing about the whole. */
const mostVague = 0.2;

/** Why there is no figure about acknowledgements; undefined where there can be one. */
export function tooVague(facts: Facts): Outcome | undefined {
  const { touched, between, vague, uncertainty } = touchCounts(facts);
  if (vague <= mostVague * touched) return undefined;
  return {
    status: 'not-available-from-source',
    reason: say(
      'of {n, plural, one {# acknowledgement} other {# acknowledgements}} {between} are known only to lie between two observations, {apart} apart in the middle; {vague} more than {most}',
      { n: touched, between, apart: duration(uncertainty), vague, most: duration(closeEnough) },
    ),
    n: touched,
  };
}

/** From creation to the verdict. What people ended without one will get none; what automation closed untouched nobody judged. */
export const judging = oncePerObject((facts: Facts): Timed => {
  const { findings } = facts;
  const { life, asOf, created } = findings;
  const stamps = findings.view.number('verdict_at');
  const verdicts = findings.coded('verdict').codes;
  const { how: touch } = acknowledgedOf(findings);
  const { members } = facts.created;
  const told = new Int8Array(members.length);
  const until = new Float64Array(members.length).fill(asOf);
  for (let i = 0; i < members.length; i += 1) {
    const row = members[i] ?? -1;
    const stamp = stamps[row] ?? Number.NaN;
    if (touch[row] === touches.automation) told[i] = 3;
    else if ((verdicts[row] ?? -1) < 0) told[i] = life.state[row] === states.open ? step.waiting : 0;
    else if (stamp > asOf) told[i] = step.waiting;
    else if (!(stamp > 0)) told[i] = 1;
    else if (stamp < at(created, row) - 2000) told[i] = 2;
    else {
      told[i] = step.ended;
      until[i] = Math.max(stamp, at(created, row));
    }
  }
  const reasons = [say('ended without a verdict'), say('judged at an unknown time'), say('judged before they were created'), machines];
  return shortestFirst(timedOf(facts, members, { reasons, told, until }));
});

/** From creation to containment, of confirmed attacks. What was closed without one is taken to have needed none. */
export const containing = oncePerObject((facts: Facts): Timed => {
  const { findings } = facts;
  const { life, asOf } = findings;
  const stamps = findings.view.number('contained_at');
  const how = (row: number) => {
    const stamp = at(stamps, row);
    if (stamp > 0 && stamp <= asOf) return stamp < at(findings.created, row) - 2000 ? 1 : step.ended;
    return life.state[row] === states.open ? step.waiting : 0;
  };
  const instant = (row: number) => {
    const stamp = at(stamps, row);
    return stamp > 0 && stamp <= asOf ? Math.max(stamp, at(findings.created, row)) : asOf;
  };
  const members = confirmedOf(facts);
  const reasons = [say('closed without containment'), say('contained before they were created')];
  return timedOf(facts, members, { reasons, told: Int8Array.from(members, how), until: Float64Array.from(members, instant) });
});

/** Findings created in the period that were judged true positives. */
export const confirmedOf = oncePerObject(({ findings, created }: Facts): Int32Array => {
  const { codes, values } = findings.coded('verdict');
  const yes = values.indexOf('true_positive');
  return yes < 0 ? new Int32Array() : selectMembers(created.members, (row) => codes[row] === yes);
});
