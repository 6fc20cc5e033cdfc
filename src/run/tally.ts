import { categorise, type CategoryRule } from '../categories.ts';
import { compileFilter, type Filter } from '../filter/index.ts';
import { fields, type Ms } from '../finding.ts';
import { listSeparator } from '../store/columns.ts';
import type { View } from '../store/index.ts';
import { didYouMean } from '../suggest.ts';

/** The width of a bucket: seconds of the clock, or local days. */
export interface Bucket {
  seconds?: number;
  days?: number;
}

export interface Question {
  where: Filter | undefined;
  /** A text, list or number field, or `category`. */
  by: string | undefined;
  bucket: Bucket | undefined;
  /** Of creation. */
  from: Ms;
  below: Ms;
  /** Of the buckets' days. */
  zone: string;
  categories: readonly CategoryRule[];
}

export interface Count {
  /** Start of the bucket. */
  at: Ms | undefined;
  /** null: unknown. */
  value: string | null | undefined;
  n: number;
}

export interface Answer {
  counts: Count[];
  /** How many findings are in the set, and of how many that were created in that time. */
  n: number;
  of: number;
}

/** Counts the findings of a set by a field, by time, or both. A finding with several values of a list counts for each of them. */
export function tally(view: View, question: Question): Answer {
  const { where, from, below, zone } = question;
  const created = view.number('created_at');
  const mask = where === undefined ? undefined : compileFilter(where, { zone })(view);
  const valuesOf = question.by === undefined ? () => [undefined] : valuesBy(view, question.by, question.categories);
  const rows: number[] = [];
  let of = 0;
  for (let row = 0; row < view.rows; row++) {
    const at = created[row] ?? Number.NaN;
    if (!(at >= from && at < below)) continue;
    of++;
    if (mask === undefined || mask[row] === 1) rows.push(row);
  }
  rows.sort((a, b) => (created[a] ?? 0) - (created[b] ?? 0)); // rows are below view.rows
  const bucketOf =
    question.bucket === undefined
      ? () => undefined
      : bucketsFrom(Number.isFinite(from) ? from : (created[rows[0] ?? -1] ?? 0), question.bucket, zone);
  const counts = new Map<string, Count>();
  for (const row of rows) {
    const at = bucketOf(created[row] ?? Number.NaN);
    for (const value of valuesOf(row)) {
      const key = JSON.stringify([at, value]);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { at, value, n: 1 });
      else known.n++;
    }
  }
  return { counts: [...counts.values()].sort(inTimeThenMost), n: rows.length, of };
}

function inTimeThenMost(a: Count, b: Count): number {
  return (a.at ?? 0) - (b.at ?? 0) || b.n - a.n || String(a.value).localeCompare(String(b.value), 'en');
}

/** A field that cannot be counted by; the message names those that can. */
export class FieldError extends Error {
  override name = 'FieldError';
}

function valuesBy(view: View, by: string, rules: readonly CategoryRule[]): (row: number) => readonly (string | null)[] {
  if (by === 'category') {
    const { codes, names } = categorise(view, rules);
    return (row) => [names[codes[row] ?? -1] ?? null];
  }
  const kind = fields[by];
  const countable = [...Object.keys(fields).filter((name) => fields[name] !== 'instant'), 'category'];
  if (kind === undefined || kind === 'instant')
    throw new FieldError(`--by ${by}: findings cannot be counted by that${didYouMean(by, countable)}; there are: ${countable.join(', ')}`);
  const text = view.text(by);
  if (text !== undefined) {
    const split = text.values.map((value) => (kind === 'list' ? value.split(listSeparator) : [value]));
    return (row) => split[text.codes[row] ?? -1] ?? [null];
  }
  const numbers = view.number(by);
  return (row) => [numbers === undefined || Number.isNaN(numbers[row] ?? Number.NaN) ? null : String(numbers[row])];
}

/** Instants must come in order: each local day is worked out once. Clock buckets start anew at each local midnight. */
function bucketsFrom(first: Ms, { seconds, days = 1 }: Bucket, zone: string): (at: Ms) => Ms {
  let day = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone).startOfDay();
  const step = seconds === undefined ? days : 1;
  let next = day.add({ days: step }).startOfDay();
  return (at) => {
    while (at >= next.epochMilliseconds) {
      day = next;
      next = day.add({ days: step }).startOfDay();
    }
    const start = day.epochMilliseconds;
    return seconds === undefined ? start : start + Math.floor((at - start) / (seconds * 1000)) * seconds * 1000;
  };
}
