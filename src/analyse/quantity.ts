import type { Unit } from './kpi.ts';

/**
 * A figure as a sentence says it: durations in two neighbouring units, rates and ratios to two significant figures,
 * counts whole. @throws RangeError for NaN and infinities, which are no figures.
 */
export function quantityText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no figure to print`);
  switch (unit) {
    case 'count':
      return Number.isInteger(value) ? grouped(value) : significant(value);
    case 'rate':
      return `${percentDigits(value)} %`;
    case 'seconds':
      return durationText(value);
    case 'hours':
      return durationText(value * 3600);
    case 'days':
      return `${significant(value)} d`;
    case 'per-day':
      return `${significant(value)} per day`;
    case 'ratio':
      return significant(value);
  }
}

/** "9–14 min": the unit stands once where both ends share it. */
export function rangeText(low: number, high: number, unit: Unit): string {
  const [from, to] = [quantityText(low, unit), quantityText(high, unit)];
  if (from === to) return to;
  const shared = /^[−\d,.]+( .+)$/.exec(to)?.[1];
  return shared !== undefined && /^[−\d,.]+( .+)$/.exec(from)?.[1] === shared ? `${from.slice(0, -shared.length)}–${to}` : `${from}–${to}`;
}

/** Two neighbouring units at most: "45 s", "12 min", "2 h 10 min", "3 d 4 h", "17 d". */
export function durationText(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size < 59.5) return `${sign}${size < 9.95 ? significant(size) : Math.round(size)} s`;
  // Rounded before it is split, so that 59 min 40 s is 1 h and not "60 min".
  const minutes = Math.round(size / 60);
  if (minutes < 60) return `${sign}${minutes} min`;
  if (minutes < 24 * 60) return sign + pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(size / 3600);
  if (hours < 10 * 24) return sign + pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${sign}${grouped(Math.round(hours / 24))} d`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Two significant figures; what is larger than that stays whole. */
export function significant(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 99.5 ? grouped(Math.round(value)) : minus(String(Number(value.toPrecision(2))));
}

/** A share in percent: nothing that is not all reads as 100, nothing that is not none as 0. */
function percentDigits(share: number): string {
  const percent = share * 100;
  if (percent <= 99 || percent >= 100) return significant(percent);
  return percent > 99.99 ? 'over 99.99' : String(Math.floor(percent * 100) / 100);
}

function grouped(value: number): string {
  return minus(String(value).replace(/\B(?=(\d{3})+$)/g, ','));
}

function minus(text: string): string {
  return text.replace('-', '−');
}
