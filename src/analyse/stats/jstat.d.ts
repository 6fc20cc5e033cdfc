/** The part of jstat used here; the package ships no types. */
declare module 'jstat' {
  const jStat: {
    /** Natural logarithm of the gamma function. */
    gammaln(x: number): number;
    normal: { cdf(x: number, mean: number, deviation: number): number; inv(p: number, mean: number, deviation: number): number };
  };
  export default jStat;
}
