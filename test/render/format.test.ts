import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from '../../src/render/format.ts';
import { visible } from '../../src/words/index.ts';

const format = createFormat('en', 'Europe/Berlin');

test('durations use two neighbouring units and carry over', () => {
  const printed = [0, 0.4, 45, 59.6, 599, 3599.9, 7800, 86_399, 86_400, 273_600, 1_500_000, -90].map((s) => format.quantity(s, 'seconds'));
  const expected = ['0 s', '0.4 s', '45 s', '1 min', '10 min', '1 h', '2 h 10 min', '1 d', '1 d', '3 d 4 h', '17 d', '−2 min'];
  assert.deepEqual(printed, expected);
});

test('an unknown figure is words with its reason, never a number', () => {
  const shown = format.outcome({ status: 'no-denominator', reason: 'no closed findings' }, 'rate');
  assert.deepEqual(shown, { text: 'not measured: no closed findings', status: 'unknown', reason: 'no closed findings' });
  for (const status of ['no-data', 'too-few', 'not-available-from-source'] as const) {
    assert.doesNotMatch(format.outcome({ status, reason: 'because' }, 'count').text, /\d/);
  }
  assert.equal(format.outcome({ status: 'no-data', reason: '' }, 'count').text, 'no data');
});

test('a partial count is a lower bound, a partial share is not', () => {
  assert.equal(format.outcome({ status: 'partial', value: 1950, n: 1, reason: 'gap' }, 'count').text, '≥\u00a01,950');
  assert.equal(format.outcome({ status: 'partial', value: 0.25, n: 1, reason: 'gap' }, 'rate').text, '≈\u00a025%');
  assert.equal(format.cell({ status: 'ok', value: 0 }, 'count').text, '0');
});

test('what is no figure is not printed as one', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => format.quantity(value, 'count'), RangeError);
});

test('a range names a shared unit once', () => {
  assert.equal(format.range(540, 840, 'seconds'), '9–14 min');
  assert.equal(format.range(1800, 8000, 'seconds'), '30 min–2 h 13 min');
  assert.equal(format.range(0.034, 0.052, 'rate'), '3.4–5.2%');
});

test('numbers, days and spans follow locale and zone', () => {
  const german = createFormat('de', 'Asia/Kathmandu');
  assert.equal(german.quantity(1234.5, 'count'), '1.234,5');
  assert.equal(german.instant('2026-10-31T20:00:00Z'), '01.11.2026, 01:45');
  assert.match(format.span('2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'), /^October 1–31, 2026$/);
});

test('what cannot be seen is shown', () => {
  assert.equal(visible('a\u0000b\u001b[31m\n\u007f'), 'a␀b␛[31m␊␡');
  assert.equal(visible('gpj\u202eexe.\u2066x\u200b\ufeff'), 'gpj[U+202E]exe.[U+2066]x[U+200B][U+FEFF]');
  assert.equal(visible('\ud800x'), '\ufffdx');
  assert.equal(visible('می\u200cخواهم 👩\u200d💻'), 'می\u200cخواهم 👩\u200d💻');
});
