import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalised, only } from './recorded.ts';

test('extrahop: a score that no console shows is not taken for a high one', async () => {
  const at = Date.UTC(2026, 9, 1);
  const severities = [null, 0, 30, 31, 79, 80, 99, 4711].map(async (risk_score) => {
    const { findings } = await normalised('extrahop', [{ id: 1, start_time: at, risk_score }]);
    return only(findings).severity;
  });
  assert.deepEqual(await Promise.all(severities), [0, 2, 2, 3, 3, 4, 4, 99]);
});
