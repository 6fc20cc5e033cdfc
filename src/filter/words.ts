/** A text in lower case that stands in whatever a pattern is found in. */
export interface Word {
  text: string;
  /** Whether a word must begin or end with it. */
  starts: boolean;
  ends: boolean;
  /** Where it stands, the pattern is found; else the pattern has still to be tried. */
  sure: boolean;
}

/** More texts than this are not written out. */
const most = 400;
/** Shorter parts stand in too many texts to be worth looking for. */
const shortest = 3;

/** Among the characters of a text that is being written out: \b, and something that is not written out. */
const edge = '\0';
const gap = '\u0001';

/**
 * Words of which one stands in every text in which a pattern is found. `undefined` where there are none such, or the pattern
 * is of a form that is not understood here; characters beyond ASCII are left to RE2, since their other case may lie inside it.
 */
export function wordsOf(source: string): Word[] | undefined {
  if (!/^[\x20-\x7e]*$/.test(source)) return undefined;
  const reader: Reader = { source: lowered(source), at: 0 };
  const texts = alternatives(reader);
  if (texts === undefined || reader.at < reader.source.length) return undefined;
  const words = texts.flatMap(wordOf);
  return words.some(({ text, sure }) => text.length < (sure ? 1 : shortest)) ? undefined : words;
}

interface Reader {
  source: string;
  at: number;
}

/** Small letters instead of capitals, but not in escapes: \B and \b differ. */
function lowered(source: string): string {
  return source.replace(/\\.|[A-Z]/g, (part) => (part.length > 1 ? part : part.toLowerCase()));
}

/** What stands between two brackets, or in the whole pattern; undefined where it is not understood. */
function alternatives(reader: Reader): string[] | undefined {
  const all: string[] = [];
  for (;;) {
    const branch = sequence(reader);
    if (branch === undefined || all.length + branch.length > most) return undefined;
    all.push(...branch);
    if (reader.source[reader.at] !== '|') return all;
    reader.at += 1;
  }
}

function sequence(reader: Reader): string[] | undefined {
  let texts = [''];
  for (;;) {
    const next = reader.source[reader.at];
    if (next === undefined || next === '|' || next === ')') return texts;
    const parts = repeated(reader, piece(reader));
    if (parts === undefined || texts.length * parts.length > most) return undefined;
    texts = texts.flatMap((text) => parts.map((part) => text + part));
  }
}

/** A piece with the quantifiers behind it, of which only a single `?` can be written out. */
function repeated(reader: Reader, parts: string[] | undefined): string[] | undefined {
  const [signs = ''] = /^([*+?]|\{\d+(,\d*)?\})*/.exec(reader.source.slice(reader.at)) ?? [];
  reader.at += signs.length;
  if (signs === '' || parts === undefined) return parts;
  return signs === '?' ? [...parts, ''] : [gap];
}

function piece(reader: Reader): string[] | undefined {
  const { source } = reader;
  const sign = source[reader.at++] ?? '';
  switch (sign) {
    case '(':
      return group(reader);
    case '[':
      return classOf(reader);
    case '\\':
      return escaped(source[reader.at++] ?? '');
    case '.':
    case '^':
    case '$':
      return [gap];
    case '*':
    case '+':
    case '?':
    case '{':
      return undefined;
    default:
      return [sign];
  }
}

function group(reader: Reader): string[] | undefined {
  const { source } = reader;
  if (source.startsWith('?:', reader.at)) reader.at += 2;
  else if (source[reader.at] === '?') return undefined;
  const texts = alternatives(reader);
  if (source[reader.at] !== ')') return undefined;
  reader.at += 1;
  return texts;
}

function escaped(sign: string): string[] | undefined {
  if (sign === 'b') return [edge];
  if (/[BdDsSwW]/.test(sign)) return [gap];
  return /[^a-zA-Z0-9_]/.test(sign) ? [sign] : undefined;
}

/** A class of single characters is written out; one with ranges or escapes is a gap. */
function classOf(reader: Reader): string[] | undefined {
  const end = reader.source.indexOf(']', reader.at);
  const inside = reader.source.slice(reader.at, end);
  if (end < 0 || inside === '' || inside === '^' || /[\\[]/.test(inside)) return undefined;
  reader.at = end + 1;
  return inside.startsWith('^') || /.-./.test(inside) ? [gap] : [...new Set(inside)];
}

/** Edges inside a text are there or not, whatever stands around it; those at its ends are for the text around it to tell. */
function wordOf(written: string): Word[] {
  if (written.includes(gap)) {
    const runs = written.split(new RegExp(`[${gap}${edge}]`)).sort((a, b) => b.length - a.length);
    return [{ text: runs[0] ?? '', starts: false, ends: false, sure: false }];
  }
  const word = { text: written.replaceAll(edge, ''), starts: false, ends: false, sure: true };
  let at = 0;
  for (const sign of written) {
    if (sign !== edge) at += 1;
    else if (at === 0) word.starts = true;
    else if (at === word.text.length) word.ends = true;
    else if (!isEdge(word.text, at)) return [];
  }
  return [word];
}

/** Whether a word begins or ends just before a place, as \b of RE2 sees it: words are of ASCII letters, digits and the underscore. */
export function isEdge(text: string, place: number): boolean {
  return isWordSign(text.charCodeAt(place - 1)) !== isWordSign(text.charCodeAt(place));
}

/** NaN, beyond the text, is none. */
function isWordSign(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
