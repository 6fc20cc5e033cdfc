import type { LifecycleEvent, Ms } from '../finding.ts';
import type { View } from '../store/index.ts';
import { at, countUntil } from './stats/at.ts';

/** Open with no end; closed at a known instant; ended at an unknown one; or in a status nobody knows. */
export const states = { open: 0, closed: 1, ended: 2, unknown: 3 } as const;

const ended = new Set(['resolved', 'closed', 'suppressed', 'deleted']);
const open = new Set(['new', 'in_progress', 'on_hold']);

export interface Lifecycle {
  /** One of `states` per row. */
  state: Uint8Array;
  /** The last close, NaN while open, after the data cut, or unknown. Up to 2 s before creation is clock skew and becomes creation. */
  closed: Float64Array;
  /** Rows whose close lies before their creation: no duration can be made of them. */
  negative: Uint8Array;
  /** Rows that say they were closed after the data cut: open as far as is known. */
  future: Uint8Array;
}

const skew: Ms = 2000;

/** Today's status is trusted for what it says now; when it was closed comes from the stamp only. */
export function lifecycleOf(view: View, created: Float64Array, asOf: Ms): Lifecycle {
  const status = view.text('status');
  const isOpen = status.values.map((value) => open.has(value));
  const isEnded = status.values.map((value) => ended.has(value));
  const stamps = view.number('closed_at');
  const state = new Uint8Array(view.rows);
  const closed = new Float64Array(view.rows).fill(Number.NaN);
  const negative = new Uint8Array(view.rows);
  const future = new Uint8Array(view.rows);
  for (let row = 0; row < view.rows; row += 1) {
    const code = status.codes[row] ?? -1;
    const stamp = stamps[row] ?? Number.NaN;
    if (isOpen[code] === true) continue;
    if (stamp > asOf) future[row] = 1;
    // Some products write 0, the first instant of 1970, for "never".
    else if (!(stamp > 0)) state[row] = isEnded[code] === true ? states.ended : states.unknown;
    else {
      const start = created[row] ?? Number.NaN;
      if (stamp < start - skew) negative[row] = 1;
      closed[row] = stamp < start && stamp >= start - skew ? start : stamp;
      state[row] = states.closed;
    }
  }
  return { state, closed, negative, future };
}

/** A stretch in which a finding was open; `to` is Infinity while it still is. */
export interface Interval {
  from: Ms;
  to: Ms;
}

/**
 * Open stretches of the rows that were reopened, from their events, and of those merged at a known time; every other row is
 * open from creation to close. Without events it is unknown when it was reopened, so it counts as open until its last close.
 */
export function specialStays(view: View, life: Lifecycle, created: Float64Array, merged: ReadonlyMap<number, Ms>): Map<number, Interval[]> {
  const counts = view.number('reopen_count');
  const rows: number[] = [];
  for (let row = 0; row < view.rows; row += 1) if (at(counts, row) > 0 && !merged.has(row)) rows.push(row);
  const events = eventsOf(view, rows);
  const stays = new Map([...merged].map(([row, end]) => [row, [{ from: at(created, row), to: end }]]));
  for (const [i, row] of rows.entries()) {
    const end = life.state[row] === states.open ? Number.POSITIVE_INFINITY : at(life.closed, row);
    const intervals = intervalsFrom(at(created, row), end, events[i] ?? []);
    if (intervals !== undefined) stays.set(row, intervals);
  }
  return stays;
}

/** When each of some rows was merged into another: by its event, else by its close. Rows of which nothing says it are left out. */
export function mergedTimes(view: View, rows: readonly number[], created: Float64Array, asOf: Ms): Map<number, Ms> {
  const stamps = view.number('closed_at');
  const events = eventsOf(view, rows);
  const times = new Map<number, Ms>();
  for (const [i, row] of rows.entries()) {
    const when = events[i]?.findLast((event) => event.type === 'merged')?.at ?? at(stamps, row);
    if (when >= at(created, row) && when <= asOf) times.set(row, when);
  }
  return times;
}

/** The events of some rows, in the order of time; none where the product gives none. Decoded for these rows only. */
export function eventsOf(view: View, rows: ArrayLike<number>): LifecycleEvent[][] {
  const cold = rows.length === 0 ? [] : view.cold(rows);
  return cold.map(({ extra }) => eventsIn(extra).sort((a, b) => a.at - b.at));
}

function eventsIn(extra: string | undefined): LifecycleEvent[] {
  if (extra?.includes('"events"') !== true) return [];
  const parsed: unknown = JSON.parse(extra);
  const events = typeof parsed === 'object' && parsed !== null && 'events' in parsed ? parsed.events : undefined;
  return Array.isArray(events) ? (events as LifecycleEvent[]) : []; // written by our own store from a Finding
}

/** `undefined` where the events tell of no pause. */
function intervalsFrom(created: Ms, end: Ms, events: readonly LifecycleEvent[]): Interval[] | undefined {
  const intervals: Interval[] = [];
  let from: Ms | undefined = created;
  for (const turn of events) {
    if (turn.type === 'closed' && from !== undefined) {
      intervals.push({ from, to: Math.max(from, turn.at) });
      from = undefined;
    } else if (turn.type === 'reopened') from ??= turn.at;
  }
  if (from !== undefined && end > from) intervals.push({ from, to: end });
  return intervals.length > 1 ? intervals : undefined;
}

interface Stays {
  created: Float64Array;
  life: Lifecycle;
  stays: ReadonlyMap<number, readonly Interval[]>;
}

/** How many of `rows` were open at each instant (ascending): created before it and not closed before it. `special` is 1 where a row may have stays. */
export function openAt(instants: readonly Ms[], rows: Int32Array, { created, life, stays }: Stays, special: Uint8Array): number[] {
  const ends = Float64Array.from(instants);
  const steps = new Int32Array(instants.length + 1);
  let first = 0;
  const count = (from: Ms, to: Ms) => {
    first = countUntil(ends, from, first);
    const after = to === Number.POSITIVE_INFINITY ? ends.length : countUntil(ends, to, first);
    if (after <= first) return;
    steps[first] = at(steps, first) + 1;
    steps[after] = at(steps, after) - 1;
  };
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] ?? -1;
    const intervals = special[row] === 1 ? stays.get(row) : undefined;
    if (intervals !== undefined) for (const { from, to } of intervals) count(from, to);
    else if (life.state[row] === states.open) count(created[row] ?? Number.NaN, Number.POSITIVE_INFINITY);
    else if (life.state[row] === states.closed) count(created[row] ?? Number.NaN, life.closed[row] ?? Number.NaN);
  }
  let running = 0;
  return instants.map((_, i) => {
    running += at(steps, i);
    return running;
  });
}
