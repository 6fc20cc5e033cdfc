import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossFoot } from '../../src/analyse/index.ts';
import { analysisOf, finding } from './view.ts';

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const berlin = 'Europe/Berlin';

test('one finding: every headline is a figure or says why it is none, and all totals foot', () => {
  const analysis = analysisOf([finding({ created_at: at('2026-10-05T10:00:00Z') })], '2026-10', berlin);
  assert.deepEqual(crossFoot(analysis), []);
  assert.equal(analysis.kpis['VOL-01']?.status, 'ok');
  const reasons = Object.values(analysis.kpis).flatMap((kpi) => (kpi.status === 'no-denominator' ? [kpi.id] : []));
  assert.deepEqual(reasons, ['ESC-01', 'QUA-01', 'QUA-02', 'QUA-03', 'QUA-04', 'QUA-05', 'WRK-02', 'RUL-04']);
});
