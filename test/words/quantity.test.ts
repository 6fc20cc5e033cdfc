import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, quantity, range, type Unit } from '../../src/words/index.ts';

const durationText = (seconds: number) => String(duration(seconds));
const quantityText = (value: number, unit: Unit) => String(quantity(value, unit));
const rangeText = (low: number, high: number, unit: Unit) => String(range(low, high, unit));

test('durations have two neighbouring units', () => {
  const texts = [0, 0.44, 9.96, 42, 59.6, 660, 3580, 7800, 86_370, 54 * 3600, 316 * 3600, -90].map(durationText);
  assert.deepEqual(texts, ['0 s', '0.44 s', '10 s', '42 s', '1 min', '11 min', '1 h', '2 h 10 min', '1 d', '2 d 6 h', '13 d', '−2 min']);
});

test('a share that is not all is never 100%, one that is not none never 0%', () => {
  const texts = [0, 0.00004, 0.0067, 0.094, 0.95, 0.9925, 0.9996, 0.99999, 1].map((share) => quantityText(share, 'rate'));
  assert.deepEqual(texts, ['0%', '0.004%', '0.67%', '9.4%', '95%', '99.25%', '99.96%', 'over 99.99%', '100%']);
});

test('counts are whole and grouped, other figures have two significant digits', () => {
  assert.deepEqual(
    [5, 1234567, -1200, 1234.5].map((value) => quantityText(value, 'count')),
    ['5', '1,234,567', '−1,200', '1,235'],
  );
  assert.equal(quantityText(0.8349, 'ratio'), '0.83');
  assert.equal(quantityText(163.4, 'per-day'), '163 per day');
  assert.equal(quantityText(2.5, 'hours'), '2 h 30 min');
  assert.equal(quantityText(3.14, 'days'), '3.1 d');
});

test('a range says its unit once where both ends have it', () => {
  assert.equal(rangeText(540, 840, 'seconds'), '9–14 min');
  assert.equal(rangeText(540, 7800, 'seconds'), '9 min–2 h 10 min');
  assert.equal(rangeText(0.86, 0.98, 'rate'), '86–98%');
  assert.equal(rangeText(7, 7, 'count'), '7');
});

test('what is no figure is not printed', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => quantityText(value, 'seconds'), RangeError);
});

test('nothing has no sign', () => {
  assert.equal(quantityText(-0, 'count'), '0');
  assert.equal(quantityText(-0, 'rate'), '0%');
  assert.equal(quantityText(-0, 'days'), '0 d');
});
