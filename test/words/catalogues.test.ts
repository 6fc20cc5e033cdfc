import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extract, judge } from '../../scripts/words.ts';

test('every message has its translations, and every translation its message', () => {
  const found = extract();
  assert.deepEqual(judge(found), []);
});
