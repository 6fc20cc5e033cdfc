import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attackVersion, isKnownTechnique, tacticName, tacticPlace, tactics, techniqueName } from '../../src/analyse/attack-names.ts';
import { techniqueLines } from '../../src/analyse/attack-table.ts';

test('fifteen tactics, each once, in the order of the matrix', () => {
  assert.equal(new Set(tactics.map(({ id }) => id)).size, 15);
  assert.deepEqual(
    tactics.map(({ id }) => id).join(' '),
    'TA0043 TA0042 TA0001 TA0002 TA0003 TA0004 TA0005 TA0112 TA0006 TA0007 TA0008 TA0009 TA0011 TA0010 TA0040',
  );
  const ids = ['TA0040', 'TA9999', 'TA0043', 'TA0112', 'TA0005', 'TA0006'];
  assert.deepEqual(
    ids.toSorted((a, b) => tacticPlace(a) - tacticPlace(b)),
    ['TA0043', 'TA0005', 'TA0112', 'TA0006', 'TA0040', 'TA9999'],
  );
});

test('as many techniques and sub-techniques as MITRE counts in the version that is printed, each with an id and a name, ascending', () => {
  assert.equal(attackVersion, 'MITRE ATT&CK Enterprise 19.1');
  const lines = techniqueLines.trim().split('\n');
  assert.equal(lines.length, 222);
  for (const line of lines) assert.match(line, /^T\d{4} [A-Z]\S.*[^|\s]$/);
  const ids = lines.map((line) => line.slice(0, 5));
  assert.deepEqual(ids, [...new Set(ids)].sort());
  const subs = lines.map((line) => line.split('|').slice(1));
  assert.equal(subs.flat().length, 475);
  for (const some of subs) {
    for (const sub of some) assert.match(sub, /^\d{3} [A-Za-z/]\S*( \S+)*$/);
    const numbers = some.map((sub) => sub.slice(0, 3));
    assert.deepEqual(numbers, [...new Set(numbers)].sort());
  }
});

test('names of techniques and sub-techniques', () => {
  const names = {
    T1110: 'Brute Force',
    'T1110.003': 'Password Spraying',
    T1059: 'Command and Scripting Interpreter',
    'T1059.001': 'PowerShell',
    'T1003.008': '/etc/passwd and /etc/shadow',
    'T1055.013': 'Process Doppelgänging',
    'T1078.004': 'Cloud Accounts',
    'T1027.018': 'Invisible Unicode',
    'T1566.001': 'Spearphishing Attachment',
    'T1685.005': 'Clear Windows Event Logs',
    T1684: 'Social Engineering',
    'T1684.002': 'Email Spoofing',
    T1211: 'Exploitation for Stealth',
    T1486: 'Data Encrypted for Impact',
    'T1574.001': 'DLL',
  };
  assert.deepEqual(Object.fromEntries(Object.keys(names).map((id) => [id, techniqueName(id)])), names);
  assert.equal(tacticName('TA0011'), 'Command and Control');
});

test('what version 19 withdrew keeps its own name, and is not passed off as what replaced it', () => {
  assert.deepEqual(['T1562', 'T1562.001', 'T1562.012', 'T1070.001', 'T1656'].map(techniqueName), [
    'Impair Defenses (withdrawn)',
    'Disable or Modify Tools (withdrawn)',
    'Disable or Modify Linux Audit System (withdrawn)',
    'Clear Windows Event Logs (withdrawn)',
    'Impersonation (withdrawn)',
  ]);
  assert.equal(techniqueName('T1070'), 'Indicator Removal');
  assert.equal(isKnownTechnique('T1562.002'), true);
});

test('what is not in the table says so with its id', () => {
  assert.equal(techniqueName('T9999'), 'unknown technique T9999');
  assert.equal(techniqueName('T1059.099'), 'unknown technique T1059.099');
  assert.equal(techniqueName('T1059x'), 'unknown technique T1059x');
  assert.equal(techniqueName('constructor'), 'unknown technique constructor');
  assert.equal(tacticName('TA9999'), 'unknown tactic TA9999');
  assert.deepEqual(['T1110.003', 'T1110.099', 'T9999', ''].map(isKnownTechnique), [true, false, false, false]);
});
