/** Statistics: pure functions of numbers. Each is tested against published values and an independent slow computation. */
export {
  type CurveQuantile,
  type CurveShare,
  curveQuantile,
  type Reached,
  type RestrictedMean,
  restrictedMean,
  shareWithin,
} from './curve.ts';
export { type Baseline, benjaminiHochberg, type EwmaPoint, ewma, negativeBinomialLimit } from './limits.ts';
export { type Difference, hybridDifference, newcombe, wilson, zeroUpperBound } from './proportions.ts';
export { ascending, medianInterval, quantile, quantileInterval, quantileRanks } from './quantile.ts';
export { dispersion, poissonSilence, type RateRatio, rateRatio, type TwoCounts } from './rates.ts';
export { type Expected, mad, medianRatioBaseline, robustZ } from './robust.ts';
export { type Curve, type Durations, kaplanMeier } from './survival.ts';
export { type Assurance, assurance, type Signal, type Variation, variation, type Xmr, type XmrPoint, xmr } from './xmr.ts';
