import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noData, normalised, recorded, tally } from './recorded.ts';

const settings = { base_url: 'https://brain.example' };

test('vectra: recorded detections and assignments of both platforms', async (t) => {
  const folder = 'vectra/splunk-soar';
  const [rux, qux] = [recorded(`${folder}/rux-responses.json`), recorded(`${folder}/qux-responses.json`)];
  const [cloud, box] = ['rux/List_Detections', 'qux/Search_Detections'].map((name) =>
    recorded(`vectra/google-secops-${name}_JsonResult_example.json`),
  );
  if (rux === undefined || qux === undefined || cloud === undefined || box === undefined) return t.skip(noData('vectra'));
  const [respond, appliance] = [JSON.parse(rux), JSON.parse(qux)];
  const detections = [respond.GET_DETECTION, ...respond.GET_DETECTION_ON_POLL.results, ...JSON.parse(cloud), ...JSON.parse(box)];
  const assignments = [
    ...respond.GET_ASSIGNMENT_ON_POLL.results,
    respond.RESOLVE_ASSIGNMENT_RESP.assignment,
    appliance.RESOLVE_ASSIGNMENT_RESP.assignment,
  ];
  const records = [...detections.map((detection) => ({ detection })), ...assignments.map((assignment) => ({ assignment }))];
  const done = await normalised('vectra', records, settings);
  assert.deepEqual(tally(done), { findings: records.length, rejected: 0, unknown: 0 });
  const verdicts = done.findings.filter(({ kind }) => kind === 'case').map(({ status, verdict }) => `${status} ${verdict}`);
  assert.deepEqual(verdicts, ['in_progress null', 'resolved benign_positive', 'resolved benign_positive']);
});
