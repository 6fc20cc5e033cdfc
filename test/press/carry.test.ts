import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrived, carry } from '../../src/press/carry.ts';
import { Phrase, packPhrases, restorePhrases, say } from '../../src/words/index.ts';
import { sampleAnalysis } from '../render/sample.ts';

const sent = (value: unknown): unknown => arrived(structuredClone(carry(value)));

test('what arrives is what JSON would keep, and every phrase with what fills it', () => {
  const analysis = sampleAnalysis();
  const wanted = restorePhrases(JSON.parse(JSON.stringify(analysis)), packPhrases(analysis));
  assert.deepEqual(sent(analysis), wanted);
  assert.equal(JSON.stringify(sent(analysis)), JSON.stringify(analysis));
});

test('what JSON has no word for is sent as JSON sends it', () => {
  assert.deepEqual(sent({ zero: -0, none: Number.NaN, all: Number.POSITIVE_INFINITY, absent: undefined, list: [-0, null] }), {
    zero: 0,
    none: null,
    all: null,
    list: [0, null],
  });
});

test('a key that is a name of the language stays a key', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
  const copy = sent(hostile);
  assert.deepEqual(Object.keys(copy as object), ['__proto__', 'constructor']);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('phrases within phrases, and lists of them, are phrases again', () => {
  const inner = say('week {week} of {year}', { week: 42, year: '2026' });
  const outer = say('{sentence}.', { sentence: [inner, 'a text'] });
  const copy = sent({ outer });
  assert.deepEqual(copy, { outer });
  assert.ok((copy as { outer: unknown }).outer instanceof Phrase);
});
