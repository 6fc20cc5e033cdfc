import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossFoot } from '../../src/analyse/index.ts';
import { alert, bars, berlin, fed, figure, hour, incident, joinedAnalysis, noon, soc } from './joined-soc.ts';
import { analysisOf, finding, monthly } from './view.ts';

test('one case with alerts of three products counts once as a case and once per product as touches', () => {
  const analysis = joinedAnalysis([
    alert('siem', '1', { rules: [{ name: 'scan' }] }),
    alert('edr', '2'),
    alert('ndr', '3'),
    alert('ndr', '4'),
    incident('~1'),
    fed('~11', 'qradar', '1', '~1'),
    fed('~12', 'defender', '2', '~1'),
    fed('~13', 'Vectra', '3', '~1'),
  ]);
  assert.deepEqual(crossFoot(analysis), []);
  assert.equal(figure(analysis, 'VOL-01'), 2); // the case, and the NDR's fourth
  assert.deepEqual(bars(analysis, 'VOL-03.products'), { NDR: 1, 'several products': 1 });
  assert.deepEqual(bars(analysis, 'VOL-03.touches'), { NDR: 2, EDR: 1, SIEM: 1 });
  assert.equal(figure(analysis, 'VOL-10'), 4);
  assert.deepEqual(
    analysis.tables['VOL-03.table']?.rows.map(({ product, alerts, alone, cases, own, touches }) => [
      product,
      alerts,
      alone,
      cases,
      own,
      touches,
    ]),
    [
      ['NDR', 2, 1, 1, 0, 2],
      ['EDR', 1, 0, 1, 0, 1],
      ['SIEM', 1, 0, 1, 0, 1],
    ],
  );
  assert.equal(figure(analysis, 'VOL-06'), 4);
  assert.equal(figure(analysis, 'DQ-04'), 1);
  // Rules are about alerts: one in a case is still an alert.
  assert.equal(bars(analysis, 'RUL-01.rules').scan, 1);
  // What the case tool repeats, and what became part of a case, is counted elsewhere and not lost.
  assert.deepEqual(analysis.excluded, []);
  assert.match(analysis.kpis['VOL-01']?.notes.join() ?? '', /1 case, and 1 alert in no case; 3 of 4 alerts are part of a case/);
  assert.equal(analysis.definitions['VOL-01']?.counts, 'work');
  assert.equal(analysis.definitions['RUL-01']?.counts, 'alerts');
});

test('an alert that becomes part of a case is escalated, and leaves the backlog for it', () => {
  const analysis = joinedAnalysis([
    alert('siem', '1', { status: 'in_progress' }),
    alert('siem', '2', { status: 'closed', closed_at: noon + 10 }),
    incident('~1', { created_at: noon + 2 * hour }),
    fed('~11', 'siem', '1', '~1'),
  ]);
  assert.equal(figure(analysis, 'ESC-01'), 1 / 2);
  assert.equal(figure(analysis, 'ESC-02'), 1);
  assert.equal(analysis.kpis['TIM-05']?.n, 1);
  assert.equal(figure(analysis, 'BKL-01'), 1); // the case; its alert no more
  const steps = Object.fromEntries(analysis.tables['BKL-02.flow']?.rows.map(({ step, n }) => [step, n]) ?? []);
  assert.deepEqual(steps, {
    'Open at the start': 0,
    '+ created': 3,
    '+ reopened': 0,
    '− closed': -1,
    '− merged, or made part of a case': -1,
    '= open at the end': 1,
  });
  assert.equal(analysis.kpis['BKL-02']?.status, 'ok');
});

test('links come by a parent, by children, and through a case of a product that is not the record', () => {
  const analysis = joinedAnalysis([
    alert('edr', 'a', { parent: 'inc' }),
    finding({ source: 'edr', native_id: 'inc', kind: 'case', product: 'EDR', created_at: noon }),
    fed('~11', 'defender', 'inc', '~1'),
    incident('~1'),
    alert('ndr', '7'),
    incident('~2', { children: [{ product: 'vectra', id: '7' }] }),
    alert('siem', '9', { parent: '~3' }),
    incident('~3'),
  ]);
  assert.equal(figure(analysis, 'VOL-01'), 3);
  assert.deepEqual(bars(analysis, 'VOL-03.products'), { EDR: 1, NDR: 1, SIEM: 1 });
  assert.equal(figure(analysis, 'DQ-04'), 1);
  assert.deepEqual(analysis.excluded, [{ reason: 'of a source that is not the record for its kind', n: 2 }]); // the incident, and what was fed of it
});

