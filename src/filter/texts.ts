import { RE2JS, RE2JSException } from 're2js';
import { automatonOf } from './automaton.ts';
import { type Word, wordsOf } from './words.ts';

/** A pattern that is no RE2 pattern. The message says what and where. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/** A pattern in RE2 syntax (linear time); finds its text anywhere. `.` also matches a line break, titles have them. */
export interface Pattern {
  source: string;
  case: boolean;
  /** Words of which one stands in every text in which it is found, where there are such. */
  words: readonly Word[] | undefined;
  /** That holds for texts of ASCII characters only. */
  onlyAscii?: true;
  test(text: string): boolean;
}

const longest = 2000;

/** One that the configuration's check has compiled is not compiled again for each report; so many are kept. */
const compiled = new Map<string, Pattern>();
const mostCompiled = 2000;

/** @throws PatternError naming the character (counted from 1) at which the pattern goes wrong. */
export function compilePattern(source: string, caseSensitive: boolean): Pattern {
  const key = `${caseSensitive}${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (compiled.size >= mostCompiled) compiled.clear();
  const pattern = compileAnew(source, caseSensitive);
  compiled.set(key, pattern);
  return pattern;
}

function compileAnew(source: string, caseSensitive: boolean): Pattern {
  if (source.length > longest) throw new PatternError(`a pattern has at most ${longest} characters, this one ${source.length}`);
  try {
    const expression = RE2JS.compile(source, flagsFor(caseSensitive));
    const words = wordsOf(source)?.map((word) => (caseSensitive ? { ...word, sure: false } : word));
    return { source, case: caseSensitive, words, test: (text) => expression.test(text) };
  } catch (cause) {
    if (cause instanceof RE2JSException) throw new PatternError(explain(source, cause), { cause });
    throw cause;
  }
}

function flagsFor(caseSensitive: boolean): number {
  return RE2JS.DOTALL | (caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
}

function explain(source: string, error: { message: string; error?: unknown; input?: unknown }): string {
  const what = typeof error.error === 'string' ? error.error : error.message;
  // Flags are prefixed to the pattern; where the parser names the whole of it, they stand before it.
  const part = typeof error.input === 'string' ? error.input.replace(/^\(\?[is]+\)/, '') : '';
  // For an open group the parser names the whole pattern; what is missing is missing at its end.
  const place = what.startsWith('missing closing )') ? source.length : Math.max(0, source.indexOf(part));
  const hint = /^\(\?[=!<]/.test(part) ? ' (RE2 has no look-around)' : /^\\[1-9k]/.test(part) ? ' (RE2 has no back-references)' : '';
  return `${what} at character ${place + 1}${hint}`;
}

/** A pattern that finds a text anywhere, as `contains` does: compared folded unless case-sensitive. */
export function literalPattern(part: string, caseSensitive: boolean): Pattern {
  const form = (text: string) => (caseSensitive ? text : fold(text));
  const wanted = form(canonical(part));
  // Folding turns some characters beyond ASCII into several inside it ("ß" into "SS"), so a word is only a word among ASCII.
  const words = /^[\x20-\x7e]+$/.test(wanted)
    ? [{ text: wanted.toLowerCase(), starts: false, ends: false, sure: !caseSensitive }]
    : undefined;
  return { source: part, case: caseSensitive, words, onlyAscii: true, test: (text) => form(text).includes(wanted) };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** How texts are compared: composed, without the blanks and line breaks that products leave at the ends. */
export function canonical(text: string): string {
  return text.normalize('NFC').trim();
}

/** For comparing without regard to case. Lower then upper, because only lower case has forms that depend on the place (ς). */
export function fold(text: string): string {
  return text.toLowerCase().toUpperCase();
}

/** A column's distinct values, taken apart into the distinct texts that a test is tried on. */
export interface TextIndex {
  texts: readonly string[];
  /** The same, folded; made when first asked for. */
  folded(): readonly string[];
  /** From 1 or 0 per text to 1 or 0 per value: a list satisfies what any of its elements satisfies. */
  spread(hits: Uint8Array): Uint8Array;
}

/** Lists are texts joined with U+001F. */
const separator = '\u001f';

// Many filters run over the same columns; their values are taken apart once.
const known = { text: new WeakMap<readonly string[], TextIndex>(), list: new WeakMap<readonly string[], TextIndex>() };

export function indexTexts(values: readonly string[], kind: 'text' | 'list'): TextIndex {
  const before = known[kind].get(values);
  if (before !== undefined) return before;
  const index = kind === 'text' ? indexPlain(values) : indexLists(values);
  known[kind].set(values, index);
  return index;
}

function indexPlain(values: readonly string[]): TextIndex {
  const texts = values.map(canonical);
  return { texts, folded: foldOnce(texts), spread: (hits) => hits };
}

function indexLists(values: readonly string[]): TextIndex {
  const ids = new Map<string, number>();
  const members = values.map((value) =>
    value
      .split(separator)
      .filter(Boolean)
      .map((element) => {
        const text = canonical(element);
        const id = ids.get(text) ?? ids.size;
        ids.set(text, id);
        return id;
      }),
  );
  const texts = [...ids.keys()];
  const spread = (hits: Uint8Array) => Uint8Array.from(members, (list) => (list.some((id) => hits[id] === 1) ? 1 : 0));
  return { texts, folded: foldOnce(texts), spread };
}

function foldOnce(texts: readonly string[]): () => readonly string[] {
  let folded: readonly string[] | undefined;
  return () => {
    folded ??= texts.map(fold);
    return folded;
  };
}

/**
 * Per pattern 1 for each text in which it is found. Of most patterns one of a few words must stand in the text; those are looked
 * for together, so that 200 patterns cost little more than one. Only what has no such words is tried on every text.
 */
export function findAll(patterns: readonly Pattern[], texts: readonly string[]): Uint8Array[] {
  const found = patterns.map(() => new Uint8Array(texts.length));
  const ids = [...patterns.keys()];
  const worded = ids.filter((id) => patterns[id]?.words !== undefined);
  const rest = ids.filter((id) => patterns[id]?.words === undefined);
  const ascii = worded.filter((id) => patterns[id]?.onlyAscii === true);
  const automaton = automatonOf(worded.map((id) => patterns[id]?.words ?? []));
  const last = new Int32Array(patterns.length).fill(-1);
  let index = 0;
  let text = '';
  const tell = (id: number, sure: boolean) => {
    // What is not sure may be told several times, and is tried once.
    if (last[id] === index) return;
    if (!sure) last[id] = index;
    const hits = found[id];
    if (hits !== undefined && (sure || patterns[id]?.test(text) === true)) hits[index] = 1;
  };
  const tellWorded = (list: number, sure: boolean) => tell(worded[list] ?? -1, sure);
  for (; index < texts.length; index++) {
    text = texts[index] ?? '';
    automaton.search(text, tellWorded);
    for (const id of rest) tell(id, false);
    if (ascii.length > 0 && !isAscii(text)) for (const id of ascii) tell(id, false);
  }
  return found;
}
