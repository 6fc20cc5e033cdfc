import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Curve, curveQuantile, kaplanMeier, quantile, restrictedMean, shareWithin } from '../../../src/analyse/stats/index.ts';

const curveOf = (durations: number[], closed: number[], entries?: number[]): Curve =>
  kaplanMeier({
    durations: Float64Array.from(durations),
    closed: Uint8Array.from(closed),
    ...(entries && { entries: Float64Array.from(entries) }),
  });

test('oracle: 1, 2+, 3, 4, 5+ has the median 4, where closed-only says 3', () => {
  const curve = curveOf([1, 2, 3, 4, 5], [1, 0, 1, 1, 0]);
  const median = curveQuantile(curve, 0.5);
  assert.ok(median.status === 'reached');
  assert.equal(median.value, 4);
  assert.equal(quantile([1, 3, 4], 0.5), 3);
});

test('oracle: the 6-MP arm of the leukaemia trial (Gehan 1965) has S(10) = 0.753 and the median 23 [13, not reached]', () => {
  const weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
  const closed = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
  const curve = curveOf(weeks, closed);
  const within = shareWithin(curve, 10);
  assert.ok(within.status === 'ok');
  assert.equal((1 - within.share).toFixed(4), '0.7529');
  // log-log limits at 10 weeks as published by common software: 0.503 to 0.889
  assert.deepEqual(
    [1 - within.high, 1 - within.low].map((value) => value.toFixed(3)),
    ['0.503', '0.889'],
  );
  const median = curveQuantile(curve, 0.5);
  assert.deepEqual(median, { status: 'reached', value: 23, low: 13, high: 'not-reached' });
});

test('not reached is a value of the type, and says how far the data go', () => {
  const curve = curveOf([1, 5, 6, 7], [1, 0, 0, 0]);
  const p90 = curveQuantile(curve, 0.9);
  assert.ok(p90.status === 'not-reached');
  assert.equal(p90.beyond, 7);
  assert.deepEqual(shareWithin(curve, 8), { status: 'not-observed', beyond: 7 });
  assert.deepEqual(restrictedMean(curve, 8), { status: 'not-observed', beyond: 7 });
});

test('nothing to count is no data, not 0', () => {
  const curve = curveOf([], []);
  assert.deepEqual(
    [curveQuantile(curve, 0.5), shareWithin(curve, 1), restrictedMean(curve, 1)].map(({ status }) => status),
    ['no-data', 'no-data', 'no-data'],
  );
});

test('before the first end the share is 0 with an upper bound; after the last it is 1 with a lower one', () => {
  const curve = curveOf([2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 1, 1]);
  const none = shareWithin(curve, 1);
  const all = shareWithin(curve, 100);
  assert.ok(none.status === 'ok' && all.status === 'ok');
  assert.deepEqual([none.share, none.low, all.share, all.high], [0, 0, 1, 1]);
  assert.equal(none.high.toFixed(4), (1 - 0.025 ** (1 / 6)).toFixed(4));
  assert.equal(all.low.toFixed(4), (0.025 ** (1 / 6)).toFixed(4));
});

test('zero durations are kept: half closed at once is a median of 0', () => {
  const median = curveQuantile(curveOf([0, 0, 5, 9], [1, 1, 1, 0]), 0.5);
  assert.ok(median.status === 'reached');
  assert.equal(median.value, 0);
});

test('restricted mean: complete data give the mean of min(t, tau), and its own interval', () => {
  const mean = restrictedMean(curveOf([1, 2, 3, 4, 10], [1, 1, 1, 1, 1]), 6);
  assert.ok(mean.status === 'ok');
  assert.ok(Math.abs(mean.value - (1 + 2 + 3 + 4 + 6) / 5) < 1e-12);
  // Greenwood on complete data: variance of min(t, tau) with divisor n, over n.
  const deviation = Math.sqrt([1, 2, 3, 4, 6].reduce((sum, t) => sum + (t - 3.2) ** 2, 0) / 25);
  assert.ok(Math.abs(mean.high - (3.2 + 1.959964 * deviation)) < 1e-5);
});

