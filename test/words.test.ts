import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { compileFilters, type FilterColumns } from '../src/filter/index.ts';
import { wordsOf } from '../src/filter/words.ts';

function textsOf(source: string): [string, string][] | undefined {
  return wordsOf(source)?.map(({ text, starts, ends, sure }) => [text, `${starts ? '<' : ''}${ends ? '>' : ''}${sure ? '' : '?'}`]);
}

test('patterns of words are written out, of others a part is taken, the rest is left to RE2', () => {
  assert.deepEqual(textsOf('\\b(Open ?SSL|heartbleed)\\b'), [
    ['open ssl', '<>'],
    ['openssl', '<>'],
    ['heartbleed', '<>'],
  ]);
  assert.deepEqual(textsOf('a\\.b[ _-]c'), [
    ['a.b c', ''],
    ['a.b_c', ''],
    ['a.b-c', ''],
  ]);
  assert.deepEqual(textsOf('cve-\\d{4}-x'), [['cve-', '?']]);
  assert.deepEqual(textsOf('rule .* fired$'), [[' fired', '?']]);
  assert.deepEqual(textsOf('a\\bb|c \\bd'), [['c d', '']], 'no word ends inside a word');
  for (const source of [
    '',
    'x?',
    'a|b*',
    '\\d+',
    '(?i:x)',
    'ä',
    'ſcan',
    '[^a]b',
    '\\Qa\\E',
    '\\pL',
    'a||b',
    '(',
    '[a',
    'x{',
    '[[:alpha:]]abc',
  ]) {
    assert.equal(wordsOf(source), undefined, source);
  }
});

const piece = fc.constantFrom(
  'p',
  'or',
  't',
  'Scan',
  ' ',
  '_',
  '-',
  '\\.',
  '\\b',
  '.',
  '\\d',
  '[ _-]',
  '[a-k]',
  '[^x]',
  'k',
  'ſ',
  '^',
  '$',
  '\\w+',
  '\\Bt',
);
const quantified = fc
  .tuple(piece, fc.constantFrom('', '', '', '?', '*', '+', '{2}', '??'))
  .map(([one, sign]) => (/^[\^$]|^\\[bB]/.test(one) ? one : `(?:${one})${sign}`));
const branch = fc.array(quantified, { maxLength: 5 }).map((parts) => parts.join(''));
const pattern = fc.array(branch, { minLength: 1, maxLength: 3 }).map((branches) => `${branches.join('|')}`);
const nested = fc.tuple(branch, pattern, branch).map(([before, inside, after]) => `${before}(${inside})${after}`);
const text = fc
  .array(fc.constantFrom('p', 'or', 't', 'port', 'SCAN', 'scan', ' ', '_', '-', '.', '7', 'K', 'K', 'ſcan', 'ß', 'ä', 'x', '日'), {
    maxLength: 7,
  })
  .map((parts) => parts.join(''));

function columnOf(values: readonly string[]): FilterColumns {
  return { rows: values.length, text: () => ({ values, codes: Int32Array.from(values.keys()) }), number: () => undefined };
}

test('searching for words finds what RE2 finds, whatever the case and the alphabet', () => {
  const cases = Number(process.env.SOC_KPI_CASES ?? 400);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pattern, nested), { minLength: 1, maxLength: 5 }),
      fc.array(text, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (sources, given, sensitive) => {
        const texts = given.map((each) => each.normalize('NFC').trim());
        const masks = compileFilters(sources.map((matches) => ({ field: 'title', matches, case: sensitive })))(columnOf(texts));
        for (const [i, source] of sources.entries()) {
          const alone = RE2JS.compile(source, RE2JS.DOTALL | (sensitive ? 0 : RE2JS.CASE_INSENSITIVE));
          assert.deepEqual(
            [...(masks[i] ?? [])],
            texts.map((each) => Number(alone.test(each))),
            source,
          );
        }
      },
    ),
    { numRuns: cases },
  );
});

test('a part of a text is found whatever the case, beyond ASCII too', () => {
  const fold = (each: string) => each.toLowerCase().toUpperCase();
  const part = fc
    .array(fc.constantFrom('s', 'SS', 'ß', 'ﬁ', 'fi', 'x', ' y', 'K', 'ſ'), { minLength: 1, maxLength: 2 })
    .map((parts) => parts.join(''));
  const whole = fc
    .array(fc.constantFrom('s', 'ß', 'ﬁ', 'F', 'I', 'x', ' ', 'y', 'K', 'k', 'ſ'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.array(whole, { minLength: 1, maxLength: 10 }),
      fc.boolean(),
      (parts, given, sensitive) => {
        const texts = given.map((each) => each.normalize('NFC').trim());
        const wanted = parts.map((each) => each.normalize('NFC').trim());
        const masks = compileFilters(wanted.map((contains) => ({ field: 'title', contains, case: sensitive })))(columnOf(texts));
        const form = (each: string) => (sensitive ? each : fold(each));
        for (const [i, one] of wanted.entries())
          assert.deepEqual(
            [...(masks[i] ?? [])],
            texts.map((each) => Number(form(each).includes(form(one)))),
            one,
          );
      },
    ),
  );
});
