import { duration, listed, type Phrase, quantity, range, say, signed, type Words } from '../words/index.ts';
import { hasValue, type Interval, type Known, type Outcome, type Partial } from '../outcome.ts';
import type { Unit } from './kpi.ts';
import type { Assurance, Difference, RateRatio } from './stats/index.ts';

/** How far a figure moved since the period before, with its 95 % interval; "from none" has no size. */
export type Movement =
  | ({ by: 'ratio'; ratio: number } & Interval)
  | ({ by: 'difference'; difference: number } & Interval)
  | { by: 'from-none'; low: number };

/** A rate ratio or a difference as a movement; `undefined` where there was nothing to move. */
export function movementOf(change: RateRatio | Difference | undefined): Movement | undefined {
  if (change === undefined) return undefined;
  if (!('status' in change)) return { by: 'difference', ...change };
  switch (change.status) {
    case 'ok':
      return { by: 'ratio', ratio: change.ratio, low: change.low, high: change.high };
    case 'from-none':
      return { by: 'from-none', low: change.low };
    case 'no-events':
      return undefined;
  }
}

/** What the sentence is made of; every number in it is one of these. */
export interface ChangeFacts {
  /** The KPI in words: "Time to acknowledge". */
  name: Words;
  unit: Unit;
  /** Said before the figure: "median". */
  statistic?: Words;
  current: Outcome;
  previous?: Outcome;
  movement?: Movement;
  /** The control chart signals at this period too. */
  signal?: boolean;
  /** Why the two are not to be compared, where they are not. */
  hindrance?: Words;
  /** Counts of incomplete periods move as rates per complete day, and are printed as such. */
  perDay?: { current: number; previous: number };
  /** Below this many on either side nothing is judged. */
  minN: number;
  target?: Target;
  driver?: Driver;
}

export interface Target {
  /** In the KPI's unit or, with `within_s`, a share. */
  value: number;
  better: 'up' | 'down';
  assurance: Assurance;
  /** For durations: the share that stayed within so many seconds is what the target is about. */
  within_s?: number;
  share?: number;
}

/** How much of a change of counts one part makes. */
export interface Driver {
  name: string;
  part: number;
  total: number;
}

type Step = 'none' | 'probable' | 'clear' | 'too-few' | 'unknown';

export interface Change {
  step: Step;
  direction?: 'rose' | 'fell';
  /** "no clear change", "probably rose by 12 %", "clearly fell by 30 %". */
  phrase: Words;
  /** The whole sentence. */
  text: Words;
}

/** The ladder: no clear change, probably (the interval excludes none), clearly (the control chart agrees). Same facts, same words. */
export function describeChange(facts: ChangeFacts): Change {
  const { current } = facts;
  if (!hasValue(current)) {
    const step = current.status === 'too-few' ? 'too-few' : 'unknown';
    return { step, phrase: current.reason, text: say('{name}: {reason}.', { name: facts.name, reason: current.reason }) };
  }
  const judged = judge(facts, current);
  const clauses = [headClause(facts, current, judged), targetClause(facts, current), driverClause(facts.driver, judged)];
  const said = clauses.filter((clause) => clause !== undefined);
  return { ...judged, text: say('{clauses}.', { clauses: listed(said, 'semicolon') }) };
}

/** The same of a figure whose change is not judged: what it is, what it was, and how it stands to its target. */
export function describeTarget(facts: ChangeFacts & { current: Known | Partial }): Phrase {
  const clauses = [figureClause(facts, facts.current, facts.name), targetClause(facts, facts.current)];
  const said = clauses.filter((clause) => clause !== undefined);
  return say('{clauses}.', { clauses: listed(said, 'semicolon') });
}

type Judged = Omit<Change, 'text'>;

function judge({ previous, movement, signal, minN, unit, hindrance, perDay }: ChangeFacts, current: Known | Partial): Judged {
  if (current.n < minN) return { step: 'too-few', phrase: say('too few cases to judge (n = {n})', { n: current.n }) };
  if (previous === undefined) return { step: 'unknown', phrase: say('no earlier period to compare with') };
  if (!hasValue(previous)) return { step: 'unknown', phrase: say('nothing to compare with: {reason}', { reason: previous.reason }) };
  if (previous.n < minN)
    return { step: 'too-few', phrase: say('too few cases to judge (n = {n} in the period before)', { n: previous.n }) };
  if (hindrance !== undefined) return { step: 'unknown', phrase: say('not comparable: {hindrance}', { hindrance }) };
  const direction = movement && directionOf(movement);
  const daily = perDay !== undefined;
  if (movement === undefined || direction === undefined) {
    return { step: 'none', phrase: daily ? say('no clear change per complete day') : say('no clear change') };
  }
  const step = signal === true ? 'clear' : 'probable';
  return { step, direction, phrase: movedPhrase(step, direction, sizeText(movement, unit), daily) };
}

/** Each as a whole: languages put verb, size and basis in orders of their own. */
function movedPhrase(step: 'clear' | 'probable', direction: 'rose' | 'fell', size: Words, daily: boolean): Phrase {
  const moved =
    step === 'clear'
      ? direction === 'rose'
        ? say('clearly rose {size}', { size })
        : say('clearly fell {size}', { size })
      : direction === 'rose'
        ? say('probably rose {size}', { size })
        : say('probably fell {size}', { size });
  return daily ? say('{moved} per complete day', { moved }) : moved;
}

