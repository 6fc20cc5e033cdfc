import type { Ms } from '../finding.ts';
import { addBusinessSeconds, businessSeconds, type Calendar, merged, type Stretch } from './hours.ts';

/** A time in which a clock stood still, such as "on hold"; without `to` it still does. */
export interface Pause {
  from: Ms;
  to?: Ms;
}

interface SlaClock {
  start: Ms;
  /** Seconds of running clock that are allowed. */
  target_s: number;
  /** Absent: the clock runs day and night. */
  calendar?: Calendar;
  pauses: readonly Pause[];
  met_at?: Ms;
  as_of: Ms;
}

/**
 * Met in time, breached (also when still open past due), or pending: open and not yet due, which is neither.
 * `due_at` is absent while a pause without an end puts it off. `overrun_s` is running clock, not wall time.
 */
export type SlaResult =
  | { state: 'met' | 'pending'; due_at?: Ms }
  | {
      state: 'breached';
      due_at: Ms;
      /** Until it was met, or until the data cut where it is still open. */
      overrun_s: number;
    };

/** Where a service-level clock stands at the data cut; what was met after the cut is not known yet. @throws CalendarError */
export function slaClock({ start, target_s, calendar, pauses, met_at, as_of }: SlaClock): SlaResult {
  const standing = standstills(pauses, start);
  const due_at = dueAt({ start, target_s, standing, calendar });
  const met = met_at !== undefined && met_at <= as_of;
  const seen = met ? met_at : as_of;
  if (due_at === undefined) return { state: met ? 'met' : 'pending' };
  if (seen <= due_at) return { state: met ? 'met' : 'pending', due_at };
  return { state: 'breached', due_at, overrun_s: runningSeconds(due_at, seen, standing, calendar) };
}

/** Pauses from `start` on, ascending, without overlaps. */
function standstills(pauses: readonly Pause[], start: Ms): Stretch[] {
  return merged(pauses.map(({ from, to = Number.POSITIVE_INFINITY }): Stretch => [Math.max(from, start), to]));
}

interface Due {
  start: Ms;
  target_s: number;
  standing: readonly Stretch[];
  calendar: Calendar | undefined;
}

function dueAt({ start, target_s, standing, calendar }: Due): Ms | undefined {
  let from = start;
  let left = target_s;
  for (const [stop, resume] of standing) {
    const ran = seconds(calendar, from, stop);
    if (ran >= left) break;
    if (resume === Number.POSITIVE_INFINITY) return undefined;
    left -= ran;
    from = resume;
  }
  return calendar === undefined ? from + left * 1000 : addBusinessSeconds(calendar, from, left);
}

function runningSeconds(from: Ms, to: Ms, standing: readonly Stretch[], calendar: Calendar | undefined): number {
  const paused = standing
    .map(([stop, resume]) => [Math.max(stop, from), Math.min(resume, to)] as const)
    .filter(([stop, resume]) => resume > stop)
    .reduce((sum, [stop, resume]) => sum + seconds(calendar, stop, resume), 0);
  return seconds(calendar, from, to) - paused;
}

function seconds(calendar: Calendar | undefined, from: Ms, to: Ms): number {
  return calendar === undefined ? (to - from) / 1000 : businessSeconds(calendar, from, to);
}
