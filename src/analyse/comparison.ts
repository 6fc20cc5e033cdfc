import { phrase, say, type Words } from '../words/index.ts';
import { hasValue, type Known, type Outcome } from '../outcome.ts';
import { type Change, type Driver, describeChange, describeTarget, type Movement, movementOf, type Target, topDriver } from './change.ts';
import type { Facts } from './facts.ts';
import { leastComplete } from './gaps.ts';
import type { Kpi } from './kpi.ts';
import { at } from './stats/at.ts';
import { type Assurance, dispersion, newcombe, rateRatio, type Xmr, xmr } from './stats/index.ts';

/** A figure and the period it is of. */
interface Dated {
  outcome: Outcome;
  facts: Facts;
}

/** What is known beside the two figures: the control chart of many periods, the target, and whether that will be met. */
interface Beside {
  chart: Xmr | undefined;
  target: number | undefined;
  outlook: Assurance;
}

/** The change of a figure against the period before, in words; `undefined` where the KPI defines no comparison or there is no figure. */
export function compareFigures(kpi: Kpi, current: Dated, previous: Dated, beside: Beside): Change | undefined {
  if ((kpi.compare ?? kpi.daily ?? kpi.moved) === undefined || !hasValue(current.outcome)) return undefined;
  const [now, before] = [current.facts, previous.facts];
  const figures = { current: current.outcome, previous: previous.outcome };
  const facts = {
    name: phrase(kpi.name),
    unit: kpi.unit,
    ...figures,
    minN: kpi.minN,
    ...targetOf(kpi, beside),
    ...driverOf(kpi, now, before),
  };
  if (!hasValue(previous.outcome)) return describeChange(facts);
  const hindrance = hindranceOf(current.outcome, now) ?? hindranceOf(previous.outcome, before, true);
  if (hindrance !== undefined) return describeChange({ ...facts, hindrance });
  if (kpi.moved !== undefined) {
    const movement = kpi.moved(now, before);
    return describeChange({ ...facts, statistic: say('median'), ...moved(movement, beside.chart) });
  }
  if (kpi.daily === undefined) return describeChange({ ...facts, ...moved(movedShare(current.outcome, previous.outcome), beside.chart) });
  const [later, earlier] = [completeDays(now, kpi.daily(now)), completeDays(before, kpi.daily(before))];
  const { movement, signal } = moved(movementOf(ratioOf(earlier, later)), beside.chart);
  const byDay = movement?.by === 'ratio' && signalled(later, earlier, movement.ratio > 1);
  const marked = now.coverage.marked ?? before.coverage.marked;
  const perDay = marked === undefined ? {} : { perDay: { current: later.total / later.length, previous: earlier.total / earlier.length } };
  return describeChange({ ...facts, signal: byDay || signal === true, ...perDay, ...(movement && { movement }) });
}

/** Where two periods are not compared, a figure with a target still says how it stands to it. */
export function plainSentence(
  kpi: Kpi,
  current: Outcome,
  { previous, ...beside }: Omit<Beside, 'chart'> & { previous: Outcome | undefined },
): { sentence?: Words } {
  const target = targetOf(kpi, beside);
  if (target.target === undefined || !hasValue(current)) return {};
  const figures = { name: phrase(kpi.name), unit: kpi.unit, current, minN: kpi.minN, ...(previous && { previous }) };
  const statistic = kpi.unit === 'seconds' ? { statistic: say('median') } : {};
  return { sentence: describeTarget({ ...figures, ...statistic, ...target }) };
}

/** A movement, and whether the control chart of the periods signals at this one, the way the figure moved. */
function moved(movement: Movement | undefined, chart: Xmr | undefined): { movement?: Movement; signal?: boolean } {
  if (movement === undefined) return {};
  const last = chart?.points.at(-1);
  const up = movement.by === 'from-none' || (movement.by === 'ratio' ? movement.ratio > 1 : movement.difference > 0);
  return { movement, signal: last !== undefined && last.signals.length > 0 && last.side === (up ? 1 : -1) };
}

function targetOf({ direction }: Kpi, { target, outlook }: Omit<Beside, 'chart'>): { target?: Target } {
  if (target === undefined || (direction !== 'up' && direction !== 'down')) return {};
  return { target: { value: target, better: direction, assurance: outlook } };
}

