import jStat from 'jstat';

/** Two-sided 95 %: the normal quantile every interval of the reports uses. */
export const z95: number = jStat.normal.inv(0.975, 0, 1);

/** The probability that a standard normal lies at least this far from 0, on either side. */
export function normalTwoSided(z: number): number {
  return 2 * jStat.normal.cdf(-Math.abs(z), 0, 1);
}

/** ln P(X = k) of a binomial with `n` trials of probability `p`, 0 < p < 1. */
export function logBinomial(k: number, n: number, p: number): number {
  const ways = jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1);
  return ways + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** ln P(X = k) of a Poisson. */
export function logPoisson(k: number, mean: number): number {
  return k * Math.log(mean) - mean - jStat.gammaln(k + 1);
}

/** ln P(X = k) of a negative binomial with this mean and variance = phi · mean, phi > 1. */
export function logNegativeBinomial(k: number, mean: number, phi: number): number {
  const size = mean / (phi - 1);
  const ways = jStat.gammaln(k + size) - jStat.gammaln(size) - jStat.gammaln(k + 1);
  return ways - size * Math.log(phi) + k * Math.log1p(-1 / phi);
}
