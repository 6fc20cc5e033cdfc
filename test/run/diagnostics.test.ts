import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePeriod } from '../../src/period.ts';
import { diagnosticsOf } from '../../src/run/diagnostics.ts';
import type { ReportRequest } from '../../src/run/report.ts';
import { openStore } from '../../src/store/index.ts';
import { client, monthly } from '../analyse/view.ts';
import { inEnglish } from '../english.ts';
import { finding, folder } from '../store/fixtures.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const minute = 60_000;

const batch = {
  source: 'siem',
  mode: 'created' as const,
  window_from: month.start,
  window_to: month.end,
  started_at: month.end,
  finished_at: month.end + 2 * minute,
  status: 'complete' as const,
  reason: undefined,
  expected: undefined,
  fetched: 3,
  requests: 4,
};

test('an engineer is told what was meant, what could not be read and what collecting took', (t) => {
  const store = openStore(`${folder(t)}/acme.sqlite`, 'acme');
  t.after(() => store.close());
  const refused = { place: 'page 1, record 2', reason: 'has no id', raw: '{"x":1}' };
  store.append(
    { ...batch, rejected: 2 },
    [finding('1', { created_at: month.start })],
    [refused, { ...refused, place: 'page 1, record 3' }],
  );
  // Of another period.
  store.append({ ...batch, window_from: month.end, window_to: month.end + minute, rejected: 1 }, [], [{ ...refused, reason: 'other' }]);
  const plain = client(zone);
  const acme = {
    ...plain,
    mappings: {
      ...plain.mappings,
      escalated: { field: 'tags', equals: 'handed on' },
      verdicts: new Map([['noise', 'false_positive' as const]]),
    },
    sla: [
      {
        metric: 'close' as const,
        severities: new Set([4, 5]),
        severity_at: 'now' as const,
        target_s: 3600,
        clock: 'calendar' as const,
        pause_on: new Set<never>(),
      },
    ],
  };
  const config = { categories: [{ category: 'Logon', place: 'categories.yaml:3', when: { field: 'title', contains: 'logon' } }] };
  const request = { config, client: acme, report: monthly, period: month } as unknown as ReportRequest; // all that is asked of it
  const { queries, rejected, timings } = diagnosticsOf(request, store, store.view({ as_of: month.end + 10 * minute }).batches);
  const place = `clients/${acme.id}.yaml`;
  assert.deepEqual(inEnglish(queries), [
    { name: 'Logon', place: 'categories.yaml:3', text: '{ field: title, contains: logon }' },
    { name: 'escalation', place, text: '{ field: tags, equals: handed on }' },
    { name: 'false positive', place, text: '{ field: verdict_raw, equals: noise }' },
    { name: 'Critical, High: close in 1 h', place, text: '{ metric: close, clock: calendar, severity: [ 4, 5 ] }' },
  ]);
  assert.deepEqual(rejected, [{ source: 'siem', reason: 'has no id', n: 2, example: 'page 1, record 2: {"x":1}' }]);
  assert.deepEqual(timings, [{ source: 'siem', collections: 1, requests: 4, records: 3, seconds: 120 }]);
});
