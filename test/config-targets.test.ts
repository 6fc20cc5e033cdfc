import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetForms } from '../src/config/targets.ts';
import { registry } from '../src/analyse/registry.ts';
import { good, load, problems } from './config-files.ts';

const acme = (more: string) => ({ 'clients/acme.yaml': `${good['clients/acme.yaml']}${more}` });

test('targets are read in the unit of their figure', async (t) => {
  const config = await load(t, acme('targets: { TIM-03: 30m, QUA-01: 0.95, BKL-01: 40, LOG-02: 90m }\n'));
  assert.deepEqual(
    [...(config.clients.get('acme')?.targets ?? [])],
    [
      ['BKL-01', 40],
      ['LOG-02', 1.5],
      ['QUA-01', 0.95],
      ['TIM-03', 1800],
    ],
  );
});

test('a target of another unit, of no KPI or of one that has no better side is refused by line', async (t) => {
  const given = 'targets:\n  TIM-03: 30\n  TIM-07: 30 min\n  QUA-01: 95\n  BKL-01: -1\n  SLA-02: 1.5\n  QAU-02: 0.1\n  VOL-01: 100\n';
  assert.deepEqual(await problems(t, acme(given)), [
    'clients/acme.yaml:13: targets.BKL-01: is -1, but must be at least 0',
    'clients/acme.yaml:12: targets.QUA-01: is 95, but must be at most 1',
    'clients/acme.yaml:14: targets.SLA-02: is 1.5, but must be a whole number',
    'clients/acme.yaml:10: targets.TIM-03: is a span of time; write it as 90s, 30m, 4h or 2d',
    'clients/acme.yaml:11: targets.TIM-07: is a span of time; write it as 90s, 30m, 4h or 2d',
    'clients/acme.yaml:16: targets.VOL-01: can have no target: neither more nor less of it is better',
    'clients/acme.yaml:15: targets.QAU-02: unknown key; did you mean "QUA-02"?',
  ]);
});

test('every KPI has a form for its target, and none is left that is no KPI', () => {
  const wanted = registry.map(({ id, unit, direction }) => [id, direction === 'up' || direction === 'down' ? unit : 'none']);
  assert.deepEqual(Object.entries(targetForms).sort(), wanted.sort());
});
