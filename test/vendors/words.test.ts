import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalised, only } from './recorded.ts';

test('a word that every object knows means nothing when a product sends it', async () => {
  const offense = { id: 1, start_time: 1, status: 'constructor', closing_reason_id: 4, close_time: 2 };
  const lookups = { closing_reasons: new Map([['4', 'toString']]) };
  const { findings } = await normalised('qradar', [offense], { base_url: 'https://console.example' }, lookups);
  const { status, status_raw, verdict, verdict_raw } = only(findings);
  assert.deepEqual([status, status_raw, verdict, verdict_raw], ['unknown', 'constructor', null, 'toString']);
});
