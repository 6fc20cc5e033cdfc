import { listSeparator } from '../store/columns.ts';

/** What each distinct text of a list column consists of: the items of text `i` are `items[offsets[i]] … items[offsets[i + 1] - 1]`. */
export interface Lists {
  texts: readonly string[];
  offsets: Int32Array;
  items: Int32Array;
  values: readonly string[];
}

/** Splits the distinct texts of a list column; a value that a list holds twice counts once. */
export function splitLists(texts: readonly string[]): Lists {
  const index = new Map<string, number>();
  const items: number[] = [];
  const offsets = new Int32Array(texts.length + 1);
  let start = 0;
  const add = (name: string): void => {
    if (name === '') return;
    let code = index.get(name);
    if (code === undefined) {
      code = index.size;
      index.set(name, code);
    }
    if (items.indexOf(code, start) === -1) items.push(code);
  };
  for (let i = 0; i < texts.length; i += 1) {
    const text = texts[i] ?? '';
    start = items.length;
    let from = 0;
    for (let cut = text.indexOf(listSeparator); cut !== -1; cut = text.indexOf(listSeparator, from)) {
      add(text.slice(from, cut));
      from = cut + 1;
    }
    add(from === 0 ? text : text.slice(from));
    offsets[i + 1] = items.length;
  }
  return { texts, offsets, items: Int32Array.from(items), values: [...index.keys()] };
}

/** The same lists with only the values for which `kept` is 1. */
export function keepValues(lists: Lists, kept: Uint8Array): Lists {
  const items: number[] = [];
  const offsets = lists.offsets.map((_, i) => {
    if (i > 0) items.push(...itemsOf(lists, i - 1).filter((item) => kept[item] === 1));
    return items.length;
  });
  return { ...lists, offsets, items: Int32Array.from(items) };
}

/** A column with one value per row, in the form of lists. */
export function singleLists(texts: readonly string[]): Lists {
  return {
    texts,
    offsets: new Int32Array(texts.length + 1).map((_, i) => i),
    items: new Int32Array(texts.length).map((_, i) => i),
    values: texts,
  };
}

/** The items of one text; none for the unknown text. */
export function itemsOf({ offsets, items }: Lists, text: number): Int32Array {
  return text < 0 ? items.subarray(0, 0) : items.subarray(offsets[text], offsets[text + 1]);
}