test('missing links are counted and said: named but nowhere, of several sources, none at all, and a case that nobody has', () => {
  const analysis = joinedAnalysis([
    alert('siem', '5'),
    alert('ndr', '5'),
    alert('edr', '6', { parent: 'gone' }),
    incident('~1', { children: [{ product: 'qradar', id: '404' }] }),
    incident('~2', { children: [{ id: '5' }] }),
    incident('~3', { children: [{ product: 'vectra', id: '5' }] }),
    incident('~4'),
  ]);
  const rows = Object.fromEntries(analysis.tables['DQ-04.links']?.rows.map(({ what, n, of }) => [String(what), [n, of]]) ?? []);
  assert.deepEqual(rows, {
    'Cases with a known alert': [1, 4],
    'Cases naming alerts that no source has': [2, 4],
    'Cases without any link': [1, 4],
    'Alerts that are part of a case': [1, 3],
    'Alerts naming a case that no source has': [1, 3],
  });
  const notes = analysis.kpis['DQ-04']?.notes.join(' ') ?? '';
  assert.match(notes, /Of 3 cases no alert is known.*1 reference of cases could mean records of several sources/);
  assert.match(analysis.kpis['VOL-03']?.notes.join(' ') ?? '', /Of 3 cases no alert is known: each counts once, and touches no product/);
});

test('a merged case hands its alerts on, a deleted one lets them go, a test keeps them', () => {
  const analysis = joinedAnalysis([
    alert('siem', '1', { parent: '~1' }),
    incident('~1', { merged_into: '~2' }),
    incident('~2'),
    alert('siem', '3', { parent: '~3' }),
    incident('~3', { status: 'deleted' }),
    alert('siem', '4', { parent: '~4' }),
    incident('~4', { verdict: 'test' }),
  ]);
  assert.equal(figure(analysis, 'VOL-01'), 2);
  assert.deepEqual(bars(analysis, 'VOL-03.products'), { SIEM: 2 });
});

test('a copy in a source that is also a record for alerts does not count twice', () => {
  const both = { ...soc(), records: { cases: ['desk'], alerts: ['siem', 'edr', 'ndr', 'desk'] } };
  const findings = [alert('siem', '1'), fed('~11', 'qradar', '1'), fed('~12', 'mailbox', 'no-such-source')];
  const analysis = analysisOf(findings, '2026-10', berlin, { client: both, report: monthly });
  assert.equal(figure(analysis, 'VOL-01'), 2); // the offense, and what only the case tool was told
  assert.deepEqual(analysis.excluded, []);
});

test('without a word on which source is the record, every record counts by itself, and that is said', () => {
  const { records: _, ...plain } = soc();
  const analysis = analysisOf([alert('siem', '1', { parent: '~1' }), incident('~1')], '2026-10', berlin, {
    client: plain,
    report: monthly,
  });
  assert.equal(figure(analysis, 'VOL-01'), 2);
  assert.equal(analysis.kpis['VOL-10'], undefined);
  assert.match(analysis.kpis['VOL-03']?.notes.join() ?? '', /not said which source is the record/);
});

test('a case is told with what its alerts were aimed at, each once', () => {
  const host = (value: string, role: 'target' | 'actor' = 'target') => ({ type: 'host' as const, value, role });
  const analysis = joinedAnalysis([
    incident('c1', { verdict: 'true_positive', severity: 5 }),
    alert('siem', 's1', { entities: [host('web-1'), host('jump-1', 'actor')] }),
    alert('edr', 'e1', { entities: [host('web-1'), host('web-2')] }),
    alert('edr', 'e2', { entities: [host('elsewhere')] }),
    fed('a1', 'SIEM', 's1', 'c1'),
    fed('a2', 'EDR', 'e1', 'c1'),
  ]);
  const rows = analysis.tables['INC-01.list']?.rows ?? [];
  assert.deepEqual(
    rows.filter(({ id }) => id === 'c1').map(({ affected }) => String(affected)),
    ['2 hosts: web-1, web-2'],
  );
});
