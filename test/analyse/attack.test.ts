import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analysisOf, capable, client, finding } from './view.ts';

const zone = 'Europe/Berlin';
const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;
const brute = { tactic: 'TA0006', technique: 'T1110' };

test('techniques with their sub-techniques, tactics in the order of the matrix, true ones apart, the version beside them', () => {
  const findings = [
    finding({ created_at: noon, attacks: [brute, { tactic: 'TA0006', technique: 'T1110', sub: 'T1110.003' }], verdict: 'true_positive' }),
    finding({ created_at: noon, attacks: [brute, { tactic: 'TA0001', technique: 'T1078' }, { tactic: 'TA0006', technique: 'T1552' }] }),
    finding({ created_at: noon, attacks: [{ technique: 'T9999' }, { technique: 'T1562.001' }] }),
    finding({ created_at: noon, attacks: [{ tactic: 'TA0043' }] }),
    finding({ created_at: noon }),
  ];
  const analysis = analysisOf(findings, '2026-10', zone);
  const entry = analysis.kpis['ATT-01'];
  assert.equal(entry?.status === 'ok' && entry.value, 5);
  assert.deepEqual(
    analysis.tables['ATT-01.techniques']?.rows.map(({ id, name, tactics, n, real }) => [id, name, tactics, n, real]),
    [
      ['T1110', 'Brute Force', 'Credential Access', 2, 1],
      ['T1078', 'Valid Accounts', 'Initial Access', 1, 0],
      ['T1552', 'Unsecured Credentials', 'Credential Access', 1, 0],
      ['T1562', 'Impair Defenses (withdrawn)', 'not stated', 1, 0],
      ['T9999', 'unknown technique T9999', 'not stated', 1, 0],
    ],
  );
  assert.deepEqual(
    analysis.tables['ATT-01.sub-techniques']?.rows.map(({ id, name, technique, n, real }) => [id, name, technique, n, real]),
    [
      ['T1110.003', 'Password Spraying', 'Brute Force', 1, 1],
      ['T1562.001', 'Disable or Modify Tools (withdrawn)', 'Impair Defenses (withdrawn)', 1, 0],
    ],
  );
  const series = analysis.series['ATT-01.tactics'];
  assert.deepEqual(series?.labels.slice(0, 3), ['Reconnaissance', 'Resource Development', 'Initial Access']);
  const cells = (group: number) =>
    series?.groups[group]?.cells.flatMap((cell, i) => ('value' in cell && cell.value > 0 ? [[series.labels[i], cell.value]] : []));
  // Two techniques of one tactic are one finding of it.
  assert.deepEqual(cells(0), [
    ['Reconnaissance', 1],
    ['Initial Access', 1],
    ['Credential Access', 2],
  ]);
  assert.deepEqual(cells(1), [['Credential Access', 1]]);
  assert.match(entry?.notes.join(' ') ?? '', /MITRE ATT&CK Enterprise 19\.1\. .*Not in this version: T9999\./);
  const unmapped = analysis.kpis['ATT-03'];
  assert.equal(unmapped?.status === 'ok' && unmapped.value, 2 / 5);
});

test('a source that maps nothing is said to, and is not 0 techniques', () => {
  const analysis = analysisOf([finding({ created_at: noon })], '2026-10', zone, { capabilities: capable({ attacks: { answer: 'no' } }) });
  assert.deepEqual(
    ['ATT-01', 'ATT-03'].map((id) => analysis.kpis[id]?.status),
    ['not-available-from-source', 'not-available-from-source'],
  );
});

test('ENT-01 says what became of the findings of whoever keeps coming back', () => {
  const week = 7 * 24 * 3_600_000;
  const of = (at: number, verdict: 'true_positive' | 'false_positive' | null) =>
    finding({ created_at: at, verdict, entities: [{ type: 'ip', value: '10.0.0.1' }] });
  const analysis = analysisOf([of(noon, 'true_positive'), of(noon + week, 'false_positive'), of(noon + 2 * week, null)], '2026-10', zone);
  const [row] = analysis.tables['ENT-01.entities']?.rows ?? [];
  assert.deepEqual([row?.name, row?.n, row?.real, row?.noise, row?.unjudged], ['ip:10.0.0.1', 3, 1, 1, 1]);
});

test('VOL-09: figures are held against what is watched, and without a statement of it there is no denominator', () => {
  const findings = Array.from({ length: 30 }, () => finding({ created_at: noon, log_sources: ['fw'] }));
  assert.equal(analysisOf(findings, '2026-10', zone).kpis['VOL-09']?.status, 'no-denominator');
  const scope = new Map([
    ['hosts', 1200],
    ['log_sources', 34],
  ]);
  const analysis = analysisOf(findings, '2026-10', zone, { client: { ...client(zone), scope } });
  const entry = analysis.kpis['VOL-09'];
  assert.equal(entry?.status === 'ok' && entry.value, 2.5);
  assert.deepEqual(
    analysis.tables['VOL-09.scope']?.rows.map(({ stated, seen }) => [stated, seen]),
    [
      [1200, null],
      [null, 0],
      [34, 1],
      [null, 1],
    ],
  );
});

test('QUA-06: reasons of false positives, those without one included', () => {
  const wrong = (verdict_reason?: string) =>
    finding({
      created_at: noon,
      closed_at: noon + 1,
      status: 'closed',
      verdict: 'false_positive',
      ...(verdict_reason === undefined ? {} : { verdict_reason }),
    });
  const analysis = analysisOf([wrong('incorrect_logic'), wrong('incorrect_logic'), wrong('inaccurate_data'), wrong()], '2026-10', zone);
  const entry = analysis.kpis['QUA-06'];
  assert.equal(entry?.status === 'ok' && entry.value, 3 / 4);
  const series = analysis.series['QUA-06.reasons'];
  assert.deepEqual(series?.labels, ['incorrect_logic', 'inaccurate_data', 'no reason given']);
});
