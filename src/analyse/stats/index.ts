/** Statistics: pure functions of numbers. Each is tested against published values and an independent slow computation. */
export { type CurveQuantile, type CurveShare, curveQuantile, restrictedMean, shareWithin } from './curve.ts';
export { benjaminiHochberg, ewma, negativeBinomialLimit, negativeBinomialTail } from './limits.ts';
export { ascendingPlaces } from './order.ts';
export { type Difference, hybridDifference, newcombe, wilson, zeroUpperBound } from './proportions.ts';
export { ascending, ascendingFor, medianInterval, quantile, quantileInterval, quantileRanks } from './quantile.ts';
export { ascendingAt } from './select.ts';
export { dispersion, silenceProbability, type RateRatio, rateRatio } from './rates.ts';
export { earlierSeasons, mad, medianRatioBaseline, robustZ } from './robust.ts';
export { type Curve, kaplanMeier } from './survival.ts';
export { type Assurance, assurance, type Signal, type Variation, variation, type Xmr, xmr } from './xmr.ts';
