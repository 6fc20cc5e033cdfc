import type { Facts } from './facts.ts';
import { oncePerObject } from '../once.ts';
import { at } from './stats/at.ts';
import { negativeBinomialLimit } from './stats/index.ts';
import { itemsOf, type Lists } from './table.ts';

/** An hour in which many accounts had a few findings each, far above the average hour of the week before. */
export interface Growth {
  /** When the hour began, ISO 8601 UTC. */
  from: string;
  n: number;
  users: number;
  sources: number;
  /** Findings of an average hour of the week before. */
  average: number;
}

const hourMs = 3_600_000;
const weekOfHours = 168;
/** Of the hours before, so many must be known. */
const leastKnown = 72;
export const leastUsers = 5;
export const mostPerUser = 2;
export const leastRatio = 3;

/** `undefined` where no finding names a user. Hours are counted from the start of the history, whatever the clock shows. */
export const growthOf = oncePerObject((facts: Facts): Growth[] | undefined => {
  const { history } = facts;
  const { codes } = history.created.coded('users');
  const stamps = history.created.number('created_at');
  const start = history.period.start;
  const hours = Math.ceil((facts.end - start) / hourMs);
  if (!codes.some((code) => code >= 0)) return undefined;
  const counts = new Float64Array(Math.max(0, hours));
  for (let i = 0; i < codes.length; i += 1) {
    const hour = Math.floor(((stamps[i] ?? start) - start) / hourMs);
    if ((codes[i] ?? -1) >= 0 && hour < hours) counts[hour] = at(counts, hour) + 1;
  }
  const grown = grownHours(facts, counts);
  return grown.length === 0 ? [] : membersOf(history, grown).filter(({ n, users }) => users >= leastUsers && n / users <= mostPerUser);
});

/** The hours of the period whose findings grew well beyond the average of the week before, and beyond chance. */
function grownHours({ history, period }: Facts, counts: Float64Array): { hour: number; average: number }[] {
  const complete = knownHours(history, counts.length);
  const first = Math.floor((period.start - history.period.start) / hourMs);
  const found: { hour: number; average: number }[] = [];
  const before = { n: 0, hours: 0, squares: 0 };
  const step = (hour: number, sign: 1 | -1) => {
    if (hour < 0 || complete[hour] !== 1) return;
    before.n += sign * at(counts, hour);
    before.squares += sign * at(counts, hour) ** 2;
    before.hours += sign;
  };
  for (let hour = 0; hour < counts.length; hour += 1) {
    const average = before.n / before.hours;
    const n = at(counts, hour);
    if (hour >= first && before.hours >= leastKnown && n >= leastUsers && n >= leastRatio * average) {
      const phi = before.n === 0 ? 1 : Math.max(1, (before.squares / before.hours - average ** 2) / average);
      if (n > negativeBinomialLimit(average, phi)) found.push({ hour, average });
    }
    step(hour, 1);
    step(hour - weekOfHours, -1);
  }
  return found;
}

function knownHours({ period, coverage }: Facts, hours: number): Uint8Array {
  const known = new Uint8Array(hours);
  for (const [i, day] of period.days.entries()) {
    if (coverage.states[i]?.status !== 'complete') continue;
    known.fill(1, Math.ceil((day.start - period.start) / hourMs), Math.floor((day.end - period.start) / hourMs));
  }
  return known;
}

/** Distinct users and sources of each of some hours. */
function membersOf(history: Facts, grown: readonly { hour: number; average: number }[]): Growth[] {
  const { created, findings, period } = history;
  const [users, actors] = [created.coded('users').codes, created.coded('actors').codes];
  const [userLists, actorLists] = [findings.lists('users'), findings.lists('actors')];
  const sets = new Map(grown.map(({ hour, average }) => [hour, { average, n: 0, users: new Set<number>(), sources: new Set<number>() }]));
  const stamps = created.number('created_at');
  for (let i = 0; i < stamps.length; i += 1) {
    const one = sets.get(Math.floor((at(stamps, i) - period.start) / hourMs));
    if (one === undefined || (users[i] ?? -1) < 0) continue;
    one.n += 1;
    add(one.users, userLists, users[i]);
    add(one.sources, actorLists, actors[i]);
  }
  return [...sets].map(([hour, one]) => ({
    from: new Date(period.start + hour * hourMs).toISOString(),
    n: one.n,
    users: one.users.size,
    sources: one.sources.size,
    average: one.average,
  }));
}

function add(set: Set<number>, lists: Lists, text: number | undefined): void {
  for (const item of itemsOf(lists, text ?? -1)) set.add(item);
}
