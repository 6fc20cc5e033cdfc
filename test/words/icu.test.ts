import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { extract } from '../../scripts/words.ts';
import { createLanguage, languages, namesIn, parseMessage, phrase, read, readCatalogue } from '../../src/words/index.ts';

/** What the whole of ICU makes of a message, with numbers written as we write counts. */
function oracle(message: string, locale: string, args: Record<string, string | number>): string {
  return String(new IntlMessageFormat(message, locale, undefined, { ignoreTag: true }).format(args));
}

const shapes = [
  "{n, plural, =0 {none} one {# finding} other {# findings}} not counted, {name}'s own",
  "it''s {name}, and '{'this'}' is no place",
  '{kind, select, late {{n, plural, one {a day} other {# days}} late} other {on time}}',
  '{n, plural, one {{name} # of {name}} other {{n} {name} #}}',
  'no # outside, {name}',
];

/** Without what sets values apart in a right-to-left text, which ICU leaves to others. */
const unmarked = (text: string) => text.replace(/[\u200f\u2066-\u2069]/g, '');

test('messages are read as the whole of ICU reads them', () => {
  for (const locale of ['en', 'de', 'ar-u-nu-latn', 'ja', 'fr', 'es']) {
    const language = createLanguage(locale, {});
    for (const shape of shapes) {
      for (const n of [0, 1, 2, 3, 11, 100, 999]) {
        for (const kind of ['late', 'other thing']) {
          const args = { n, name: 'a {b} # c', kind };
          assert.equal(unmarked(read(phrase(shape, args), language)), oracle(shape, locale, args), `${locale} ${shape} ${n}`);
        }
      }
    }
  }
});

test('every message of the project, and every translation, is read as the whole of ICU reads it', () => {
  const { messages } = extract();
  assert.ok(messages.size > 400);
  for (const code of languages) {
    const catalogue = code === 'en' ? {} : readCatalogue(code);
    const language = createLanguage(code === 'ar' ? 'ar-u-nu-latn' : code, catalogue);
    for (const message of messages.keys()) {
      const args = Object.fromEntries([...namesIn(parseMessage(message))].map((name) => [name, 3]));
      // English has no blank before its percent sign, whatever the key has.
      const text = code === 'en' ? message.replace(/(?<=[\d}]) %/g, '%') : (catalogue[message] ?? message);
      assert.equal(unmarked(read(phrase(message, args), language)), unmarked(oracle(text, language.locale, args)), `${code}: ${message}`);
    }
  }
});

test('what is not well formed is refused, with the place', () => {
  for (const broken of ['{', 'a } b', '{n, plural, one {x}}', '{n, plural, one {x} other {y}', '{a b}']) {
    assert.throws(() => parseMessage(broken), { name: 'SyntaxError', message: /at \d+ of/ }, broken);
  }
});
