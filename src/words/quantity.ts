import { type Phrase, quantityPhrase, type Words } from './phrase.ts';
import type { Unit } from './print.ts';

/**
 * A figure as a sentence says it: durations in two neighbouring units, rates and ratios to two significant figures,
 * counts whole. @throws RangeError for NaN and infinities, which are no figures.
 */
export function quantity(value: number, unit: Unit): Phrase {
  return quantityPhrase(unit, { value: finite(value) });
}

/** Two neighbouring units at most: "45 s", "12 min", "2 h 10 min", "3 d 4 h", "17 d". */
export function duration(seconds: number): Phrase {
  return quantity(seconds, 'seconds');
}

/** "9–14 min": the unit stands once where both ends share it. */
export function range(low: number, high: number, unit: Unit): Phrase {
  return quantityPhrase('range', { low: finite(low), high: finite(high), unit });
}

/** A share in whole percent; what is not nothing and not all never reads as 0 or 100 %. */
export function percent(share: number): Phrase {
  return quantityPhrase('percent', { value: finite(share) });
}

/** A count with its sign: "+12", "−3". */
export function signed(count: number): Phrase {
  return quantityPhrase('signed', { value: finite(count) });
}

/** Items in one line: "a, b, c"; "a; b; c"; "a, b and c"; "a, b or c". */
export function listed(items: readonly Words[], how: 'comma' | 'semicolon' | 'and' | 'or' = 'comma'): Phrase {
  return quantityPhrase('list', { items, how });
}

/** Days as YYYY-MM-DD, the last one included: "14 October 2026", "14–17 October 2026". */
export function dates(first: string, last = first): Phrase {
  return quantityPhrase('dates', { first, last });
}

/** A month as YYYY-MM: "October 2026". */
export function monthOf(month: string): Phrase {
  return quantityPhrase('month', { month });
}

/** Half-open epoch ms: "1–31 October 2026". */
export function span({ start, end, zone }: { start: number; end: number; zone: string }): Phrase {
  return quantityPhrase('span', { start, end, zone });
}

/** Epoch ms on the clock of a zone: "2026-10-05 14:03". */
export function instant(at: number, zone: string): Phrase {
  return quantityPhrase('instant', { at, zone });
}

/** 1 Monday … 7 Sunday. */
export function weekday(day: number): Phrase {
  return quantityPhrase('weekday', { day });
}

/** "Thursday 1 October". */
export function weekdayDate(at: number, zone: string): Phrase {
  return quantityPhrase('weekday-date', { at, zone });
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no figure to print`);
  return value;
}
