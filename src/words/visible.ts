/**
 * Text of a foreign record, with nothing in it that acts instead of showing: control characters become their
 * control pictures, bidi and other invisible format characters and those without a picture (of private use, not
 * assigned) their code point in brackets, lone surrogates U+FFFD.
 * ZWNJ and ZWJ stay: Persian and emoji need them.
 */
export function visible(text: string): string {
  const formed = text.toWellFormed();
  return invisible.test(formed) ? formed.replace(everyInvisible, picture) : formed;
}

// Written as properties, not as code points: Cc are the control characters; Cf, Zl and Zp act on layout without being seen;
// Co and Cn no font has a picture for, and a report must not be held for a title that holds one.
const invisible = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;
const everyInvisible = new RegExp(invisible.source, 'gu');

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0xfffd;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
