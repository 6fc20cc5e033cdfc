import type { Words } from '../words/index.ts';
import type { Client } from '../config/index.ts';
import type { RuleCounts } from '../categories.ts';
import type { Ms } from '../finding.ts';
import { localHours, type Period } from '../period.ts';
import { type Cohort, cohortOf, selectIn, selectMembers, selectRows } from './cohort.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { countReasons, exclusionReasons, flawReasons, isLost } from './exclusions.ts';
import type { Findings } from './findings.ts';
import type { Reader } from './kpi.ts';
import { openAt, states } from './lifecycle.ts';
import { type Book, historyPeriod } from './history.ts';
import { lazily, once, oncePerObject } from '../once.ts';
import { specialRows } from './special.ts';
import { stretchesWithin } from './stretches.ts';
import { mapCodes } from './coded.ts';
import { type Coded, gatherNumbers } from './table.ts';

/** One period of one report. Prepared once, each part on first use, and shared by all KPIs. */
export interface Facts {
  /** Findings in the view, of whatever period. */
  rows: number;
  period: Period;
  asOf: Ms;
  reader: Reader;
  client: Client;
  findings: Findings;
  coverage: Coverage;
  /** Created in the period, without the excluded. Has the columns `day`, `hour` ("00"…) and `weekday` ("1"…"7") besides. */
  created: Cohort;
  /** Closed (for the last time) in the period, without the excluded. */
  closed: Cohort;
  /** Open at the end of the period, or at the data cut where that is earlier. */
  open: Cohort;
  /** Escalated in the period: by the time of escalation, else by the time of creation; `day` is that day. */
  escalated: Cohort;
  createdPerDay: Float64Array;
  closedPerDay: Float64Array;
  /** Open at the end of each day that lies before the data cut. */
  openPerDay: readonly number[];
  /** Per ordered tag rule how often it matched, over the findings created in the period. */
  ruleCounts: RuleCounts;
  /** When the period ends for "open at end". */
  end: Ms;
  /** All that the view reaches back to, up to the end of the period: what patterns are learned from. */
  history: Facts;
  /** What the report's other figures say. */
  book: Book;
  excluded: { reason: Words; n: number }[];
  /** The same period over every alert, in a case or not; the same facts where the client does not say which source is the record. */
  alerts: Facts;
}

/** `since`: from when on the view is complete. */
export function factsOf(findings: Findings, period: Period, context: { since: Ms; book: Book }): Facts {
  const { view, asOf } = findings;
  const end = Math.min(period.end, asOf);
  const base = { rows: view.rows, period, asOf, end, reader: findings.reader, client: findings.client, findings, book: context.book };
  const facts: Facts = lazily(base, {
    created: () => createdCohort(findings, period),
    closed: () => datedCohort(findings, period, findings.life.closed, rowsWithin(findings, period, findings.life.closed)),
    open: () => cohortOf(findings, openRows(findings, end)),
    escalated: () => escalatedCohort(findings, period),
    coverage: () => coverageFor(findings, period),
    createdPerDay: () => perDay(facts.created, period),
    closedPerDay: () => perDay(facts.closed, period),
    openPerDay: () => openPerDay(findings, period),
    ruleCounts: () => findings.tagged.count(facts.created.members),
    excluded: () => excludedIn(findings, period),
    history: (): Facts => factsOf(findings, historyPeriod(context.since, period), context),
    alerts: (): Facts => (findings.alerts === findings ? facts : factsOf(findings.alerts, period, context)),
  });
  return facts;
}

/** Rows that are not excluded and whose instant lies in the period. */
function rowsWithin({ excluded }: Findings, { start, end }: Period, instants: Float64Array): Int32Array {
  return selectIn(stretchesWithin(instants, start, end), (row) => {
    const instant = instants[row] ?? Number.NaN;
    return instant >= start && instant < end && excluded[row] === 0;
  });
}