test('delayed entry: an old case counts only from the age at which it was seen', () => {
  const curve = curveOf([2, 4, 6, 8], [1, 1, 1, 1], [0, 0, 5, 5]);
  assert.deepEqual([...curve.times].map(curve.underObservation), [2, 1, 2, 1]);
  assert.throws(() => curveOf([3], [1], [4]), RangeError);
});

test('durations that cannot be are refused, not averaged in', () => {
  assert.throws(() => curveOf([-1], [1]), RangeError);
  assert.throws(() => curveOf([Number.NaN], [1]), RangeError);
  assert.throws(() => curveOf([1, 2], [1]), RangeError);
});

interface Case {
  duration: number;
  closed: number;
  entry: number;
}

/** Independent: the product limit straight from its definition, counting everybody at every time. */
function slowSurvival(cases: readonly Case[], age: number): { survival: number; greenwood: number } {
  const times = [...new Set(cases.filter((c) => c.closed && c.duration <= age).map((c) => c.duration))];
  let survival = 1;
  let greenwood = 0;
  for (const time of times) {
    const risk = cases.filter((c) => c.entry <= time && c.duration >= time).length;
    const ends = cases.filter((c) => c.closed && c.duration === time).length;
    survival *= (risk - ends) / risk;
    greenwood += ends / (risk * (risk - ends));
  }
  return { survival, greenwood };
}

const cases = (delayed: boolean) =>
  fc.array(
    fc
      .record({ duration: fc.integer({ min: 0, max: 25 }), closed: fc.integer({ min: 0, max: 1 }), entry: fc.integer({ min: 0, max: 20 }) })
      .map((c) => ({ ...c, entry: delayed ? Math.min(c.entry, c.duration) : 0 })),
    { minLength: 1, maxLength: 40 },
  );

const built = (sample: readonly Case[], delayed: boolean) =>
  curveOf(
    sample.map((c) => c.duration),
    sample.map((c) => c.closed),
    delayed ? sample.map((c) => c.entry) : undefined,
  );

for (const delayed of [false, true]) {
  test(`the curve${delayed ? ' with delayed entry' : ''} agrees with counting everybody at every time`, () => {
    fc.assert(
      fc.property(cases(delayed), fc.integer({ min: 0, max: 25 }), (sample, age) => {
        const curve = built(sample, delayed);
        const slow = slowSurvival(sample, age);
        const within = shareWithin(curve, age);
        if (within.status !== 'ok') return assert.ok(age > Math.max(...sample.map((c) => c.duration)));
        assert.ok(Math.abs(within.share - (1 - slow.survival)) < 1e-9);
        if (slow.survival <= 0 || slow.survival >= 1) return;
        const power = Math.exp((1.959963984540054 * Math.sqrt(slow.greenwood)) / Math.log(slow.survival));
        assert.ok(Math.abs(within.low - (1 - slow.survival ** power)) < 1e-9, 'low');
        assert.ok(Math.abs(within.high - (1 - slow.survival ** (1 / power))) < 1e-9, 'high');
      }),
    );
  });
}

test('the quantile is the first whole age at which few enough are left', () => {
  fc.assert(
    fc.property(cases(false), fc.constantFrom(0.5, 0.9), (sample, p) => {
      const ages = Array.from({ length: 26 }, (_, age) => age);
      const expected = ages.find((age) => slowSurvival(sample, age).survival <= 1 - p + 1e-9);
      const got = curveQuantile(built(sample, false), p);
      assert.equal(got.status === 'reached' ? got.value : undefined, expected);
    }),
  );
});

test('the restricted mean is the area, summed in small steps', () => {
  fc.assert(
    fc.property(cases(false), fc.integer({ min: 1, max: 25 }), (sample, tau) => {
      const got = restrictedMean(built(sample, false), tau);
      if (got.status !== 'ok') return;
      let area = 0;
      for (let age = 0; age < tau; age += 1) area += slowSurvival(sample, age).survival;
      assert.ok(Math.abs(got.value - area) < 1e-9);
    }),
  );
});

test('nothing censored: the interval of the median reaches as far as the order statistics do', () => {
  const six = curveQuantile(curveOf([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1]), 0.5);
  const five = curveQuantile(curveOf([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), 0.5);
  assert.ok(six.status === 'reached' && five.status === 'reached');
  assert.equal(six.high, 6);
  assert.equal(five.high, 'not-reached');
});
