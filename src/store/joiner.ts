import { listSeparator } from './columns.ts';

/** Lists of pieces by number. A list of one piece has the number of that piece. */
export interface Joiner {
  /** The list with one piece more; the same where it holds that piece. */
  add(list: number, piece: number): number;
  /** The place of a list among `values`, which are in the order in which lists are first asked for here. */
  nameOf(list: number): number;
  values(): string[];
}

/**
 * Joins pieces step by step: a list is known by the list before its last piece and that piece, so that each distinct list is
 * spelled out only once.
 */
export function joiner(pieces: readonly string[]): Joiner {
  const steps = pairs();
  // Of the lists of more than one piece, which are counted on from the pieces.
  const befores: number[] = [];
  const lasts: number[] = [];
  const names = pieces.map(() => -1);
  const named: number[] = [];
  const push = (before: number, piece: number): number => {
    befores.push(before);
    names.push(-1);
    return pieces.length + lasts.push(piece) - 1;
  };
  const has = (list: number, piece: number): boolean => {
    let at = list;
    for (; at >= pieces.length; at = befores[at - pieces.length] ?? -1) if (lasts[at - pieces.length] === piece) return true;
    return at === piece;
  };
  return {
    add(list, piece) {
      const known = steps.get(list, piece);
      if (known >= 0) return known;
      return steps.add(list, piece, has(list, piece) ? list : push(list, piece));
    },
    nameOf(list) {
      const known = names[list] ?? -1;
      if (known >= 0) return known;
      const name = named.push(list) - 1;
      names[list] = name;
      return name;
    },
    values() {
      const texts = [...pieces];
      for (const [at, piece] of lasts.entries()) texts.push(`${texts[befores[at] ?? -1]}${listSeparator}${pieces[piece]}`);
      return named.map((list) => texts[list] ?? '');
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
