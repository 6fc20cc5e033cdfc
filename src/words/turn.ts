import type { Language } from './language.ts';

/**
 * Values in a right-to-left text. Left alone, the bidirectional algorithm orders signs, ranges and Latin names by what
 * stands around them: "≥ 5" turns into "5 ≤", "6–8%, n = 9" into "8%, n = 9–6". So each value is isolated from its
 * sentence (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates): with letters of the language it runs
 * as they do, without them from left to right, as numbers do.
 */
const leftToRight = '\u2066';
const rightToLeft = '\u2067';
const firstStrong = '\u2068';
const close = '\u2069';
/** Seen by no one: what follows belongs to a right-to-left text, whatever it begins with. */
const mark = '\u200f';

const letter = /(?=\p{L})[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}]|\u200f/u;
/** Digits with their separators keep their order anywhere. */
const bare = /^[\p{Nd}.,٫٬]*$/u;
const invisibleMarks = /[\u200e\u200f\u061c\u2066-\u2069]/gu;

/** Whether a text has letters that are written from the right. */
export function runsLeft(text: string): boolean {
  return letter.test(text);
}

/** A value as it may stand in a text of the language; what begins with a mark of its own is one already. */
export function setApart(text: string, { dir }: Language): string {
  if (dir === 'ltr' || bare.test(text) || /^[\u200f\u2066-\u2068]/.test(text)) return text;
  return `${letter.test(text) ? rightToLeft : leftToRight}${text}${close}`;
}

/** A sign that is read before its value, "≥", stands before it in either direction. */
export function signApart(sign: string, value: string, language: Language): string {
  return language.dir === 'ltr' ? sign + value : `${rightToLeft}${sign}${setApart(value, language)}${close}`;
}

/** A whole text of ours: where it begins with a name or a number, its direction is still the language's. */
export function begin(text: string, language: Language): string {
  if (language.dir === 'ltr') return text;
  if (!letter.test(text)) return setApart(text, language);
  return letter.test(text.charAt(0)) ? text : mark + text;
}

/** Data may run the other way than the sentence it stands in: its own letters say which. */
export function setDataApart(data: string): string {
  return data === '' ? '' : `${firstStrong}${data}${close}`;
}

/** How many characters are to be seen. */
export function seenLength(text: string): number {
  return text.replace(invisibleMarks, '').length;
}

/** What was cut off may have closed isolates that were opened before. */
export function closeIsolates(text: string): string {
  let depth = 0;
  for (const character of text) {
    if (character >= '\u2066' && character <= '\u2068') depth++;
    else if (character === close && depth > 0) depth--;
  }
  return text + close.repeat(depth);
}
