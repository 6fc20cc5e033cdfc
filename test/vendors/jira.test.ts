import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noData, normalised, recorded, tally } from './recorded.ts';

test('jira: recorded issues', async (t) => {
  const path = 'jira/recorded/faros-issues.json';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const issues: unknown[] = JSON.parse(text);
  const done = await normalised('jira', issues, { base_url: 'https://soc.atlassian.example' });
  const { findings, rejected, unknown } = tally(done);
  // Some of them are one issue at different times.
  assert.deepEqual([findings + done.duplicates, rejected, unknown], [issues.length, 0, 0]);
  const [first] = done.findings;
  assert.deepEqual([first?.status, first?.severity, first?.created_at], ['new', 3, Date.UTC(2024, 6, 4, 12, 40, 59, 251)]);
});