function createdCohort(findings: Findings, period: Period): Cohort {
  const members = rowsWithin(findings, period, findings.created);
  const hours = once(() => localHours(period));
  const slots = once(() => slotsOf(hours().starts, period.end, gatherNumbers(findings.created, members)));
  const byHour = (values: readonly string[], codeOf: Int32Array) => ({ codes: mapCodes(slots(), codeOf), values });
  return cohortOf(findings, members, {
    day: () => dayColumn(period, gatherNumbers(findings.created, members)),
    hour: () => byHour(hourNames, Int32Array.from(hours().hours)),
    weekday: () =>
      byHour(
        weekdayNames,
        Int32Array.from(hours().weekdays, (weekday) => weekday - 1),
      ),
  });
}

export const hourNames: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
export const weekdayNames: readonly string[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function datedCohort(findings: Findings, period: Period, instants: Float64Array, members: Int32Array): Cohort {
  return cohortOf(findings, members, { day: () => dayColumn(period, gatherNumbers(instants, members)) });
}

function dayColumn(period: Period, instants: Float64Array): Coded {
  const starts = Float64Array.from(period.days, (day) => day.start);
  return { codes: slotsOf(starts, period.end, instants), values: period.days.map((day) => day.date) };
}

function perDay(cohort: Cohort, period: Period): Float64Array {
  return countCodes(cohort.coded('day').codes, period.days.length);
}

/** How often each code below `size` occurs. Days come in runs: each is added once. */
function countCodes(codes: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  let run = -1;
  let length = 0;
  for (let row = 0; row <= codes.length; row += 1) {
    const code = codes[row] ?? -1;
    if (code !== run) {
      if (run >= 0) counts[run] = (counts[run] ?? Number.NaN) + length;
      run = code;
      length = 0;
    }
    length += 1;
  }
  return counts;
}

/** Slots are about equally long, so where an instant lies can be told nearly without looking for it. */
function slotNear(starts: Float64Array, end: Ms, instant: Ms): number {
  const first = starts[0] ?? Number.NaN;
  if (!(instant >= first && instant < end)) return -1;
  let slot = Math.floor(((instant - first) / (end - first)) * starts.length);
  while (slot > 0 && (starts[slot] ?? Number.POSITIVE_INFINITY) > instant) slot -= 1;
  while (slot + 1 < starts.length && (starts[slot + 1] ?? Number.POSITIVE_INFINITY) <= instant) slot += 1;
  return slot;
}

/** The slot of each instant. Findings come nearly in order, so the slot of the one before is tried first. */
function slotsOf(starts: Float64Array, end: Ms, instants: Float64Array): Int32Array {
  const slots = new Int32Array(instants.length);
  let slot = -1;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < slots.length; i += 1) {
    const instant = instants[i] ?? Number.NaN;
    if (!(instant >= from && instant < to)) {
      slot = slotNear(starts, end, instant);
      from = starts[slot] ?? Number.POSITIVE_INFINITY;
      to = starts[slot + 1] ?? end;
    }
    slots[i] = slot;
  }
  return slots;
}

function escalatedCohort(findings: Findings, period: Period): Cohort {
  const { rows, instants } = escalations(findings);
  const members: number[] = [];
  const times: number[] = [];
  for (const [i, instant] of instants.entries()) {
    if (!(instant >= period.start && instant < period.end)) continue;
    members.push(rows[i] ?? -1);
    times.push(instant);
  }
  return cohortOf(findings, Int32Array.from(members), { day: () => dayColumn(period, Float64Array.from(times)) });
}

/** What was escalated, and when, whatever the period. */
const escalations = oncePerObject(({ created, excluded, escalated, escalatedAt, asOf }: Findings) => {
  const rows = selectRows(excluded.length, (row) => escalated[row] === 1 && excluded[row] === 0);
  const stamps = gatherNumbers(escalatedAt, rows);
  const starts = gatherNumbers(created, rows);
  return { rows, instants: stamps.map((stamp, i) => (stamp <= asOf ? stamp : (starts[i] ?? Number.NaN))) };
});

