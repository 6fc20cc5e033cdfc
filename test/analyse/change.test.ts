import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ChangeFacts, describeChange as describe, movementOf, topDriver } from '../../src/analyse/change.ts';
import { inEnglish } from '../english.ts';

const describeChange = (facts: ChangeFacts) => inEnglish(describe(facts));
import { rateRatio } from '../../src/analyse/stats/index.ts';
import { known } from '../../src/outcome.ts';

const counts = (a: number, b: number): ChangeFacts => {
  const movement = movementOf(rateRatio({ a, exposureA: 30, b, exposureB: 30, dispersion: 1 }));
  return { name: 'Findings created', unit: 'count', current: known(b, b), previous: known(a, a), minN: 0, ...(movement && { movement }) };
};

test('the sentence of the catalogue', () => {
  const change = describeChange({
    name: 'Time to acknowledge',
    unit: 'seconds',
    statistic: 'median',
    current: known(660, 212, { low: 540, high: 840 }),
    previous: known(600, 198),
    movement: { by: 'difference', difference: 60, low: -60, high: 200 },
    minN: 6,
    target: { value: 0.95, better: 'up', assurance: 'inconsistent', within_s: 900, share: 0.94 },
  });
  assert.equal(
    change.text,
    'Time to acknowledge shows no clear change: median 11 min (9–14 min, n = 212) vs 10 min; 94% within 15 min (target 95%, hit-or-miss).',
  );
  assert.equal(change.step, 'none');
});

test('oracle: 40 to 52 is no clear change', () => {
  assert.equal(describeChange(counts(40, 52)).text, 'Findings created shows no clear change: 52 vs 40.');
});

test('the ladder: probably from the interval alone, clearly when the chart agrees; a signal alone says nothing', () => {
  const facts = counts(1000, 700);
  assert.equal(describeChange(facts).phrase, 'probably fell by 30%');
  assert.equal(describeChange({ ...facts, signal: true }).phrase, 'clearly fell by 30%');
  assert.equal(describeChange({ ...counts(40, 52), signal: true }).step, 'none');
});

test('the driver explains a change that was found, and only such', () => {
  const driver = topDriver([
    { name: 'Port scan', before: 100, now: 400 },
    { name: 'Logon', before: 900, now: 700 },
    { name: 'WAF', before: 0, now: 200 },
  ]);
  assert.ok(driver);
  assert.equal(
    describeChange({ ...counts(1000, 1300), driver }).text,
    'Findings created probably rose by 30%: 1,300 vs 1,000; largest part “Port scan” (+300 of +300).',
  );
  assert.doesNotMatch(describeChange({ ...counts(40, 52), driver }).text, /Port scan/);
  assert.equal(topDriver([{ name: 'a', before: 5, now: 5 }]), undefined);
  assert.equal(
    topDriver([
      { name: 'b', before: 5, now: 2 },
      { name: 'a', before: 5, now: 2 },
    ])?.name,
    'a',
  );
});

test('sizes: from none, to none, several times', () => {
  assert.equal(describeChange(counts(0, 12)).phrase, 'probably rose from none');
  assert.equal(describeChange(counts(12, 0)).phrase, 'probably fell to none');
  assert.equal(describeChange(counts(50, 157)).phrase, 'probably rose to 3.1 times as much');
  assert.equal(describeChange(counts(0, 0)).phrase, 'no clear change');
});

test('too few on either side is said instead of a judgement', () => {
  const facts: ChangeFacts = {
    name: 'Time to close',
    unit: 'seconds',
    statistic: 'median',
    current: known(7800, 4),
    previous: known(1800, 40),
    movement: { by: 'difference', difference: 6000, low: 3000, high: 9000 },
    minN: 6,
  };
  assert.equal(describeChange(facts).text, 'Time to close, too few cases to judge (n = 4): median 2 h 10 min (n = 4) vs 30 min.');
  const before = { ...facts, current: known(1800, 40), previous: known(7800, 4) };
  assert.equal(describeChange(before).phrase, 'too few cases to judge (n = 4 in the period before)');
});

test('no figure is said with its reason, never as 0', () => {
  const facts = counts(40, 52);
  const missing = { status: 'not-available-from-source', reason: 'QRadar has no acknowledgement time' } as const;
  assert.deepEqual(describeChange({ ...facts, current: missing }), {
    step: 'unknown',
    phrase: 'QRadar has no acknowledgement time',
    text: 'Findings created: QRadar has no acknowledgement time.',
  });
  assert.equal(describeChange({ ...facts, previous: { status: 'no-data', reason: 'nothing was collected' } }).step, 'unknown');
});

test('a hindrance is said instead of a judgement, and a month with a few gaps is compared per complete day', () => {
  const current = { ...known(500, 500), status: 'partial', reason: '1 of 31 days not complete' } as const;
  const hindered = describeChange({ ...counts(1000, 500), current, hindrance: 'only 12 of 31 days complete' });
  assert.equal(hindered.text, 'Findings created, not comparable: only 12 of 31 days complete: at least 500 vs 1,000.');
  assert.equal(hindered.step, 'unknown');
  const compared = describeChange({ ...counts(1000, 500), current, perDay: { current: 16.4, previous: 33.3 } });
  assert.equal(compared.phrase, 'probably fell by 50% per complete day');
  assert.equal(compared.text, 'Findings created probably fell by 50% per complete day: 16 vs 33 (at least 500 in all).');
});

test('a target is met or missed, and the chart says how surely', () => {
  const rate: ChangeFacts = {
    name: 'SLA compliance',
    unit: 'rate',
    current: known(0.92, 120, { low: 0.86, high: 0.96 }),
    previous: known(0.97, 130),
    movement: { by: 'difference', difference: -0.05, low: -0.11, high: 0.01 },
    minN: 10,
    target: { value: 0.95, better: 'up', assurance: 'none' },
  };
  const clause = (target: NonNullable<ChangeFacts['target']>) => describeChange({ ...rate, target }).text.split('; ')[1];
  assert.equal(clause({ value: 0.95, better: 'up', assurance: 'none' }), 'target 95% missed.');
  assert.equal(clause({ value: 0.9, better: 'up', assurance: 'pass' }), 'target 90% met (consistently met).');
  assert.equal(clause({ value: 0.9, better: 'down', assurance: 'inconsistent' }), 'target 90% missed (hit-or-miss).');
  assert.equal(clause({ value: 0.9, better: 'up', assurance: 'none', within_s: 900 }), 'target 90%, not measured.');
});

test('rates move by percentage points', () => {
  const change = describeChange({
    name: 'Precision',
    unit: 'rate',
    current: known(0.5, 60),
    previous: known(0.617, 60),
    movement: { by: 'difference', difference: -0.117, low: -0.235, high: -0.003 },
    minN: 30,
  });
  assert.equal(change.phrase, 'probably fell by 12 percentage points');
});

test('the words never contradict the interval', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.boolean(), (a, b, signal) => {
      const change = describeChange({ ...counts(a, b), signal });
      const movement = counts(a, b).movement;
      const includesNone = movement === undefined || (movement.low <= 1 && (movement.by === 'from-none' || movement.high >= 1));
      assert.equal(change.step, includesNone ? 'none' : signal ? 'clear' : 'probable');
      if (change.direction !== undefined) assert.equal(change.direction, b > a ? 'rose' : 'fell');
    }),
  );
});
