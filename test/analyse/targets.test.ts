import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Period, parsePeriod, previousPeriod } from '../../src/period.ts';
import { analysisOf, client, finding } from './view.ts';

const zone = 'Europe/Berlin';
const hour = 3_600_000;
const week = parsePeriod('2026-W44', zone);
const weeks: Period[] = [week];
while (weeks.length < 13) weeks.unshift(previousPeriod(weeks[0] ?? week));

/** Of 40 findings a week, closed in the hour they were made, so many are judged. */
const judged = [30, 32, 31, 29, 30, 33, 30, 31, 32, 30, 29, 31, 30];

function weekly(targets: Record<string, number>, shares: readonly number[] = judged) {
  const findings = weeks.flatMap((one, index) =>
    Array.from({ length: 40 }, (_, i) => {
      const created_at = one.start + i * 4 * hour;
      const verdict = i < (shares[index] ?? 0) ? { verdict: 'true_positive' as const } : {};
      return finding({ created_at, status: 'closed', closed_at: created_at + hour, ...verdict });
    }),
  );
  const acme = { ...client(zone), targets: new Map(Object.entries(targets)) };
  return analysisOf(findings, week.label, zone, { client: acme, since: weeks[0]?.start ?? 0 });
}

/** Mean ± 2.66 mean moving ranges, counted with plain loops: the limits between which chance moves a share. */
function limits(shares: readonly number[]): { low: number; high: number } {
  let [sum, moves] = [0, 0];
  for (const [i, share] of shares.entries()) {
    sum += share / 40;
    if (i > 0) moves += Math.abs(share - (shares[i - 1] ?? 0)) / 40;
  }
  const [mean, range] = [sum / shares.length, moves / (shares.length - 1)];
  return { low: mean - 2.66 * range, high: mean + 2.66 * range };
}

test('a target beyond the limits will be met or missed, one between them is hit or miss; figure, sign and sentence say so', () => {
  const { low, high } = limits(judged);
  for (const [target, sign, words] of [
    [low - 0.001, 'will-meet', 'consistently met'],
    [low + 0.001, 'hit-or-miss', 'hit-or-miss'],
    [high - 0.001, 'hit-or-miss', 'hit-or-miss'],
    [high + 0.001, 'will-miss', 'consistently missed'],
  ] as const) {
    const entry = weekly({ 'QUA-01': target }).kpis['QUA-01'];
    assert.equal(entry?.target, target);
    assert.equal(entry?.assurance, sign, `target ${target} between ${low} and ${high}`);
    assert.ok(JSON.stringify(entry?.sentence).includes(words), JSON.stringify(entry?.sentence));
  }
});

test('where less is better, the same limits say the opposite', () => {
  const noise = weekly({ 'BKL-01': 1 }).kpis['BKL-01'];
  assert.equal(noise?.assurance, 'will-meet', 'nothing is ever open here');
  const missed = weekly({ 'TIM-07': 60 }).kpis['TIM-07'];
  assert.equal(missed?.assurance, 'will-miss', 'an hour, each time');
  assert.match(JSON.stringify(missed?.sentence), /target 1 min missed/);
});

test('without a target there is no sign of one, and with too few periods none either', () => {
  assert.equal(weekly({}).kpis['QUA-01']?.assurance, undefined);
  const few = judged.map((n, i) => (i < 4 ? 0 : n));
  const findings = weekly({ 'QUA-01': 0.5 }, few).kpis['QUA-01'];
  assert.notEqual(findings?.assurance, undefined, 'weeks without a verdict are figures: 0 of 40');
});

test('a figure that is not compared still has its sentence where it has a target', () => {
  const entry = weekly({ 'BKL-01': 5 }).kpis['BKL-01'];
  assert.match(JSON.stringify(entry?.sentence), /Open at the end.*0.* vs 0; target 5 met/);
  assert.equal(entry?.change, undefined);
  assert.equal(weekly({}).kpis['BKL-01']?.sentence, undefined);
});

test('a sudden move that the control chart signals is clear, not only probable', () => {
  const jump = [...judged.slice(0, 12), 12];
  const entry = weekly({}, jump).kpis['QUA-01'];
  assert.equal(entry?.variation, 'worse');
  assert.match(JSON.stringify(entry?.change), /clearly fell/);
  const probable = [...judged.slice(0, 11), 36, 30];
  assert.doesNotMatch(JSON.stringify(weekly({}, probable).kpis['QUA-01']?.change), /clearly/);
});
