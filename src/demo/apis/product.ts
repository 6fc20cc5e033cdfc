import type { Ms } from '../../finding.ts';
import { type Asked, type Fault, type Loopback, type Reply, startLoopback } from '../server.ts';
import type { Auth } from './auth.ts';

/** A record as a product finds, orders and pages it. */
export interface Entry {
  id: string;
  kind: 'alert' | 'case';
  created: Ms;
  changed: Ms;
  /** The record as it goes over the wire. */
  json(): unknown;
}

/** One product's API: what it is asked, and what it answers from the records it has. */
export interface Api {
  /** Who may ask; `uses` are the requests one token is good for. */
  auth(uses?: number): Auth;
  /** Whether a request asks for a page of records (not for a token, a name, a count). */
  isPage(asked: Asked): boolean;
  /** A refusal in the product's own words. */
  failure(status: number, headers?: Readonly<Record<string, string>>): Reply;
  /** undefined: there is no such path. */
  route(asked: Asked, entries: readonly Entry[]): Reply | undefined;
}

/** Runs a product for this machine only. `entries` and `clock` say what it knows and what time it is, whenever it is asked. */
export function startProduct(
  { auth, failure, route }: Api,
  { entries, clock, faults = [], port }: { entries: () => readonly Entry[]; clock: () => Ms; faults?: readonly Fault[]; port?: number },
): Promise<Loopback> {
  const door = auth();
  const answer = (asked: Asked): Reply => {
    const login = door.login?.(asked);
    if (login !== undefined) return login;
    return door.admits(asked) ? (route(asked, entries()) ?? failure(404)) : failure(401);
  };
  const dated = (reply: Reply): Reply => ({ ...reply, headers: { Date: new Date(clock()).toUTCString(), ...reply.headers } });
  return startLoopback((asked) => dated(answer(asked)), faults, port);
}

export function json(value: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): Reply {
  return { status, headers, body: JSON.stringify(value) ?? '' };
}

/** Rising by the key, and by id where it is equal. */
export function rising<T extends { id: string }>(entries: readonly T[], key: (entry: T) => number): readonly T[] {
  const order = (a: T, b: T) => key(a) - key(b) || compareIds(a.id, b.id);
  // Mostly they are in order, and to see that is quicker than to sort.
  if (entries.every((entry, i) => i === 0 || order(entries[i - 1] ?? entry, entry) <= 0)) return entries;
  return entries.toSorted(order);
}

export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
