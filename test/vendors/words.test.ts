import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalised, only } from './recorded.ts';

test('a word that every object knows means nothing when a product sends it', async () => {
  const at = Date.UTC(2026, 9, 1);
  const offense = { id: 1, first_persisted_time: at, status: 'constructor', closing_reason_id: 4, close_time: at };
  const lookups = { closing_reasons: new Map([['4', 'toString']]) };
  const { findings } = await normalised('qradar', [offense], { base_url: 'https://console.example' }, lookups);
  const { status, status_raw, verdict, verdict_raw } = only(findings);
  assert.deepEqual([status, status_raw, verdict, verdict_raw], ['unknown', 'constructor', null, 'toString']);
});
