import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noData, normalised, recorded, tally } from './recorded.ts';

test('servicenow: recorded security incidents', async (t) => {
  const path = 'servicenow/rapid7/search_security_incident_all.json.resp';
  const text = recorded(path);
  if (text === undefined) return t.skip(noData(path));
  const incidents: { sys_created_on: string; closed_at: string }[] = JSON.parse(text).result;
  const done = await normalised('servicenow', incidents, { base_url: 'https://soc.service-now.example' });
  assert.equal(done.findings.length + done.duplicates, incidents.length);
  assert.deepEqual([tally(done).rejected, tally(done).unknown], [0, 0]);
  const [first] = done.findings;
  assert.deepEqual([first?.status, first?.severity, first?.verdict_raw], ['closed', 2, '-100']);
  assert.equal(first?.created_at, Date.parse(`${incidents[0]?.sys_created_on}Z`));
});
