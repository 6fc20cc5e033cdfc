import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attacksOf, basicAuth, clockOf, instantOf, isoOf, prefixed } from '../../src/products/index.ts';
import { Secret } from '../../src/secret.ts';

test('an instant in each form that products write', () => {
  const at = Date.UTC(2026, 9, 2, 8, 23, 45, 123);
  for (const text of [
    '2026-10-02T08:23:45.123Z',
    '2026-10-02T10:23:45.123+0200',
    '2026-10-02T10:23:45.1239+02:00',
    '2026-10-02T08:23:45.123999999Z',
    '2026-10-02 08:23:45.123z',
    '2026-10-02 04:23:45,123 -04:00',
  ])
    assert.equal(instantOf(text), at, text);
  assert.equal(instantOf('2026-10-02T08:23:45Z'), at - 123);
  assert.equal(instantOf(isoOf(at)), at);
});

test('what is no instant, or one whose zone nobody can know, is not known', () => {
  for (const value of ['2026-10-02T08:23:45', '2026-10-02', 'yesterday', '', '2026-13-02T08:23:45Z', 1790929425123, null, undefined])
    assert.equal(instantOf(value), undefined, String(value));
});

test("the source's clock is its Date header", () => {
  const answer = (date: string) => ({ status: 200, headers: { date }, json: null });
  assert.equal(clockOf(answer('Mon, 05 Oct 2026 08:00:00 GMT')), Date.UTC(2026, 9, 5, 8));
  assert.equal(clockOf({ status: 200, headers: {}, json: null }), undefined);
});

test('ATT&CK ids from ids, texts and names of tactics, each once', () => {
  assert.deepEqual(
    attacksOf(['T1059.001', 'T1059.001', 'TA0002', 'uses T1078 (Valid Accounts)', 'LateralMovement', 'lateral-movement', 'Noise', null]),
    [{ technique: 'T1059', sub: 'T1059.001' }, { tactic: 'TA0002' }, { technique: 'T1078' }, { tactic: 'TA0008' }],
  );
  assert.deepEqual(attacksOf(['CAT1059', 'T10591', 'TA00021']), []);
});

test('headers carry a secret and do not show it', () => {
  const secret = new Secret('pässword', 'test');
  assert.equal(basicAuth('reader', secret).reveal(), `Basic ${Buffer.from('reader:pässword').toString('base64')}`);
  assert.equal(prefixed('ApiKey ', secret).reveal(), 'ApiKey pässword');
  assert.doesNotMatch(JSON.stringify([basicAuth('reader', secret), prefixed('ApiKey ', secret)]), /pässword|cGFzc/);
});
