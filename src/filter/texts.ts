import { RE2JS, RE2JSException, RE2Set } from 're2js';

/** A pattern that is no RE2 pattern. The message says what and where. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/** A pattern in RE2 syntax (linear time); finds its text anywhere. `.` also matches a line break, titles have them. */
export interface Pattern {
  source: string;
  case: boolean;
  test(text: string): boolean;
}

const longest = 2000;

/** @throws PatternError naming the character (counted from 1) at which the pattern goes wrong. */
export function compilePattern(source: string, caseSensitive: boolean): Pattern {
  if (source.length > longest) throw new PatternError(`a pattern has at most ${longest} characters, this one ${source.length}`);
  try {
    const compiled = RE2JS.compile(source, flagsFor(caseSensitive));
    return { source, case: caseSensitive, test: (text) => compiled.test(text) };
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

/** Below these, a common automaton costs more than it saves. */
const fewPatterns = 8;
const fewTexts = 500;

/**
 * Which texts each of many patterns is found in, as ascending indexes. One automaton for all of them names the few candidates
 * per text, and only those are tried: 200 patterns cost little more than one.
 */
export function findAll(patterns: readonly Pattern[], texts: readonly string[]): number[][] {
  const found: number[][] = patterns.map(() => []);
  const worthIt = patterns.length >= fewPatterns && texts.length >= fewTexts;
  const joined = worthIt ? [...patterns.keys()].filter((id) => isJoinable(patterns[id]?.source ?? '')) : [];
  const sets = [true, false].map((caseSensitive) => widen(patterns, joined, caseSensitive)).filter((set) => set.ids.length > 0);
  const inSet = new Set(sets.flatMap((set) => set.ids));
  const alone = patterns.flatMap((pattern, id) => (inSet.has(id) ? [] : [{ test: pattern.test, hits: found[id] }]));
  for (const [index, text] of texts.entries()) {
    for (const { test, hits } of alone) if (test(text)) hits?.push(index);
    for (const { set, ids } of sets) {
      for (const position of set.match(text)) {
        const id = ids[position] ?? -1;
        if (patterns[id]?.test(text) === true) found[id]?.push(index);
      }
    }
  }
  return found;
}

/** Repetitions make the states of a common automaton explode; quoted text must not be rewritten. */
function isJoinable(source: string): boolean {
  return !/[*+{]|\\Q/.test(source);
}

/** Word boundaries would throw the automaton back to its slow form. Without them it finds a little more, never less. */
function widen(patterns: readonly Pattern[], joined: readonly number[], caseSensitive: boolean): { set: RE2Set; ids: number[] } {
  const set = new RE2Set(RE2Set.UNANCHORED, flagsFor(caseSensitive));
  const ids = joined.filter((id) => patterns[id]?.case === caseSensitive);
  for (const id of ids) set.add((patterns[id]?.source ?? '').replace(/\\(.)/gs, (pair, letter) => (/[bB]/.test(letter) ? '(?:)' : pair)));
  if (ids.length > 0) set.compile();
  return { set, ids };
}
