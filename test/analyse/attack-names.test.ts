import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnownTechnique, tacticName, tacticPlace, tactics, techniqueName } from '../../src/analyse/attack-names.ts';
import { techniqueLines } from '../../src/analyse/attack-table.ts';

test('fifteen tactics, each once, in the order of the matrix', () => {
  assert.equal(new Set(tactics.map(({ id }) => id)).size, 15);
  const ids = ['TA0040', 'TA9999', 'TA0043', 'TA0112', 'TA0005', 'TA0006'];
  assert.deepEqual(
    ids.toSorted((a, b) => tacticPlace(a) - tacticPlace(b)),
    ['TA0043', 'TA0005', 'TA0112', 'TA0006', 'TA0040', 'TA9999'],
  );
});

test('every technique has an id and a name, none twice, ascending', () => {
  const lines = techniqueLines.trim().split('\n');
  assert.equal(lines.length, 216);
  for (const line of lines) assert.match(line, /^T\d{4} [A-Z]\S.*\S$/);
  const ids = lines.map((line) => line.slice(0, 5));
  assert.deepEqual(ids, [...new Set(ids)].sort());
});

test('names: a technique, a sub-technique by its technique, a new one', () => {
  assert.equal(techniqueName('T1110'), 'Brute Force');
  assert.equal(techniqueName('T1059.001'), 'Command and Scripting Interpreter');
  assert.equal(techniqueName('T1685.002'), 'Disable or Modify Tools');
  assert.equal(tacticName('TA0011'), 'Command and Control');
});

test('what is not in the table says so with its id', () => {
  assert.equal(techniqueName('T9999'), 'unknown technique T9999');
  assert.equal(techniqueName('T1059x'), 'unknown technique T1059x');
  assert.equal(techniqueName('constructor'), 'unknown technique constructor');
  assert.equal(tacticName('TA9999'), 'unknown tactic TA9999');
  assert.deepEqual(['T1110.003', 'T9999', ''].map(isKnownTechnique), [true, false, false]);
});
