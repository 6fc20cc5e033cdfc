import { type Entity, entityTypes } from '../finding.ts';
import { type EntityColumn, listSeparator } from './columns.ts';
import { block, type Placed } from './placed.ts';
import { coder, type ItemLists, inOrder } from './rows.ts';
import type { EntityLists, TextValues } from './types.ts';

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

/** Puts the entity lists of placed rows in the order of their places; the distinct items are in no certain order. */
export function gatherEntities(rows: number, placed: readonly Placed[]): ItemLists {
  const read = placed.flatMap(({ reader, stretches }) => {
    const lists = reader.entities();
    return lists === undefined ? [] : [{ lists, stretches }];
  });
  const counts = new Int32Array(rows);
  for (const { lists, stretches } of read) {
    for (const [at, found] of stretches.entries()) putCounts(counts, found, lists.counts.subarray(at * block, (at + 1) * block));
  }
  const { code, values } = coder();
  const starts = startsOf(counts);
  const codes = new Int32Array(starts[rows] ?? 0);
  for (const { lists, stretches } of read) {
    const merged = Int32Array.from(lists.values, code);
    const own = startsOf(lists.counts);
    for (const [at, found] of stretches.entries()) {
      const from = at * block;
      const to = Math.min(lists.counts.length, from + block);
      const first = own[from] ?? 0;
      // One type of array for all segments keeps the loop quick.
      const stored = new Int32Array(lists.codes.subarray(first, own[to]));
      putItems(codes, found, { starts, own: own.subarray(from, to + 1), stored, merged });
    }
  }
  return { counts, codes, values };
}

function putCounts(counts: Int32Array, stretches: Int32Array, own: Int32Array): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) counts[row + away] = own[row] ?? 0;
  }
}

/** The items of rows that stand next to each other here and there stand so, too. */
function putItems(
  codes: Int32Array,
  stretches: Int32Array,
  { starts, own, stored, merged }: Record<'starts' | 'own' | 'stored' | 'merged', Int32Array>,
): void {
  const first = own[0] ?? 0;
  for (let i = 0; i < stretches.length; i += 3) {
    const row = stretches[i] ?? 0;
    const end = (own[stretches[i + 1] ?? 0] ?? 0) - first;
    let to = starts[row + (stretches[i + 2] ?? 0)] ?? 0;
    for (let from = (own[row] ?? 0) - first; from < end; from++) codes[to++] = merged[stored[from] ?? 0] ?? -1;
  }
}

/** One text per row and column of what its entities are; equal rows share one. */
export function entityTexts(lists: ItemLists, column: EntityColumn): TextValues {
  const pieces = coder();
  // An attacker may write the separator into a value; there it is shown as a symbol, so that it splits nothing.
  const shownOf = (item: string) => pieces.code((shown[column](entityOf(item)) ?? '').replaceAll(listSeparator, '\u241f'));
  const pieceOf = Int32Array.from(lists.values, shownOf);
  const texts = joiner(pieces.values);
  const codes = new Int32Array(lists.counts.length);
  let from = 0;
  for (let row = 0; row < codes.length; row++) {
    const to = from + (lists.counts[row] ?? 0);
    let code = -1;
    for (; from < to; from++) {
      const piece = pieceOf[lists.codes[from] ?? 0] ?? -1;
      if (piece >= 0) code = texts.add(code, piece);
    }
    codes[row] = code;
  }
  return inOrder(codes, texts.values());
}

/** The distinct entities of each row, whatever their role. */
export function entityLists(lists: ItemLists): EntityLists {
  const pieces = coder();
  const pieceOf = Int32Array.from(lists.values, (item) => pieces.code(shown.entities(entityOf(item))));
  const starts = new Int32Array(lists.counts.length + 1);
  const items = new Int32Array(lists.codes.length);
  let from = 0;
  let to = 0;
  for (let row = 0; row < lists.counts.length; row++) {
    const first = to;
    for (const end = from + (lists.counts[row] ?? 0); from < end; from++) {
      const piece = pieceOf[lists.codes[from] ?? 0] ?? -1;
      let same = first;
      while (same < to && items[same] !== piece) same++;
      if (same === to) items[to++] = piece;
    }
    starts[row + 1] = to;
  }
  return { starts, items: items.subarray(0, to), values: pieces.values };
}

/**
 * Joins pieces step by step: a list is known by the list before its last piece and that piece, so that each distinct list is
 * spelled out only once.
 */
function joiner(pieces: readonly string[]): { add(list: number, piece: number): number; values(): string[] } {
  const singles = new Int32Array(pieces.length).fill(-1);
  const steps = pairs();
  const befores: number[] = [];
  const lasts: number[] = [];
  const push = (before: number, piece: number): number => {
    befores.push(before);
    return lasts.push(piece) - 1;
  };
  const has = (list: number, piece: number): boolean => {
    for (let at = list; at >= 0; at = befores[at] ?? -1) if (lasts[at] === piece) return true;
    return false;
  };
  return {
    add(list, piece) {
      const known = list < 0 ? (singles[piece] ?? -1) : steps.get(list, piece);
      if (known >= 0) return known;
      if (list >= 0) return steps.add(list, piece, has(list, piece) ? list : push(list, piece));
      const single = push(-1, piece);
      singles[piece] = single;
      return single;
    },
    values() {
      const texts: string[] = [];
      for (let list = 0; list < lasts.length; list++) {
        const text = pieces[lasts[list] ?? -1] ?? '';
        const before = befores[list] ?? -1;
        texts.push(before < 0 ? text : `${texts[before]}${listSeparator}${text}`);
      }
      return texts;
    },
  };
}

/** A number for each pair of numbers, -1 where there is none yet; for hundreds of thousands of pairs several times as quick as a Map. */
function pairs(): { get(a: number, b: number): number; add(a: number, b: number, value: number): number } {
  let size = 1024;
  let used = 0;
  let table = new Int32Array(3 * size).fill(-1);
  const slotOf = (a: number, b: number): number => {
    const mixed = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & (size - 1);
    while (table[3 * slot] !== -1 && (table[3 * slot] !== a || table[3 * slot + 1] !== b)) slot = (slot + 1) & (size - 1);
    return 3 * slot;
  };
  const put = (a: number, b: number, value: number): void => {
    const slot = slotOf(a, b);
    table[slot] = a;
    table[slot + 1] = b;
    table[slot + 2] = value;
  };
  const add = (a: number, b: number, value: number): number => {
    if (++used > size / 2) grow();
    put(a, b, value);
    return value;
  };
  const grow = (): void => {
    const old = table;
    size *= 2;
    table = new Int32Array(3 * size).fill(-1);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] !== -1) put(old[at] ?? -1, old[at + 1] ?? -1, old[at + 2] ?? -1);
    }
  };
  return { get: (a, b) => table[slotOf(a, b) + 2] ?? -1, add };
}
