import { type Words, instant, listed, say } from '../words/index.ts';
import type { Ms } from '../finding.ts';
import type { Day, Period } from '../period.ts';
import type { Batch } from '../store/index.ts';
import type { CoverageDay } from './analysis.ts';
import { gapMark, gapSentence, gapWords } from './gaps.ts';
import { at } from './stats/at.ts';

interface Window {
  from: Ms;
  to: Ms;
}

interface CoverageInput {
  period: Period;
  asOf: Ms;
  batches: readonly Batch[];
  /** Every configured source; days of the required ones mark the figures. */
  sources: readonly { id: string; required: boolean }[];
  /** Findings in the view per source and day of the period. */
  fetched(source: string): ArrayLike<number>;
}

/** What is known about a day over all required sources: a figure of it is exact, a lower bound, or not there at all. */
export type DayState = { status: 'complete' } | { status: 'partial' | 'no-data'; reason: Words };

export interface Coverage {
  days: CoverageDay[];
  /** One per day of the period. */
  states: DayState[];
  /** Why figures over the whole period are incomplete, in a sentence; absent when they are not. */
  incomplete: Words | undefined;
  /** What such a figure says of itself: "1 of 31 days not complete". */
  marked: Words | undefined;
  /** How many of the days are complete. */
  complete: number;
  /** Per source how long no collection covers of what lay before the data cut, in ms. */
  blind: { source: string; required: boolean; ms: number }[];
  /** Whether any day is known at all. */
  known: boolean;
}

/**
 * Coverage per source and local day, from the windows of the batches finished by `asOf`.
 * A window of either mode covers the creation of findings in [window_from, window_to).
 */
export function coverageOf(input: CoverageInput): Coverage {
  const bySource = input.sources.map((source) => ({ ...source, days: sourceDays(input, source.id) }));
  const required = bySource.filter((source) => source.required);
  const states = input.period.days.map((_, index) => dayState(required.flatMap((source) => source.days[index] ?? [])));
  const complete = states.filter((state) => state.status === 'complete').length;
  const marked = complete === states.length ? undefined : gapMark(complete, states.length);
  return {
    days: bySource.flatMap((source) => source.days),
    states,
    // Without any source there is no gap to name, and yet no day is complete.
    incomplete: gapSentence(required) ?? (marked === undefined ? undefined : say('no source is configured')),
    marked,
    complete,
    blind: input.sources.map(({ id, required }) => ({ source: id, required, ms: blindTime(input, id) })),
    known: states.some((state) => state.status !== 'no-data'),
  };
}

function sourceDays(input: CoverageInput, source: string): CoverageDay[] {
  const batches = input.batches.filter((batch) => batch.source === source && batch.finished_at <= input.asOf);
  // Nothing after the end of a collection can have been seen by it, whatever window it was asked for.
  const windows = batches.map((batch) => ({ batch, from: batch.window_from, to: Math.min(batch.window_to, batch.finished_at) }));
  const covered = union(windows.filter(({ batch }) => batch.status === 'complete'));
  const failures = windows.filter(({ batch }) => batch.status !== 'complete');
  const fetched = input.fetched(source);
  return input.period.days.map((day, index) => ({
    source,
    day: day.date,
    fetched: at(fetched, index),
    ...expectedOf(batches, day),
    ...judge(day, covered, failures, input),
  }));
}

/** What no complete collection covers, up to the end of the period or the data cut. */
function blindTime({ period, asOf, batches }: CoverageInput, source: string): Ms {
  const whole = { date: '', start: period.start, end: Math.min(period.end, asOf) };
  const own = batches.filter((batch) => batch.source === source && batch.status === 'complete' && batch.finished_at <= asOf);
  const covered = union(own.map((batch) => ({ from: batch.window_from, to: Math.min(batch.window_to, batch.finished_at) })));
  const parts = covered.filter((window) => overlaps(window, whole)).map((window) => clip(window, whole));
  return gapsIn(whole, parts).reduce((sum, { from, to }) => sum + to - from, 0);
}

/** What the product announced for exactly this day; windows that reach beyond it say nothing about it. */
function expectedOf(batches: readonly Batch[], day: Day): { expected?: number } {
  const batch = batches.findLast((b) => b.mode === 'created' && b.window_from === day.start && b.window_to === day.end);
  return batch?.expected === undefined ? {} : { expected: batch.expected };
}

type Judgement = Pick<CoverageDay, 'status' | 'reason'>;

function judge(day: Day, covered: readonly Window[], failures: readonly ({ batch: Batch } & Window)[], input: CoverageInput): Judgement {
  const parts = covered.filter((window) => overlaps(window, day)).map((window) => clip(window, day));
  const gaps = gapsIn(day, parts);
  if (gaps.length === 0) return { status: 'complete' };
  const failure = failures.findLast((failed) => gaps.some((gap) => overlaps(failed, gap)))?.batch;
  if (failure !== undefined) {
    const unsaid = failure.status === 'failed' ? say('the collection failed') : say('the collection was partial');
    const reason = failure.reason ?? unsaid;
    return { status: failure.status === 'failed' && parts.length === 0 ? 'failed' : 'partial', reason };
  }
  if (day.start >= input.asOf) return { status: 'not-collected', reason: say('the day begins after the data cut') };
  const [first] = parts;
  if (first === undefined) return { status: 'not-collected', reason: say('no collection covers it') };
  if (parts.length === 1 && first.from === day.start) {
    return { status: 'late', reason: say('collected only until {at}', { at: instant(first.to, input.period.zone) }) };
  }
  return { status: 'partial', reason: say('collections leave a gap in it') };
}

function union(windows: readonly Window[]): Window[] {
  const merged: Window[] = [];
  for (const { from, to } of windows.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (to <= from) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

function overlaps(window: Window, other: Window | Day): boolean {
  const range = 'start' in other ? { from: other.start, to: other.end } : other;
  return window.from < range.to && window.to > range.from;
}

function clip(window: Window, day: Day): Window {
  return { from: Math.max(window.from, day.start), to: Math.min(window.to, day.end) };
}

function gapsIn(day: Day, parts: readonly Window[]): Window[] {
  const gaps: Window[] = [];
  let reached = day.start;
  for (const part of parts) {
    if (part.from > reached) gaps.push({ from: reached, to: part.from });
    reached = part.to;
  }
  if (reached < day.end) gaps.push({ from: reached, to: day.end });
  return gaps;
}

/** A required source that is missing makes the day a lower bound; a day of which nothing is known is no data. */
function dayState(days: readonly CoverageDay[]): DayState {
  if (days.length === 0) return { status: 'no-data', reason: say('no source is configured') };
  const open = days.filter((day) => day.status !== 'complete');
  if (open.length === 0) return { status: 'complete' };
  const reason = listed(
    open.map((day) => say('{source} {what}', { source: day.source, what: gapWords(day) })),
    'semicolon',
  );
  const nothing = days.every((day) => (day.status === 'failed' || day.status === 'not-collected') && !(day.fetched > 0));
  return { status: nothing ? 'no-data' : 'partial', reason };
}
