import { entityTypes } from '../finding.ts';
import { type EntityColumn, listSeparator } from './columns.ts';
import { entityOf } from './entities.ts';
import { joiner } from './joiner.ts';
import { block } from './placed.ts';
import { coder, type ItemLists } from './rows.ts';
import type { EntityLists, TextValues } from './types.ts';

/** What each column of the view shows of each distinct item; -1: it leaves it out. Each item is taken apart once for all. */
export function shownOf(items: readonly string[]): Readonly<Record<EntityColumn, TextValues>> {
  const plain = coder();
  const names: string[] = [];
  // By value and type as one number: a text made for each item and looked up costs several times as much.
  const named = new Map<number, number>();
  const codes = (): Int32Array => new Int32Array(items.length).fill(-1);
  const entities = codes();
  const users = codes();
  const byRole = { actor: codes(), target: codes() };
  for (let at = 0; at < items.length; at++) {
    const { type, value, role } = entityOf(items[at] ?? '');
    const code = plain.code(value);
    const pair = code * entityTypes.length + entityTypes.indexOf(type);
    let name = named.get(pair);
    if (name === undefined) {
      name = names.push(`${type}:${value}`) - 1;
      named.set(pair, name);
    }
    entities[at] = name;
    if (type === 'user') users[at] = code;
    if (role !== undefined) byRole[role][at] = code;
  }
  const { values } = plain;
  return {
    entities: { codes: entities, values: names },
    users: { codes: users, values },
    actors: { codes: byRole.actor, values },
    targets: { codes: byRole.target, values },
  };
}

/** One text per row of what is shown of its entities; equal rows share one. */
export function entityTexts({ counts, codes: items }: ItemLists, shown: TextValues): TextValues {
  const pieces = withoutSeparators(shown);
  const lists = joiner(pieces.values);
  const codes = new Int32Array(counts.length);
  let from = 0;
  for (let row = 0; row < counts.length; row += block) {
    from = joinRows(
      codes.subarray(row, row + block),
      { counts: counts.subarray(row, row + block), items, pieces: pieces.codes },
      from,
      lists,
    );
  }
  return { codes, values: lists.values() };
}

/** `from`: the first row's first item. Returns that of the row after the last. */
function joinRows(
  codes: Int32Array,
  { counts, items, pieces }: Record<'counts' | 'items' | 'pieces', Int32Array>,
  from: number,
  lists: ReturnType<typeof joiner>,
): number {
  let at = from;
  for (let row = 0; row < codes.length; row++) {
    let list = -1;
    for (const end = at + (counts[row] ?? 0); at < end; at++) {
      const piece = pieces[items[at] ?? 0] ?? -1;
      if (piece >= 0) list = list < 0 ? piece : lists.add(list, piece);
    }
    codes[row] = list < 0 ? -1 : lists.nameOf(list);
  }
  return at;
}

/** An attacker may write the separator into a value; in a text it is shown as a symbol, so that it splits nothing. */
function withoutSeparators({ codes, values }: TextValues): TextValues {
  if (!values.some((value) => value.includes(listSeparator))) return { codes, values };
  const clean = coder();
  const renamed = values.map((value) => clean.code(value.replaceAll(listSeparator, '\u241f')));
  return { codes: codes.map((code) => renamed[code] ?? -1), values: clean.values };
}

/** The distinct entities of each row, whatever their role. */
export function entityLists({ counts, codes }: ItemLists, { codes: pieces, values }: TextValues): EntityLists {
  const starts = new Int32Array(counts.length + 1);
  const items = new Int32Array(codes.length);
  let from = 0;
  let to = 0;
  for (let row = 0; row < counts.length; row++) {
    const first = to;
    for (const end = from + (counts[row] ?? 0); from < end; from++) {
      const piece = pieces[codes[from] ?? 0] ?? -1;
      let same = first;
      while (same < to && items[same] !== piece) same++;
      if (same === to) items[to++] = piece;
    }
    starts[row + 1] = to;
  }
  return { starts, items: items.subarray(0, to), values };
}
