import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from '../../src/render/format.ts';
import { shorten } from '../../src/render/alt.ts';
import { closeIsolates, createLanguage, dates, listed, phrase, quantity, range, read, seenLength } from '../../src/words/index.ts';

const arabic = createLanguage('ar-u-nu-latn', {
  '{source}: {day}': '{source}: {day}',
  '{n} of {range}': '{n} من {range}',
  '{n} d': '{n} يوم',
});

/** Each mark by its name, so that a failing test can be read. */
function marks(text: string): string {
  const names: Record<string, string> = { '\u200f': '<RLM>', '\u2066': '<LRI>', '\u2067': '<RLI>', '\u2068': '<FSI>', '\u2069': '<PDI>' };
  return text.replace(/[\u200f\u2066-\u2069]/g, (mark) => names[mark] ?? mark);
}

test('signs, ranges and units keep their order in a right-to-left text', () => {
  const said = phrase('{n} of {range}', { n: 2961, range: range(0.064, 0.083, 'rate') });
  assert.equal(marks(read(said, arabic)), '<RLM>2,961 من <LRI>6.4–8.3\u00a0%<PDI>');
  const days = phrase('{n} of {range}', { n: quantity(5, 'days'), range: range(2, 3, 'days') });
  assert.equal(marks(read(days, arabic)), '<RLM><RLI>5\u00a0يوم<PDI> من <LRI>2–3<PDI>\u00a0يوم');
});

test('a sentence that begins with a name is still the sentence of its language', () => {
  const said = phrase('{source}: {day}', { source: 'siem', day: dates('2026-10-14') });
  assert.equal(marks(read(said, arabic, (data) => `\u2068${data}\u2069`)), '<RLM><FSI>siem<PDI>: <RLI>14 أكتوبر 2026<PDI>');
  assert.equal(marks(read(listed(['a', 'b']), arabic)), '<LRI>a، b<PDI>');
});

test('figures of a page are set apart once, and not at all where they need not be', () => {
  const format = createFormat(arabic, 'Europe/Berlin');
  const partial = { status: 'partial', value: 2961, n: 2961, reason: 'gap' } as const;
  assert.equal(marks(format.outcome(partial, 'count').text), '<RLI>≥\u00a02,961<PDI>');
  assert.equal(marks(format.quantity(2961, 'count')), '2,961');
  assert.equal(marks(format.range(2, 3, 'days')), '<LRI>2–3<PDI>\u00a0يوم');
  assert.equal(createFormat('en-GB', 'Europe/Berlin').range(0.064, 0.083, 'rate'), '6.4–8.3%');
});

test('a text that was cut has no isolate left open, and marks are no letters', () => {
  const text = '\u200f\u2067\u2068Excessive Firewall Denies\u2069 كثيرة\u2069';
  assert.equal(marks(shorten(text, 10)), '<RLM><RLI><FSI>Excessive…<PDI><PDI>');
  assert.equal(shorten('\u2066abc\u2069', 3), '\u2066abc\u2069');
  assert.equal(seenLength(text), 31);
  assert.equal(closeIsolates('\u2067a\u2069'), '\u2067a\u2069');
});

test('numbers that a message itself has are written with the digits that were chosen', () => {
  const catalogue = {
    '9 of 10 within {time}': '9 من 10 خلال {time}',
    'Ranges are 95% intervals of X25.': 'فترات ثقة \u200e95%\u200e من X25',
  };
  const eastern = createLanguage('ar-u-nu-arab', catalogue);
  assert.equal(read(phrase('9 of 10 within {time}', { time: 3 }), eastern), '\u200f٩ من ١٠ خلال ٣');
  assert.equal(read(phrase('Ranges are 95% intervals of X25.'), eastern), 'فترات ثقة ٩٥٪\u061c من X25');
  assert.equal(read(phrase('9 of 10 within {time}', { time: 3 }), createLanguage('ar-u-nu-latn', catalogue)), '\u200f9 من 10 خلال 3');
});