/** The part that moved most. Days that are missing on one side would be taken for a change, so then nothing is said. */
function driverOf({ driver: column }: Kpi, now: Facts, before: Facts): { driver?: Driver } {
  if (column === undefined || now.coverage.marked !== undefined || before.coverage.marked !== undefined) return {};
  const earlier = new Map(before.created.counts(column).map(({ name, n }) => [name, n]));
  const later = new Map(now.created.counts(column).map(({ name, n }) => [name, n]));
  const names = [...new Set([...earlier.keys(), ...later.keys()])].filter((name) => name !== undefined);
  // A value that does not occur in a period occurs zero times there: both periods are complete.
  const driver = topDriver(names.map((name) => ({ name, before: earlier.get(name) ?? 0, now: later.get(name) ?? 0 })));
  return driver === undefined ? {} : { driver };
}

/** A few missing days are worked around; a period that is mostly missing, or a figure that lacks something else, is not compared. */
function hindranceOf(figure: Outcome, { coverage }: Facts, earlier = false): Words | undefined {
  const why = lackOf(figure, coverage);
  return why === undefined || !earlier ? why : say('{reason} in the period before', { reason: why });
}

function lackOf(figure: Outcome, { states, complete, marked }: Facts['coverage']): Words | undefined {
  const days = states.length;
  if (complete < leastComplete * days) return say('only {n} of {all} days complete', { n: complete, all: days });
  return figure.status === 'partial' && String(figure.reason) !== String(marked) ? figure.reason : undefined;
}

type Figure = Pick<Known, 'value' | 'n'>;

function movedShare(current: Figure, previous: Figure): Movement | undefined {
  const hits = ({ value, n }: Figure) => Math.round(value * n);
  return movementOf(newcombe(hits(previous), previous.n, hits(current), current.n));
}

/** The complete days of a period: their counts, their weekdays, and how long they were in days of 24 hours. */
interface CompleteDays {
  counts: number[];
  /** 1 Monday … 7 Sunday, of each count. */
  weekdays: number[];
  total: number;
  length: number;
}

/** A day of 25 hours counts as more than one: a month with a change of clocks is not busier by accident. */
function completeDays({ period, coverage }: Facts, daily: ArrayLike<number>): CompleteDays {
  const found: CompleteDays = { counts: [], weekdays: [], total: 0, length: 0 };
  for (const [index, day] of period.days.entries()) {
    if (coverage.states[index]?.status !== 'complete') continue;
    found.counts.push(at(daily, index));
    found.weekdays.push(Temporal.PlainDate.from(day.date).dayOfWeek);
    found.total += at(daily, index);
    found.length += (day.end - day.start) / 3_600_000 / 24;
  }
  return found;
}

function ratioOf(earlier: CompleteDays, later: CompleteDays) {
  const phi = Math.max(dispersion(earlier.counts), dispersion(later.counts));
  return rateRatio({ a: earlier.total, exposureA: earlier.length, b: later.total, exposureB: later.length, dispersion: phi });
}

/**
 * Whether days of this period stand out against both periods, the way the figure moved. Days are taken relative to the
 * mean of their weekday, since a weekend is no signal; with trial limits nothing is one.
 */
function signalled(now: CompleteDays, before: CompleteDays, rose: boolean): boolean {
  const weekdays = [...before.weekdays, ...now.weekdays];
  const counts = [...before.counts, ...now.counts];
  const usual = new Map([...Map.groupBy(counts.keys(), (i) => weekdays[i])].map(([day, places]) => [day, meanOf(places, counts)]));
  const least = Math.min(...[...Map.groupBy(weekdays, (day) => day).values()].map(({ length }) => length));
  if (least < 3) return false; // one or two Mondays say nothing about Mondays
  const chart = xmr(counts.map((n, i) => n - (usual.get(weekdays[i]) ?? n)));
  if (chart === undefined || chart.trial) return false;
  return chart.points.slice(before.counts.length).some((point) => point.signals.length > 0 && point.side === (rose ? 1 : -1));
}

function meanOf(places: readonly number[], counts: readonly number[]): number {
  return places.reduce((sum, place) => sum + at(counts, place), 0) / places.length;
}
