import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { Secret, secret } from '../src/secret.ts';

test('a secret prints itself nowhere, and is had by asking', () => {
  const token = new Secret('hunter2', '$' + '{env:TOKEN}');
  const printed = [
    `${token}`,
    String(token),
    JSON.stringify({ token }),
    inspect({ token }, { showHidden: true }),
    JSON.stringify(Object.entries(token)),
  ];
  for (const text of printed) assert.doesNotMatch(text, /hunter2/);
  assert.equal(token.reveal(), 'hunter2');
});

test('a setting takes a secret and refuses the value itself; editors see the reference', () => {
  const settings = z.strictObject({ token: secret });
  assert.ok(settings.safeParse({ token: new Secret('hunter2', 'x') }).success);
  assert.equal(settings.safeParse({ token: 'hunter2' }).success, false);
  const { properties } = z.toJSONSchema(settings);
  const pattern = new RegExp(String(Object(properties?.token).pattern));
  assert.ok(pattern.test('$' + '{env:TOKEN}') && pattern.test('$' + '{file:/run/token}'));
  assert.equal(pattern.test('hunter2'), false);
});
