import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText, maxDepth, parseJson } from '../src/http-json.ts';

test('integers that a double cannot hold arrive as their digits, all others as numbers', () => {
  const parsed = parseJson(
    '{"a":9007199254740993,"b":[9007199254740991,-9007199254740993],"c":0.12345678901234568,"d":1e20,"e":1700000000000000}',
  );
  assert.deepEqual(parsed, {
    ok: true,
    json: { a: '9007199254740993', b: [9007199254740991, '-9007199254740993'], c: 0.12345678901234568, d: 1e20, e: 1700000000000000 },
  });
  assert.deepEqual(parseJson('18446744073709551615'), { ok: true, json: '18446744073709551615' });
});

test('any integer keeps its digits wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
      fc.constantFrom('[%]', '{"id":%}', '[0,\n%]', ' %', '{"a":[{"b" : % }]}'),
      (big, frame) => {
        const parsed = parseJson(frame.replace('%', String(big)));
        assert.ok(parsed.ok);
        assert.match(JSON.stringify(parsed.json), new RegExp(`(?<!\\d)${big}(?!\\d)`));
      },
    ),
  );
});

test('what is written as JSON is read back the same, but for what needs care', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      // The same by a slower way that looks at every value: no fast path may skip what needs care.
      const expected: unknown = JSON.parse(text, (key, plain: unknown) => {
        if (key === '__proto__') return undefined;
        return typeof plain === 'number' && Math.abs(plain) >= 2 ** 53 && Math.abs(plain) < 1e21 ? JSON.stringify(plain) : plain;
      });
      assert.deepEqual(parseJson(text), { ok: true, json: expected });
    }),
  );
});

test('a key named __proto__ is dropped, however it is spelled, and nothing is polluted', () => {
  for (const key of ['__proto__', '\\u005f_proto__', '__\\u0070roto__', '_\\u005Fproto__']) {
    const parsed = parseJson(`{"${key}":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}}}}`);
    assert.ok(parsed.ok);
    assert.deepEqual(Object.keys(Object(parsed.json)), ['a']);
    assert.equal(Object.getPrototypeOf(Object.assign({}, parsed.json)), Object.prototype);
    assert.equal('polluted' in {}, false);
  }
});

test('nesting is refused above the limit without recursion, and brackets in texts do not count', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(parseJson(nested(maxDepth)).ok, true);
  for (const text of [nested(maxDepth + 1), nested(200_000), '{"a":'.repeat(200_000)]) {
    const parsed = parseJson(text);
    assert.deepEqual(parsed.ok ? undefined : parsed.kind, 'unexpected');
  }
  assert.deepEqual(parseJson(`["${'['.repeat(500)}\\"[\\\\"]`), { ok: true, json: [`${'['.repeat(500)}"[\\`] });
});

test('what is not JSON is told apart from what was cut off', () => {
  const cases = [
    ['{"a":[1,2', 'truncated', /ends in the middle/],
    ['[{"a":"x', 'truncated', /ends in the middle/],
    ['<!DOCTYPE html><title>Sign in</title>', 'not-json', /web page.*login page or a proxy/],
    ['\n <html>', 'not-json', /web page/],
    ['<?xml version="1.0"?><response/>', 'not-json', /XML or HTML/],
    ['', 'not-json', /empty/],
    ['{"a":NaN}', 'not-json', /it is not JSON/],
    ['{"secret":hunter2}', 'not-json', /it is not JSON/],
    ['OK', 'not-json', /it is not JSON/],
    ['{}{}', 'not-json', /it is not JSON/],
  ] as const;
  for (const [text, kind, why] of cases) {
    const parsed = parseJson(text);
    assert.ok(!parsed.ok, text);
    assert.equal(parsed.kind, kind, text);
    assert.match(parsed.why, why);
    assert.doesNotMatch(parsed.why, /hunter2/);
  }
});

test('bodies are read by mark, then charset, then as UTF-8; bytes that are no text are replaced and reported', () => {
  const cases: [Buffer, string | undefined, string, boolean][] = [
    [Buffer.from('é'), undefined, 'é', false],
    [Buffer.from('\ufeffé'), 'application/json', 'é', false],
    [Buffer.from('\ufeffé', 'utf16le'), 'application/json', 'é', false],
    [Buffer.from('\ufeffé', 'utf16le').swap16(), undefined, 'é', false],
    [Buffer.from('é', 'latin1'), 'application/json; charset="ISO-8859-1"', 'é', false],
    [Buffer.from('é'), 'application/json; charset=no-such-thing', 'é', false],
    [Buffer.from([0x61, 0xff, 0x62]), undefined, 'a\ufffdb', true],
  ];
  for (const [body, type, text, broken] of cases) assert.deepEqual(decodeText(body, type), { text, broken });
});