/** Which way, where the interval excludes "none"; else `undefined`. */
function directionOf(movement: Movement): 'rose' | 'fell' | undefined {
  const none = movement.by === 'difference' ? 0 : 1;
  if (movement.low > none) return 'rose';
  return movement.by !== 'from-none' && movement.high < none ? 'fell' : undefined;
}

function sizeText(movement: Movement, unit: Unit): Words {
  switch (movement.by) {
    case 'from-none':
      return say('from none');
    case 'difference': {
      const size = Math.abs(movement.difference);
      return unit === 'rate'
        ? say('by {n} percentage points', { n: quantity(size * 100, 'ratio') })
        : say('by {amount}', { amount: quantity(size, unit) });
    }
    case 'ratio':
      if (movement.ratio === 0) return say('to none');
      return movement.ratio >= 1.95
        ? say('to {n} times as much', { n: quantity(movement.ratio, 'ratio') })
        : say('by {amount}', { amount: quantity(Math.abs(movement.ratio - 1), 'rate') });
  }
}

/** "Time to acknowledge shows no clear change: median 11 min (9–14 min, n=212) vs 10 min". */
function headClause(facts: ChangeFacts, current: Known | Partial, { step, phrase }: Judged): Words {
  const { name } = facts;
  const lead =
    step === 'none'
      ? say('{name} shows {change}', { name, change: phrase })
      : step === 'probable' || step === 'clear'
        ? say('{name} {change}', { name, change: phrase })
        : say('{name}, {change}', { name, change: phrase });
  return figureClause(facts, current, lead);
}

function figureClause(facts: ChangeFacts, current: Known | Partial, lead: Words): Words {
  const { unit, previous, perDay } = facts;
  const value = valueText(facts, current);
  // Two totals over different days would contradict what is said of their rates.
  if (perDay !== undefined) {
    const [now, before] = [quantity(perDay.current, 'ratio'), quantity(perDay.previous, 'ratio')];
    return say('{lead}: {now} vs {before} ({total} in all)', { lead, now, before, total: value });
  }
  const made = madeText(facts, current, value);
  return previous !== undefined && hasValue(previous)
    ? say('{lead}: {now} vs {before}', { lead, now: made, before: quantity(previous.value, unit) })
    : say('{lead}: {now}', { lead, now: made });
}

function valueText({ unit }: ChangeFacts, current: Known | Partial): Words {
  const value = quantity(current.value, unit);
  return current.status === 'partial' && unit === 'count' ? say('at least {value}', { value }) : value;
}

/** The figure with its interval and n; a count is its own n. */
function madeText({ unit, statistic }: ChangeFacts, current: Known | Partial, value: Words): Words {
  const { low, high, n } = current;
  const figure = statistic === undefined ? value : say('{statistic} {value}', { statistic, value });
  if (low !== undefined && high !== undefined) return say('{figure} ({range}, n = {n})', { figure, range: range(low, high, unit), n });
  return unit === 'count' ? figure : say('{figure} (n = {n})', { figure, n });
}

const assurances: Record<Assurance, Phrase | undefined> = {
  pass: say('consistently met'),
  fail: say('consistently missed'),
  inconsistent: say('hit-or-miss'),
  none: undefined,
};

/** "94 % within 15 min (target 95 %, hit-or-miss)", or "target 95 % missed". */
function targetClause({ target, unit }: ChangeFacts, current: Known | Partial): Words | undefined {
  if (target === undefined) return undefined;
  const { value, better, within_s, share } = target;
  const figure = within_s === undefined ? current.value : share;
  const wanted = quantity(value, within_s === undefined ? unit : 'rate');
  if (figure === undefined) return say('target {wanted}, not measured', { wanted });
  const met = better === 'up' ? figure >= value : figure <= value;
  const outlook = assurances[target.assurance];
  if (within_s !== undefined) {
    const held = { share: quantity(figure, 'rate'), time: duration(within_s), wanted };
    return say('{share} within {time} (target {wanted}, {outlook})', { ...held, outlook: outlook ?? (met ? say('met') : say('missed')) });
  }
  const said = met ? say('target {wanted} met', { wanted }) : say('target {wanted} missed', { wanted });
  return outlook === undefined ? said : say('{target} ({outlook})', { target: said, outlook });
}

/** The largest part of a change that was found; without a change there is nothing to explain. */
function driverClause(driver: Driver | undefined, { direction }: Judged): Words | undefined {
  if (driver === undefined || direction === undefined) return undefined;
  const { name, part, total } = driver;
  return say('largest part “{name}” ({part} of {total})', { name, part: signed(part), total: signed(total) });
}

/** The part that moved most in the direction in which the total moved; the first name where two moved alike. */
export function topDriver(parts: readonly { name: string; before: number; now: number }[]): Driver | undefined {
  const total = parts.reduce((sum, { before, now }) => sum + now - before, 0);
  let top: Driver | undefined;
  for (const { name, before, now } of parts) {
    const part = now - before;
    if (part * total <= 0) continue;
    const further = top === undefined || Math.abs(part) > Math.abs(top.part) || (part === top.part && name < top.name);
    if (further) top = { name, part, total };
  }
  return top;
}
