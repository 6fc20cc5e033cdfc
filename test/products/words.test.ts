import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attacksOf, words } from '../../src/products/index.ts';

test('a word that every object knows means nothing', () => {
  const states = words({ open: 'new' });
  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) assert.equal(states[word], undefined, word);
  assert.equal(states.open, 'new');
  assert.deepEqual(attacksOf(['constructor', 'valueOf', 'Impact']), [{ tactic: 'TA0040' }]);
});
