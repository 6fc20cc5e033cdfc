import type { Client } from '../../config/index.ts';
import { known } from '../../outcome.ts';
import { type Change, describeChange, movementOf } from '../change.ts';
import type { Facts } from '../facts.ts';
import { rulesOf } from '../identity.ts';
import type { ColumnName } from '../findings.ts';
import { oncePerObject } from '../../once.ts';
import { at } from '../stats/at.ts';
import { dispersion, rateRatio } from '../stats/index.ts';
import { itemsOf } from '../table.ts';
import { fates, holdoutShift, replayOf } from './replay.ts';

/** What an adopted tuning did to the findings it is about, per complete day before and after its date. */
export interface Effect {
  tuning: Client['tunings'][number];
  before: { n: number; days: number };
  after: { n: number; days: number };
  /** Real findings of the whole rule before and after: what must not vanish with the noise. */
  realBefore: number;
  realAfter: number;
  /** Absent where one side has fewer than seven complete days. */
  change?: Change;
  expired: boolean;
}

const leastDays = 7;

/** In the order of the configuration; without those that come into force only after the period. */
export const effectsOf = oncePerObject((facts: Facts): Effect[] => {
  const last = facts.period.days.at(-1)?.date ?? '';
  return facts.client.tunings.filter(({ from }) => from <= last).map((tuning) => effectOf(facts, tuning, last));
});

function effectOf(facts: Facts, tuning: Effect['tuning'], last: string): Effect {
  const { history } = facts;
  const fields = { rule: tuning.rule, actors: tuning.source, targets: tuning.destination, users: tuning.user };
  const asked = Object.entries(fields).flatMap(([column, value]) =>
    value === undefined ? [] : [matches(history, column as ColumnName, value)],
  ); // the four keys above
  const isReal = realPlaces(facts);
  const ofRule = asked[0] ?? (() => false); // a tuning always names its rule
  const daily = new Float64Array(history.period.days.length);
  const cut = history.period.days.findIndex(({ date }) => date >= tuning.from);
  const real = { before: 0, after: 0 };
  const days = history.created.coded('day').codes;
  for (let i = 0; i < days.length; i += 1) {
    const day = days[i] ?? -1;
    if (day < 0 || !ofRule(i)) continue;
    if (isReal(i)) real[day < cut ? 'before' : 'after'] += 1;
    if (asked.every((test) => test(i))) daily[day] = at(daily, day) + 1;
  }
  const complete = (from: number, to: number) =>
    Array.from(daily.subarray(from, to)).filter((_, i) => history.coverage.states[from + i]?.status === 'complete');
  const [before, after] = cut < 0 ? [complete(0, daily.length), []] : [complete(0, cut), complete(cut, daily.length)];
  const change = changeOf(before, after);
  return {
    tuning,
    before: { n: sumOf(before), days: before.length },
    after: { n: sumOf(after), days: after.length },
    realBefore: real.before,
    realAfter: real.after,
    expired: tuning.expires <= last,
    ...(change === undefined ? {} : { change }),
  };
}

/** Whether a finding of the history names the value. */
function matches({ created, findings }: Facts, column: ColumnName, value: string): (place: number) => boolean {
  const lists = findings.lists(column);
  // A rule may be called by its id or by a name it had before.
  const wanted = column === 'rule' ? (rulesOf(findings).called.get(value) ?? [value]) : [value];
  const items = new Set(wanted.map((name) => lists.values.indexOf(name)));
  const has = lists.texts.map((_, text) => itemsOf(lists, text).some((item) => items.has(item)));
  const { codes } = created.coded(column);
  return (place) => has[codes[place] ?? -1] === true;
}

function realPlaces(facts: Facts): (place: number) => boolean {
  const classes = replayOf(facts)?.classes;
  return (place) => classes !== undefined && at(classes, place) % holdoutShift === fates.real;
}

function changeOf(before: readonly number[], after: readonly number[]): Change | undefined {
  if (before.length < leastDays || after.length < leastDays) return undefined;
  const [a, b] = [sumOf(before), sumOf(after)];
  const phi = Math.max(dispersion(before), dispersion(after));
  const movement = movementOf(rateRatio({ a, exposureA: before.length, b, exposureB: after.length, dispersion: phi }));
  const perDay = { current: b / after.length, previous: a / before.length };
  return describeChange({
    name: 'Findings',
    unit: 'count',
    current: known(b, b),
    previous: known(a, a),
    minN: 0,
    perDay,
    ...(movement && { movement }),
  });
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0);
}
