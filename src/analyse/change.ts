import { hasValue, type Interval, type Known, type Outcome, type Partial } from '../outcome.ts';
import type { Words } from '../words/index.ts';
import type { Unit } from './kpi.ts';
import { durationText, quantityText, rangeText, significant } from './quantity.ts';
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
  name: string;
  unit: Unit;
  /** Said before the figure: "median". */
  statistic?: string;
  current: Outcome;
  previous?: Outcome;
  movement?: Movement;
  /** The control chart signals at this period too. */
  signal?: boolean;
  /** Why the two are not to be compared, where they are not. */
  hindrance?: string;
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
    return { step, phrase: current.reason, text: `${facts.name}: ${current.reason}.` };
  }
  const judged = judge(facts, current);
  const clauses = [headClause(facts, current, judged), targetClause(facts, current), driverClause(facts.driver, judged)];
  return { ...judged, text: `${clauses.filter((clause) => clause !== '').join('; ')}.` };
}

/** The same of a figure whose change is not judged: what it is, what it was, and how it stands to its target. */
export function describeTarget(facts: ChangeFacts & { current: Known | Partial }): string {
  const plain: Judged = { step: 'unknown', phrase: '' };
  return `${headClause(facts, facts.current, plain)}; ${targetClause(facts, facts.current)}.`;
}

type Judged = Omit<Change, 'text'>;

function judge({ previous, movement, signal, minN, unit, hindrance, perDay }: ChangeFacts, current: Known | Partial): Judged {
  if (current.n < minN) return tooFew(current.n);
  if (previous === undefined) return { step: 'unknown', phrase: 'no earlier period to compare with' };
  if (!hasValue(previous)) return { step: 'unknown', phrase: `nothing to compare with: ${previous.reason}` };
  if (previous.n < minN) return tooFew(previous.n, ' in the period before');
  if (hindrance !== undefined) return { step: 'unknown', phrase: `not comparable: ${hindrance}` };
  const direction = movement && directionOf(movement);
  const basis = perDay === undefined ? '' : ' per complete day';
  if (movement === undefined || direction === undefined) return { step: 'none', phrase: `no clear change${basis}` };
  const step = signal === true ? 'clear' : 'probable';
  return { step, direction, phrase: `${step === 'clear' ? 'clearly' : 'probably'} ${direction} ${sizeText(movement, unit)}${basis}` };
}

function tooFew(n: number, where = ''): Judged {
  return { step: 'too-few', phrase: `too few cases to judge (n=${n}${where})` };
}

/** Which way, where the interval excludes "none"; else `undefined`. */
function directionOf(movement: Movement): 'rose' | 'fell' | undefined {
  const none = movement.by === 'difference' ? 0 : 1;
  if (movement.low > none) return 'rose';
  return movement.by !== 'from-none' && movement.high < none ? 'fell' : undefined;
}

function sizeText(movement: Movement, unit: Unit): string {
  switch (movement.by) {
    case 'from-none':
      return 'from none';
    case 'difference': {
      const size = Math.abs(movement.difference);
      return `by ${unit === 'rate' ? `${significant(size * 100)} percentage points` : quantityText(size, unit)}`;
    }
    case 'ratio':
      if (movement.ratio === 0) return 'to none';
      return movement.ratio >= 1.95
        ? `to ${significant(movement.ratio)} times as much`
        : `by ${quantityText(Math.abs(movement.ratio - 1), 'rate')}`;
  }
}

/** "Time to acknowledge shows no clear change: median 11 min (9–14 min, n=212) vs 10 min". */
function headClause({ name, unit, statistic, previous, perDay }: ChangeFacts, current: Known | Partial, { step, phrase }: Judged): string {
  const verb = step === 'none' ? `shows ${phrase}` : phrase;
  const lead = step === 'probable' || step === 'clear' || step === 'none' ? `${name} ${verb}` : phrase === '' ? name : `${name}, ${verb}`;
  const value = `${current.status === 'partial' && unit === 'count' ? 'at least ' : ''}${quantityText(current.value, unit)}`;
  const { low, high } = current;
  const interval = low === undefined || high === undefined ? '' : `${rangeText(low, high, unit)}, `;
  // Two totals over different days would contradict what is said of their rates.
  if (perDay !== undefined) return `${lead}: ${significant(perDay.current)} vs ${significant(perDay.previous)} (${value} in all)`;
  // A count is its own n.
  const made = unit === 'count' && interval === '' ? '' : ` (${interval}n=${current.n})`;
  const before = previous !== undefined && hasValue(previous) ? ` vs ${quantityText(previous.value, unit)}` : '';
  return `${lead}: ${statistic === undefined ? '' : `${statistic} `}${value}${made}${before}`;
}

const assurances: Record<Assurance, string> = {
  pass: 'consistently met',
  fail: 'consistently missed',
  inconsistent: 'hit-or-miss',
  none: '',
};

/** "94 % within 15 min (target 95 %, hit-or-miss)", or "target 95 % missed". */
function targetClause({ target, unit }: ChangeFacts, current: Known | Partial): string {
  if (target === undefined) return '';
  const { value, better, within_s, share } = target;
  const figure = within_s === undefined ? current.value : share;
  const wanted = quantityText(value, within_s === undefined ? unit : 'rate');
  if (figure === undefined) return `target ${wanted}, not measured`;
  const met = (better === 'up' ? figure >= value : figure <= value) ? 'met' : 'missed';
  const outlook = assurances[target.assurance] || met;
  if (within_s !== undefined) return `${quantityText(figure, 'rate')} within ${durationText(within_s)} (target ${wanted}, ${outlook})`;
  return outlook === met ? `target ${wanted} ${met}` : `target ${wanted} ${met} (${outlook})`;
}

/** The largest part of a change that was found; without a change there is nothing to explain. */
function driverClause(driver: Driver | undefined, { direction }: Judged): string {
  if (driver === undefined || direction === undefined) return '';
  return `largest part “${driver.name}” (${signed(driver.part)} of ${signed(driver.total)})`;
}

function signed(count: number): string {
  return `${count > 0 ? '+' : ''}${quantityText(count, 'count')}`;
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
