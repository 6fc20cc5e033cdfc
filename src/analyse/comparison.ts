import { hasValue, type Known, type Outcome } from '../outcome.ts';
import { type Change, describeChange, type Movement, movementOf } from './change.ts';
import type { Facts } from './facts.ts';
import type { Kpi } from './kpi.ts';
import { dispersion, newcombe, rateRatio, xmr } from './stats/index.ts';

/** The change of a figure against the period before, in words; `undefined` where the KPI defines no comparison or there is no figure. */
export function compareFigures(kpi: Kpi, current: Outcome, previous: Outcome, now: Facts, before: Facts): Change | undefined {
  if ((kpi.compare ?? kpi.daily) === undefined || !hasValue(current)) return undefined;
  const facts = { name: kpi.name, unit: kpi.unit, current, previous, minN: kpi.minN };
  if (!hasValue(previous)) return describeChange(facts);
  const movement = kpi.daily === undefined ? movedShare(current, previous) : movedCount(kpi, current, previous, now, before);
  const signal = kpi.daily !== undefined && movement?.by === 'ratio' && signalled(kpi.daily(now), kpi.daily(before), movement.ratio > 1);
  return describeChange({ ...facts, signal, ...(movement && { movement }) });
}

type Figure = Pick<Known, 'value' | 'n'>;

function movedShare(current: Figure, previous: Figure): Movement | undefined {
  const hits = ({ value, n }: Figure) => Math.round(value * n);
  return movementOf(newcombe(hits(previous), previous.n, hits(current), current.n));
}

function movedCount(kpi: Kpi, current: Figure, previous: Figure, now: Facts, before: Facts): Movement | undefined {
  const phi = [now, before].map((facts) => dispersion(kpi.daily?.(facts) ?? []));
  const counts = { a: previous.value, exposureA: daysIn(before), b: current.value, exposureB: daysIn(now) };
  return movementOf(rateRatio({ ...counts, dispersion: Math.max(...phi) }));
}

/** Exposure in days of 24 hours: a month with a DST change is not longer or shorter by accident. */
function daysIn({ period }: Facts): number {
  return (period.end - period.start) / 3_600_000 / 24;
}

/** Whether a day of this period stands out against both periods, the way the figure moved. With trial limits nothing does. */
function signalled(now: ArrayLike<number>, before: ArrayLike<number>, rose: boolean): boolean {
  const chart = xmr([...Array.from(before), ...Array.from(now)]);
  if (chart === undefined || chart.trial) return false;
  return chart.points.slice(before.length).some((point) => point.signals.length > 0 && point.side === (rose ? 1 : -1));
}
