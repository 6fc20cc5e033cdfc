import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noData, normalised, recorded, tally } from './recorded.ts';

const names = ['about-audit-logs-01', 'about-audit-logs-02', 'write-filtered-event-trigger-03'];

test("thehive: the cases of the vendor's own examples", async (t) => {
  const texts = names.flatMap((name) => recorded(`thehive/recorded/doc-${name}.json`) ?? []);
  if (texts.length < names.length) return t.skip(noData('thehive/recorded'));
  const done = await normalised(
    'thehive',
    texts.map((text) => JSON.parse(text).object).map((each) => each.case ?? each),
    { base_url: 'https://thehive.example' },
  );
  // Two of the three tell of one case.
  assert.deepEqual(tally(done), { findings: 2, rejected: 0, unknown: 0 });
  // The reopened case keeps the date of its close: it is open all the same.
  const reopened = done.findings.find(({ native_id }) => native_id === '~8765923376');
  assert.deepEqual([reopened?.status, reopened?.closed_at, reopened?.severity], ['in_progress', undefined, 4]);
  assert.equal(reopened?.first_activity_at, 1640200000000);
  const [audit]: { object: object }[] = texts.map((text) => JSON.parse(text));
  const lived = await normalised('thehive', [{ ...audit?.object, history: [audit] }], { base_url: 'https://thehive.example' });
  // A recorded audit is read as an event of its case.
  assert.deepEqual(lived.findings[0]?.events, [
    { at: 1694441999960, by_kind: 'unknown', by: 'alice@example.com', type: 'status', from: 'New', to: 'InProgress' },
  ]);
});
