import { isEdge, type Word } from './words.ts';

/** ASCII. */
const signs = 128;

/** Finds many words in a text at once. */
export interface Automaton {
  /** Tells of each list of words of which one stands in the text, once or, where it is not sure yet, several times. */
  search(text: string, found: (list: number, sure: boolean) => void): void;
}

interface Ending {
  list: number;
  word: Word;
}

/** One automaton for lists of words (Aho and Corasick, https://doi.org/10.1145/360825.360855). Upper and lower case are alike. */
export function automatonOf(lists: readonly (readonly Word[])[]): Automaton {
  const { next, endings } = grow(lists);
  follow(next, endings);
  const isEnd = Uint8Array.from(endings, (own) => (own.length > 0 ? 1 : 0));
  const seen = new Int32Array(lists.length);
  let searches = 0;
  return {
    search(text, found) {
      searches += 1;
      let node = 0;
      for (let i = 0; i < text.length; i++) {
        node = next[node * signs + signOf(text.charCodeAt(i))] ?? 0;
        if (isEnd[node] !== 1) continue;
        for (const { list, word } of endings[node] ?? []) {
          if (seen[list] === searches) continue;
          if (word.starts && !isEdge(text, i - word.text.length + 1)) continue;
          if (word.ends && !isEdge(text, i + 1)) continue;
          if (word.sure) seen[list] = searches;
          found(list, word.sure);
        }
      }
    },
  };
}

/** In lower case. Two characters beyond ASCII have their other case inside it: the long s and the sign for kelvin. */
function signOf(code: number): number {
  if (code < signs) return code >= 65 && code <= 90 ? code + 32 : code;
  return code === 0x17f ? 115 : code === 0x212a ? 107 : 0;
}

/** The tree of all words: where each sign leads from each node (0: nowhere), and the words that end there. */
function grow(lists: readonly (readonly Word[])[]): { next: Int32Array; endings: Ending[][] } {
  const length = lists.reduce((sum, words) => sum + words.reduce((total, { text }) => total + text.length, 0), 0);
  const next = new Int32Array((length + 1) * signs);
  const endings: Ending[][] = [[]];
  for (const [list, words] of lists.entries()) {
    for (const word of words) {
      let node = 0;
      for (const sign of word.text) {
        const place = node * signs + sign.charCodeAt(0);
        node = next[place] || endings.push([]) - 1;
        next[place] = node;
      }
      endings[node]?.push({ list, word });
    }
  }
  return { next, endings };
}

/** Where a sign leads nowhere, the longest end of what was read with which a word begins leads on; what ends with it ends here too. */
function follow(next: Int32Array, endings: Ending[][]): void {
  const back = new Int32Array(endings.length);
  const queue: number[] = [0];
  for (const node of queue) {
    const shorter = back[node] ?? 0;
    if (node !== 0) endings[node]?.push(...(endings[shorter] ?? []));
    for (let sign = 0; sign < signs; sign++) {
      const child = next[node * signs + sign] ?? 0;
      const other = node === 0 ? 0 : (next[shorter * signs + sign] ?? 0);
      if (child === 0) next[node * signs + sign] = other;
      else {
        back[child] = other;
        queue.push(child);
      }
    }
  }
}
