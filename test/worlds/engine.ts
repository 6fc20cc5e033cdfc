import type { Auth } from '../../src/demo/apis/auth.ts';
import { firstAt } from '../../src/demo/apis/paging.ts';
import { type Entry, rising } from '../../src/demo/apis/product.ts';
import { type Asked, type Reply, startLoopback } from '../../src/demo/server.ts';
import { Secret } from '../../src/secret.ts';
import type { Item, Items, Running, WorldOptions } from './world.ts';

export { compareIds, json } from '../../src/demo/apis/product.ts';

/** When scenarios run. Their items are of the month before. */
export const now = Date.UTC(2026, 10, 2);

interface Engine {
  items: readonly Item[];
  options: WorldOptions | undefined;
  auth: Auth;
  isPage(asked: Asked): boolean;
  failure(status: number): Reply;
  /** The answer to an authorised request; undefined: 404. */
  route(asked: Asked, items: Items): Reply | undefined;
  /** Settings of the source, once the server's address is known. */
  settings(url: string): Record<string, unknown>;
}

/** Runs one product on a free port: login, faults, Date header and stuck pages are done here, the rest by `route`. */
export async function startEngine({ items: given, options = {}, auth, isPage, failure, route, settings }: Engine): Promise<Running> {
  const items = openItems(given);
  const clock = options.clock ?? (() => now);
  let pages = 0;
  let stuck: Reply | undefined;
  const answer = (asked: Asked): Reply => {
    options.before?.(asked, items);
    const login = auth.login?.(asked);
    if (login !== undefined) return login;
    if (!auth.admits(asked)) return failure(401);
    if (!isPage(asked)) return route(asked, items) ?? failure(404);
    pages++;
    if (stuck !== undefined) return stuck;
    const reply = route(asked, items) ?? failure(404);
    if (options.stuck_at === pages) stuck = reply;
    return reply;
  };
  const dated = (reply: Reply): Reply => ({ ...reply, headers: { Date: new Date(clock()).toUTCString(), ...reply.headers } });
  const faults = (options.faults ?? []).map((fault) => (fault.reply === undefined ? fault : { ...fault, reply: dated(fault.reply) }));
  const server = await startLoopback((asked) => dated(answer(asked)), faults);
  return { settings: settings(server.url), items, requests: server.requests, close: () => server.close() };
}

/** Initial items may hold the same id twice; put and remove mean all of them. */
export function openItems(initial: readonly Item[]): Items {
  let list = [...initial];
  let version = 0;
  return {
    all: () => list,
    put(...items) {
      const ids = new Set(items.map(({ id }) => id));
      list = [...list.filter(({ id }) => !ids.has(id)), ...items];
      version++;
    },
    remove(id) {
      list = list.filter((each) => each.id !== id);
      version++;
    },
    replace(items) {
      list = [...items];
      version++;
    },
    get version() {
      return version;
    },
  };
}

export function secretOf(value: string): Secret {
  return new Secret(value, 'test');
}

/** An id as a bare number on the wire, exact beyond 2^53. */
export function exactNumber(id: string): unknown {
  return JSON.rawJSON(id);
}

/**
 * Items rising by a value, and by id where it is equal, found by that value: [from, to). Sorted once for each list there was, as a
 * product keeps an index; a list is replaced by `put` and `remove`, never changed.
 */
export function indexBy(key: (item: Item) => number, belongs: (item: Item) => boolean = () => true) {
  const indexed = new WeakMap<readonly Item[], readonly Item[]>();
  return (items: Items, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): readonly Item[] => {
    const all = items.all();
    let index = indexed.get(all);
    if (index === undefined) {
      index = rising(all.filter(belongs), key);
      indexed.set(all, index);
    }
    return index.slice(
      firstAt(index, (item) => key(item) >= from),
      firstAt(index, (item) => key(item) >= to),
    );
  };
}

/** The item of an id, as `all` holds it. */
export function itemOf(items: Items, id: string | undefined): Item | undefined {
  const all = items.all();
  let byId = known.get(all);
  if (byId === undefined) {
    byId = new Map(all.map((item) => [item.id, item]));
    known.set(all, byId);
  }
  return id === undefined ? undefined : byId.get(id);
}

const known = new WeakMap<readonly Item[], ReadonlyMap<string, Item>>();

export const byCreation = indexBy(({ created }) => created);
export const byChange = indexBy(({ changed }) => changed);

/** What a product's own API sees of the items, made anew only when one has changed. */
export function entriesOf(kindOf: (item: Item) => Entry['kind'], recordOf: (item: Item) => unknown): (items: Items) => Entry[] {
  let made: { of: Items; version: number; entries: Entry[] } | undefined;
  return (items) => {
    if (made?.of !== items || made.version !== items.version) {
      const entries = items.all().map((item) => ({
        id: item.id,
        kind: kindOf(item),
        created: item.created,
        changed: item.changed,
        json: () => recordOf(item),
      }));
      made = { of: items, version: items.version, entries };
    }
    return made.entries;
  };
}

interface Oddity {
  /** Where the record's id is, "/" between levels. */
  id: readonly string[];
  /** Texts or numbers that no documentation lists, by path. */
  unknown: Readonly<Record<string, unknown>>;
  /** Paths without which the product never sends a record: the id, the date of creation, what pages are sorted by. */
  keep: readonly string[];
}

/** The product's record with the item's quirk and extra applied. */
export function odd(record: Record<string, unknown>, item: Item, { id, unknown, keep }: Oddity): Record<string, unknown> {
  if (item.quirk === undefined) return item.extra === undefined ? record : Object.assign(record, item.extra);
  const copy = structuredCloneOf(record);
  if (item.quirk === 'missing id') for (const path of id) set(copy, path.split('/'), undefined);
  if (item.quirk === 'unknown enum') for (const [path, value] of Object.entries(unknown)) set(copy, path.split('/'), value);
  if (item.quirk === 'null fields') blank(copy, keep, null);
  if (item.quirk === 'absent fields') blank(copy, keep, undefined);
  return Object.assign(copy, item.extra);
}

/** JSON.rawJSON values are frozen objects and stay as they are. */
function structuredCloneOf(record: Record<string, unknown>): Record<string, unknown> {
  const isPlain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, isPlain(value) ? structuredCloneOf(value) : value]));
}

function set(target: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  const inner = target[first];
  if (rest.length === 0) target[first] = value;
  else if (typeof inner === 'object' && inner !== null) set(Object.assign(inner), rest, value);
}

function blank(target: Record<string, unknown>, keep: readonly string[], value: null | undefined): void {
  for (const key of Object.keys(target)) {
    const inner = target[key];
    if (keep.includes(key)) continue;
    const below = keep.filter((path) => path.startsWith(`${key}/`)).map((path) => path.slice(key.length + 1));
    if (below.length > 0 && typeof inner === 'object' && inner !== null) blank(Object.assign(inner), below, value);
    else target[key] = value;
  }
}
