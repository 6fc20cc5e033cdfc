import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLanguage,
  dates,
  duration,
  instant,
  languageOf,
  listed,
  packPhrases,
  percent,
  phrase,
  quantity,
  range,
  read,
  restorePhrases,
  say,
  signed,
} from '../../src/words/index.ts';

const german = createLanguage('de-DE', {
  'Half are closed within {time}': 'Die Hälfte ist binnen {time} geschlossen',
  '{n} h': '{n} Std.',
  '{n} min': '{n} Min.',
  'less than {n}': 'weniger als {n}',
});

test('a phrase is English as a text, and in its reader’s language when it is read', () => {
  const said = say('Half are closed within {time}', { time: duration(7800) });
  assert.equal(`${said}`, 'Half are closed within 2 h 10 min');
  assert.equal(JSON.stringify({ said }), '{"said":"Half are closed within 2 h 10 min"}');
  assert.equal(read(said, german), 'Die Hälfte ist binnen 2\u00a0Std. 10\u00a0Min. geschlossen');
});

test('values are written as each language writes them, with their unit once', () => {
  assert.equal(read(range(540, 840, 'seconds'), german), '9–14\u00a0Min.');
  assert.equal(read(quantity(1234567.5, 'count'), german), '1.234.568');
  assert.equal(read(percent(0.004), german), 'weniger als 1\u00a0%');
  assert.equal(read(dates('2026-10-14', '2026-10-17'), german), '14.–17. Oktober 2026');
  assert.equal(String(dates('2026-10-14', '2026-10-17')), '14–17 October 2026');
  assert.equal(String(instant(Date.UTC(2026, 9, 5, 12, 3), 'Europe/Berlin')), '2026-10-05 14:03');
  assert.deepEqual([signed(3), signed(-3)].map(String), ['+3', '−3']);
  assert.equal(String(listed(['a', say('b c'), 'd'], 'or')), 'a, b c or d');
});

test('digits are those that were chosen', () => {
  assert.equal(read(quantity(1234, 'count'), languageOf('ar-u-nu-arab')), '١٬٢٣٤');
  assert.equal(read(quantity(1234, 'count'), languageOf('ar-u-nu-latn')), '1,234');
});

test('data is never translated, however much it looks like a message', () => {
  const language = createLanguage('de', { 'no data': 'keine Daten', '{what}': '{what}' });
  assert.equal(read('no data', language), 'no data');
  assert.equal(read(say('{what}', { what: 'no data' }), language), 'no data');
  assert.equal(read(say('{what}', { what: say('no data') }), language), 'keine Daten');
  for (const name of ['constructor', '__proto__', '{n, plural,', '=count'])
    assert.equal(read(say('{what}', { what: name }), language), name);
});

test('phrases come back from JSON where they were, and nowhere else', () => {
  const said = {
    'a/b~c': [say('Half are closed within {time}', { time: duration(60) }), 'Half are closed within 1 min'],
    names: listed(['x', say('y z')]),
  };
  const back = restorePhrases(JSON.parse(JSON.stringify(said)), JSON.parse(JSON.stringify(packPhrases(said))));
  assert.deepEqual(back, said);
  assert.equal(read(back['a/b~c'][0] ?? '', german), 'Die Hälfte ist binnen 1\u00a0Min. geschlossen');
  assert.equal(read(back['a/b~c'][1] ?? '', german), 'Half are closed within 1 min');
});

test('packed places that do not exist, or that name what every object has, change nothing', () => {
  const value = { a: 1 };
  restorePhrases(value, { '/a/toString': { message: 'x', args: {} }, '/__proto__/polluted': { message: 'x', args: {} }, '/b': 'y' });
  assert.deepEqual(value, { a: 1 });
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('a place for which nothing was given is an error, not a gap', () => {
  assert.throws(() => String(phrase('{n} of {all}', { n: 1 })), /nothing for \{all\}/);
});

test('a locale without words is refused', () => {
  assert.throws(() => languageOf('nl'), RangeError);
  assert.equal(languageOf('de-AT').code, 'de');
});
