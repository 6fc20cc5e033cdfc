import { logNegativeBinomial, logPoisson } from './distributions.ts';

/**
 * The smallest count that a day with this mean stays at or below with probability `p`.
 * phi = variance / mean; a Poisson where phi is 1, else a negative binomial.
 */
export function negativeBinomialLimit(mean: number, phi: number, p = 0.999): number {
  if (mean === 0) return 0;
  const poisson = phi < 1 + 1e-6;
  const spread = Math.sqrt(mean * Math.max(1, phi));
  // Beyond this nothing adds to a tail of 1 - p; summing downwards from there stays exact for any mean.
  let k = Math.ceil(mean + 12 * spread + 20 * Math.max(1, phi));
  let term = Math.exp(poisson ? logPoisson(k, mean) : logNegativeBinomial(k, mean, phi));
  const size = mean / (phi - 1);
  const thinning = 1 - 1 / phi;
  for (let tail = term; k > 0 && tail <= 1 - p; tail += term) {
    term *= poisson ? k / mean : k / ((k - 1 + size) * thinning);
    k -= 1;
  }
  return k;
}

/** How likely a day with this mean has `k` or more: a Poisson where phi is 1, else a negative binomial. */
export function negativeBinomialTail(k: number, mean: number, phi: number): number {
  if (k <= 0) return 1;
  if (mean === 0) return 0;
  const poisson = phi < 1 + 1e-6;
  const size = mean / (phi - 1);
  const thinning = 1 - 1 / phi;
  let term = Math.exp(poisson ? logPoisson(k, mean) : logNegativeBinomial(k, mean, phi));
  let sum = term;
  // Below the mean the terms still grow, so smallness alone is no reason to stop.
  for (let i = k; i < mean || term > sum * 1e-17; i += 1) {
    term *= poisson ? mean / (i + 1) : ((i + size) / (i + 1)) * thinning;
    sum += term;
  }
  return Math.min(1, sum);
}

interface EwmaPoint {
  value: number;
  low: number;
  high: number;
  outside: boolean;
}

/** Where a series should lie: its usual mean and standard deviation. */
interface Baseline {
  mean: number;
  deviation: number;
}

/**
 * Exponentially weighted moving average with its widening limits mean ± L·σ·√(λ/(2-λ)·(1-(1-λ)^2i)): sees slow
 * drifts that single-day limits miss.
 */
export function ewma(values: readonly number[], { lambda, L, baseline }: { lambda: number; L: number; baseline: Baseline }): EwmaPoint[] {
  let value = baseline.mean;
  return values.map((next, i) => {
    value = lambda * next + (1 - lambda) * value;
    const half = L * baseline.deviation * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * (i + 1))));
    const low = baseline.mean - half;
    const high = baseline.mean + half;
    return { value, low, high, outside: value < low || value > high };
  });
}

/**
 * Benjamini–Hochberg: which of many tests stand when at most the share `q` of those found may be false.
 * In the order of `ps`.
 */
export function benjaminiHochberg(ps: readonly number[], q: number): boolean[] {
  const order = ps.map((p, index) => ({ p, index })).sort((x, y) => x.p - y.p);
  const last = order.findLastIndex(({ p }, i) => p <= ((i + 1) / ps.length) * q);
  const found = new Array<boolean>(ps.length).fill(false);
  for (const { index } of order.slice(0, last + 1)) found[index] = true;
  return found;
}
