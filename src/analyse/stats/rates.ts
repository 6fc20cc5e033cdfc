import { at } from './at.ts';
import { logBinomial, normalTwoSided, z95 } from './distributions.ts';

/** Two counts and how long each was observed (in days, or any one unit). `a` is the earlier one. */
interface TwoCounts {
  a: number;
  exposureA: number;
  b: number;
  exposureB: number;
  /** Variance / mean of the daily counts, at least 1. */
  dispersion: number;
}

/** The later rate divided by the earlier one, 95 % interval. From none there is no ratio, only a least one. */
export type RateRatio =
  | { status: 'ok'; ratio: number; low: number; high: number; p: number }
  | { status: 'from-none'; low: number; p: number }
  | { status: 'no-events' };

/**
 * Interval: exp(ln ratio ± z·√(φ(1/a + 1/b))). p: the exact conditional binomial test (two-sided, outcomes no
 * likelier than the observed one); over-dispersed counts take the weaker of that and the interval's own.
 * @throws RangeError where an exposure is not positive.
 */
export function rateRatio({ a, exposureA, b, exposureB, dispersion }: TwoCounts): RateRatio {
  if (!(exposureA > 0 && exposureB > 0)) throw new RangeError('a rate needs an exposure above 0');
  if (a + b === 0) return { status: 'no-events' };
  const phi = Math.max(1, dispersion);
  const exact = binomialTest(b, a + b, exposureB / (exposureA + exposureB));
  if (a === 0 || b === 0) return boundedRatio((a + b) / phi, exposureA / exposureB, b === 0, exact);
  const ratio = b / exposureB / (a / exposureA);
  const error = Math.sqrt(phi * (1 / a + 1 / b));
  const p = phi === 1 ? exact : Math.max(exact, normalTwoSided(Math.log(ratio) / error));
  return { status: 'ok', ratio, low: ratio * Math.exp(-z95 * error), high: ratio * Math.exp(z95 * error), p };
}

/** With one count 0 the logarithm has no interval; the exact bound of the conditional binomial has (n shrunk by φ). */
function boundedRatio(n: number, exposures: number, toNone: boolean, p: number): RateRatio {
  const edge = 0.025 ** (1 / n);
  if (toNone) return { status: 'ok', ratio: 0, low: 0, high: (exposures * (1 - edge)) / edge, p };
  return { status: 'from-none', low: (exposures * edge) / (1 - edge), p };
}

/** Two-sided exact binomial test: the probability of all outcomes that are no likelier than k. */
function binomialTest(k: number, n: number, share: number): number {
  const mode = Math.min(n, Math.floor((n + 1) * share));
  // Summing from the far side is the same as mirroring the experiment.
  if (k < mode) return binomialTest(n - k, n, 1 - share);
  const observed = logBinomial(k, n, share);
  let low = 0;
  // Of two likeliest outcomes rounding may name either; the other one belongs to the near side, too.
  let high = Math.min(k, mode + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (logBinomial(middle, n, share) <= observed + 1e-7) low = middle + 1;
    else high = middle;
  }
  return Math.min(1, tailFrom(k, n, share) + tailFrom(n - low + 1, n, 1 - share));
}

/** P(X >= k), k above the mode, so that the terms only shrink. */
function tailFrom(k: number, n: number, share: number): number {
  if (k > n) return 0;
  let term = Math.exp(logBinomial(k, n, share));
  let sum = term;
  for (let i = k; i < n && term > sum * 1e-17; i += 1) {
    term *= ((n - i) / (i + 1)) * (share / (1 - share));
    sum += term;
  }
  return sum;
}

/** Variance / mean of daily counts, never below 1: alerts come in bursts, so a Poisson would see changes everywhere. */
export function dispersion(dailyCounts: ArrayLike<number>): number {
  const n = dailyCounts.length;
  if (n < 2) return 1;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += at(dailyCounts, i);
  const mean = sum / n;
  if (mean === 0) return 1;
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += (at(dailyCounts, i) - mean) ** 2;
  return Math.max(1, squares / (n - 1) / mean);
}

/**
 * How likely nothing happens where `expected` are: e^(-expected) of a Poisson, more where counts come in bursts (negative
 * binomial with variance = phi · mean). A rule that fires `rate` times a day expects rate · gap.
 */
export function silenceProbability(expected: number, phi: number): number {
  return phi < 1 + 1e-6 ? Math.exp(-expected) : Math.exp((-expected / (phi - 1)) * Math.log(phi));
}
