import { type Entity, entityTypes } from '../finding.ts';
import { type EntityColumn, listSeparator } from './columns.ts';
import type { Placed } from './gather.ts';
import { coder, type ItemLists, inOrder } from './rows.ts';
import type { TextValues } from './types.ts';

/** What a column of the view shows of each entity; undefined: it leaves it out. */
const shown = {
  entities: ({ type, value }: Entity) => `${type}:${value}`,
  actors: ({ role, value }: Entity) => (role === 'actor' ? value : undefined),
  targets: ({ role, value }: Entity) => (role === 'target' ? value : undefined),
  users: ({ type, value }: Entity) => (type === 'user' ? value : undefined),
} as const satisfies Record<EntityColumn, (entity: Entity) => string | undefined>;

/** An entity as one text, so that a dictionary holds each once: "actor|ip:10.0.0.1". */
export function itemOf({ type, value, role }: Entity): string {
  return `${role ?? ''}|${type}:${value}`;
}

export function entityOf(item: string): Entity {
  const bar = item.indexOf('|');
  const colon = item.indexOf(':', bar);
  const role = item.slice(0, bar);
  const type = entityTypes.find((one) => one === item.slice(bar + 1, colon)) ?? 'other';
  return { type, value: item.slice(colon + 1), ...(role === 'actor' || role === 'target' ? { role } : {}) };
}

/** Where each row's items start in `codes`; one more than there are rows. */
export function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  for (let row = 0; row < counts.length; row++) starts[row + 1] = (starts[row] ?? 0) + (counts[row] ?? 0);
  return starts;
}

/** Puts the entity lists of placed rows in the order of their places. */
export function gatherEntities(rows: number, placed: readonly Placed[]): ItemLists {
  const read = placed.flatMap(({ reader, places }) => {
    const lists = reader.entities();
    return lists === undefined ? [] : [{ lists, places, starts: startsOf(lists.counts) }];
  });
  const counts = new Int32Array(rows);
  for (const { lists, places } of read) {
    for (let row = 0; row < places.length; row++) {
      const place = places[row] ?? -1;
      if (place >= 0) counts[place] = lists.counts[row] ?? 0;
    }
  }
  const { code, values } = coder();
  const starts = startsOf(counts);
  const codes = new Int32Array(starts[rows] ?? 0);
  for (const { lists, places, starts: own } of read) {
    const merged = Int32Array.from(lists.values, code);
    const stored = lists.codes;
    for (let row = 0; row < places.length; row++) {
      const place = places[row] ?? -1;
      if (place < 0) continue;
      let to = starts[place] ?? 0;
      for (let from = own[row] ?? 0; from < (own[row + 1] ?? 0); from++) codes[to++] = merged[stored[from] ?? 0] ?? -1;
    }
  }
  return { counts, ...inOrder(codes, values) };
}

/** One text per row and column of what its entities are; equal rows share one. */
export function entityTexts(lists: ItemLists, column: EntityColumn): TextValues {
  const pieces = coder();
  // An attacker may write the separator into a value; there it is shown as a symbol, so that it splits nothing.
  const pieceOf = lists.values.map((item) => pieces.code((shown[column](entityOf(item)) ?? '').replaceAll(listSeparator, '\u241f')));
  const texts = joiner(pieces.values);
  const codes = new Int32Array(lists.counts.length);
  let from = 0;
  for (let row = 0; row < codes.length; row++) {
    const to = from + (lists.counts[row] ?? 0);
    let code = -1;
    for (; from < to; from++) code = texts.add(code, pieceOf[lists.codes[from] ?? 0] ?? -1);
    codes[row] = code;
  }
  return inOrder(codes, texts.values());
}

/**
 * Joins pieces step by step: a list is known by the list before its last piece and that piece, so that each distinct list is
 * spelled out only once.
 */
function joiner(pieces: readonly string[]): { add(list: number, piece: number): number; values(): string[] } {
  const steps = new Map<number, number>();
  const lists: { before: number; piece: number }[] = [];
  const has = (list: number, piece: number): boolean => {
    for (let at = lists[list]; at !== undefined; at = lists[at.before]) if (at.piece === piece) return true;
    return false;
  };
  return {
    add(list, piece) {
      if (piece < 0) return list;
      const step = (list + 1) * (pieces.length + 1) + piece;
      const known = steps.get(step);
      if (known !== undefined) return known;
      const next = has(list, piece) ? list : lists.push({ before: list, piece }) - 1;
      steps.set(step, next);
      return next;
    },
    values() {
      const texts: string[] = [];
      for (const { before, piece } of lists) {
        const text = pieces[piece] ?? '';
        texts.push(before < 0 ? text : `${texts[before]}${listSeparator}${text}`);
      }
      return texts;
    },
  };
}
