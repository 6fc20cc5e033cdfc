import type { Ms } from '../finding.ts';
import type { HttpAnswer } from '../http.ts';

/**
 * An instant as products write it: RFC 3339 with up to nine digits of fraction, with an offset that may lack its colon
 * ("+0000", Wazuh) and a blank for the T. Cut to whole ms. undefined for anything else, also for a time without offset:
 * in whose zone it is meant, nobody can say.
 */
export function instantOf(text: unknown): Ms | undefined {
  if (typeof text !== 'string') return undefined;
  const [, date, time, fraction = '', zone] = form.exec(text.trim()) ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const ms = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

const form = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?([Zz]|[+-]\d\d:?\d\d)$/;

/** ISO 8601 UTC with ms, as every API takes it. */
export function isoOf(instant: Ms): string {
  return new Date(instant).toISOString();
}

/** The product's own clock when it answered (the Date header, whole seconds); undefined where it sends none. */
export function clockOf(answer: HttpAnswer): Ms | undefined {
  const date = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(date) ? undefined : date;
}
