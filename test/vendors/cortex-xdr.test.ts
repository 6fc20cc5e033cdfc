import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Secret } from '../../src/secret.ts';
import cortex from '../../src/vendors/cortex-xdr/index.ts';
import { sharedSpec } from './sample.ts';

const settings = cortex.settings.parse({ base_url: 'https://api.example', key_id: '7', api_key: new Secret('not-a-token', 'test') });
const answer = z.object({ reply: z.object({ incidents: z.array(z.unknown()) }) });

const recorded = [
  'recorded/elastic-mock-get_incidents.response.json',
  'recorded/demisto-get_incidents_list.json',
  'rapid7-get_incidents.json',
];

test('recorded answers are read, none rejected', (t) => {
  const texts = recorded.flatMap((name) => sharedSpec(`cortex-xdr/${name}`) ?? []);
  if (texts.length < recorded.length) return t.skip('skipped: no real data here (specs/cortex-xdr)');
  const incidents = texts.flatMap((each) => answer.parse(JSON.parse(each)).reply.incidents);
  const findings = incidents.map((each) => cortex.normalise(cortex.raw.parse(each), { settings, lookups: {}, collected_at: 0 }));
  assert.deepEqual(
    findings.map(({ native_id, severity, status, verdict, attacks }) => [native_id, severity, status, verdict, attacks.length]),
    [
      ['893', 2, 'new', null, 2],
      ['1', 3, 'in_progress', null, 0],
      ['2', 4, 'new', null, 0],
      ['1', 4, 'new', null, 7],
    ],
  );
  assert.deepEqual(findings[0]?.entities, [
    { type: 'host', value: 'test1234', role: 'target' },
    { type: 'user', value: 'nt authority\\system' },
  ]);
});

test('an incident that was recorded in part, without its creation, is no finding with a made-up date', (t) => {
  const text = sharedSpec('cortex-xdr/recorded/demisto-resolved_incident.incident-level.json');
  if (text === undefined) return t.skip('skipped: no real data here (specs/cortex-xdr)');
  const finding = cortex.normalise(cortex.raw.parse(JSON.parse(text)), { settings, lookups: {}, collected_at: 0 });
  assert.deepEqual([finding.created_at, finding.verdict, finding.closed_at], [Number.NaN, 'duplicate', 1708940581625]);
  assert.equal(finding.assignee, undefined);
});