/** Merged ones too, until they were merged. */
function openRows(findings: Findings, instant: Ms): Int32Array {
  const { excluded, created, life, stays, merged } = findings;
  const { state, closed } = life;
  const special = specialRows(findings);
  return selectIn(stretchesWithin(created, Number.NEGATIVE_INFINITY, instant), (row) => {
    if (!((created[row] ?? Number.NaN) < instant) || (excluded[row] !== 0 && !merged.has(row))) return false;
    const intervals = special[row] === 1 ? stays.get(row) : undefined;
    if (intervals !== undefined) return intervals.some(({ from, to }) => from < instant && to >= instant);
    return state[row] === states.open || (closed[row] ?? Number.NaN) >= instant;
  });
}

function openPerDay(findings: Findings, period: Period): number[] {
  const { excluded, created, merged, asOf } = findings;
  const ends = period.days.filter((day) => day.start < asOf).map((day) => Math.min(day.end, asOf));
  const stretches = stretchesWithin(created, Number.NEGATIVE_INFINITY, ends.at(-1) ?? Number.NEGATIVE_INFINITY);
  const rows = selectIn(stretches, (row) => excluded[row] === 0 || merged.has(row));
  return openAt(ends, rows, findings, specialRows(findings));
}

/** Every configured source, and those that once delivered: their findings are still counted, but nothing depends on their days. */
function coverageFor({ view, client, created, asOf }: Findings, period: Period): Coverage {
  const configured = [...client.sources.values()].map(({ id, required }) => ({ id, required }));
  const former = new Set(view.batches.map((batch) => batch.source).filter((source) => !client.sources.has(source)));
  const sources = [...configured, ...[...former].sort().map((id) => ({ id, required: false }))];
  const names = view.text('source');
  const counts = once(() => createdBySource(names, created, period));
  const fetched = (source: string) => counts()[names.values.indexOf(source)] ?? new Float64Array(period.days.length); // of none nothing came
  return coverageOf({ period, asOf, batches: view.batches, sources, fetched });
}

/** Per source how many findings were created on each day of the period, those left out of the figures, too. */
function createdBySource({ codes, values }: Coded, created: Float64Array, period: Period): Float64Array[] {
  const width = period.days.length;
  const starts = Float64Array.from(period.days, (day) => day.start);
  const cells = new Float64Array(values.length * width);
  for (const { first, end } of stretchesWithin(created, period.start, period.end)) {
    const days = slotsOf(starts, period.end, created.subarray(first, end));
    for (let i = 0; i < days.length; i += 1) {
      const day = days[i] ?? -1;
      const cell = (codes[first + i] ?? 0) * width + day; // every row has a source
      if (day >= 0) cells[cell] = (cells[cell] ?? 0) + 1;
    }
  }
  return values.map((_, source) => cells.subarray(source * width, (source + 1) * width));
}

/** Reasons that concern the period: what was created or closed in it, and what cannot be placed in any. */
function excludedIn(findings: Findings, { start, end }: Period): { reason: Words; n: number }[] {
  const { created, life, excluded, flaws } = findings;
  const rows = selectMembers(doubtful(findings), (row) => {
    const code = excluded[row];
    const from = created[row] ?? Number.NaN;
    const to = life.closed[row] ?? Number.NaN;
    return code === 1 || code === 2 || (from >= start && from < end) || (to >= start && to < end);
  });
  const left = selectMembers(rows, (row) => excluded[row] === 0);
  return [...countReasons(excluded, rows, exclusionReasons), ...countReasons(flaws, left, flawReasons)];
}

/** Rows left out of anything, whatever the period. */
const doubtful = oncePerObject(({ excluded, flaws }: Findings) =>
  selectRows(excluded.length, (row) => (excluded[row] === 0 ? flaws[row] !== 0 : isLost(excluded[row] ?? 0))),
);
