import { type Words, duration, say } from '../../words/index.ts';
import { businessSeconds } from '../../calendar/index.ts';
import { selectMembers, selectRows } from '../cohort.ts';
import { curveSeries } from '../curves.ts';
import type { Facts } from '../facts.ts';
import type { Findings } from '../findings.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf } from '../series.ts';
import { at } from '../stats/at.ts';
import { confirmedOf, containing } from '../steps.ts';
import { completeMedian, curveMedian, curveOf, leastForMedian, leftNote, movedMean, p90Note } from '../timed.ts';
import { gatherNumbers } from '../table.ts';

const common = {
  chapter: 'speed',
  unit: 'seconds',
  direction: 'down',
  minN: leastForMedian,
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const complete = 'median, Hyndman–Fan type 7, with the interval of the order statistics';

/** Durations that are all complete, and why some are not among them. */
interface Complete {
  seconds: Float64Array;
  left: { reason: Words; n: number }[];
}

function between(from: Float64Array, to: Float64Array, reasons: { missing: Words; negative: Words }, clock = wallSeconds): Complete {
  const seconds = new Float64Array(from.length);
  let n = 0;
  const counts = { missing: 0, negative: 0 };
  for (let i = 0; i < from.length; i += 1) {
    const start = from[i] ?? Number.NaN;
    const end = to[i] ?? Number.NaN;
    if (!(start > 0 && end > 0)) counts.missing += 1;
    else if (end < start - 2000) counts.negative += 1;
    else seconds[n++] = clock(start, Math.max(start, end));
  }
  const left = (['missing', 'negative'] as const).map((key) => ({ reason: reasons[key], n: counts[key] }));
  return { seconds: seconds.subarray(0, n), left: left.filter((reason) => reason.n > 0) };
}

function wallSeconds(from: number, to: number): number {
  return (to - from) / 1000;
}

const activity = { missing: say('have no time of first activity'), negative: say('were created before their first activity') };

const toDetect = defineKpi({
  ...common,
  id: 'TIM-01',
  counts: 'alerts',
  name: 'Time to detect',
  question: 'How long was an attack at work before there was a finding?',
  cohort: 'created-in-period',
  needs: ['first_activity_at', 'verdict'],
  formula: 'From the first activity to the creation, of the true positives created; what was never detected has no such time',
  statistic: complete,
  clock: 'calendar',
  chart: 'figure',
  sources: ['catalogue TIM-01'],
  compute: (facts) => ({
    outcome: detectionOfConfirmed(facts).outcome,
  }),
  show: (facts) => {
    const confirmed = detectionOfConfirmed(facts);
    const all = detection(facts, facts.created.members, say('findings'));
    const whole =
      all.outcome.status === 'ok'
        ? [say('All findings, whatever their verdict: median {time} (n = {n}).', { time: duration(all.outcome.value), n: all.outcome.n })]
        : [];
    return { notes: [...confirmed.notes, ...whole, ...leftNote(confirmed.left)] };
  },
});

const detectionOfConfirmed = oncePerObject((facts: Facts) =>
  detection(facts, confirmedOf(facts), say('true positives created in the period with a first activity')),
);

function detection({ findings }: Facts, members: Int32Array, who: Words) {
  const from = gatherNumbers(findings.view.number('first_activity_at'), members);
  const { seconds, left } = between(from, gatherNumbers(findings.created, members), activity);
  return { ...completeMedian(seconds, who), left };
}

const handedOn = oncePerObject((facts: Facts) => ({ escalated: handing(facts, 'escalated_at'), notified: handing(facts, 'notified_at') }));

/** By the client's own hours where it has any. Of the findings for which the step was taken in the period. */
function handing({ findings, client, period, asOf }: Facts, name: 'escalated_at' | 'notified_at'): Complete {
  const { view, created, escalated, escalatedAt } = findings;
  const stamps = name === 'escalated_at' ? escalatedAt : view.number(name);
  const members = selectMembers(handed(findings)[name], (row) => {
    const stamp = stamps[row] ?? Number.NaN;
    const undated = name === 'escalated_at' && escalated[row] === 1 && !(stamp > 0 && stamp <= asOf);
    const when = undated ? (created[row] ?? Number.NaN) : stamp;
    return when >= period.start && when < period.end;
  });
  const { calendar } = client;
  const clock = calendar === undefined ? wallSeconds : (from: number, to: number) => businessSeconds(calendar, from, to);
  const reasons = { missing: say('escalated at an unknown time'), negative: say('before they were created') };
  const past = gatherNumbers(stamps, members).map((stamp) => (stamp <= asOf ? stamp : Number.NaN));
  return between(gatherNumbers(created, members), past, reasons, clock);
}

/** Rows of which a step was taken at all, whatever the period. */
const handed = oncePerObject(({ view, excluded, escalated, escalatedAt, asOf }: Findings) => {
  const rowsOf = (name: 'escalated_at' | 'notified_at') => {
    const stamps = name === 'escalated_at' ? escalatedAt : view.number(name);
    const isAsked = (row: number) => name === 'escalated_at' && escalated[row] === 1;
    return selectRows(view.rows, (row) => excluded[row] === 0 && ((stamps[row] ?? Number.NaN) <= asOf || isAsked(row)));
  };
  return { escalated_at: rowsOf('escalated_at'), notified_at: rowsOf('notified_at') };
});

const toEscalate = defineKpi({
  ...common,
  id: 'TIM-05',
  counts: 'alerts',
  name: 'Time to escalate',
  question: 'How long until it is handed on, or the client told?',
  cohort: 'event-in-period',
  needs: ['escalated_at'],
  formula:
    "From creation to the escalation, of the findings escalated in the period, in the client's working hours where it has a calendar",
  statistic: complete,
  clock: 'sla',
  chart: 'figure',
  sources: ['catalogue TIM-05'],
  compute: (facts) => ({
    outcome: completeMedian(handedOn(facts).escalated.seconds, say('findings escalated in the period at a known time')).outcome,
  }),
  show: (facts) => {
    const { escalated, notified } = handedOn(facts);
    const told = completeMedian(notified.seconds, say('notifications'));
    const clients =
      told.outcome.status === 'ok' && told.outcome.n >= leastForMedian
        ? [say('Client told: median {time} (n = {n}).', { time: duration(told.outcome.value), n: told.outcome.n })]
        : [];
    const hours =
      facts.client.calendar === undefined
        ? say('No working hours are configured: counted day and night.')
        : say("Counted in the client's working hours.");
    const { notes } = completeMedian(escalated.seconds, say('escalations'));
    return { notes: [...notes, ...clients, hours, ...leftNote(escalated.left)] };
  },
});

const containCurve = oncePerObject((facts: Facts) => curveOf(containing(facts)));

const toContain = defineKpi({
  ...common,
  id: 'TIM-06',
  name: 'Time to contain',
  question: 'How long until an attack is stopped?',
  cohort: 'created-in-period',
  needs: ['contained_at', 'verdict'],
  formula:
    'From creation to containment, of the true positives created; open ones without it count as not yet contained, closed ones without it are taken to have needed none and left out',
  statistic: 'Kaplan–Meier median with its log-log interval, open ones as still waiting; all are listed below 6',
  clock: 'calendar',
  chart: 'curves',
  sources: ['catalogue TIM-06'],
  moved: (now, before) => movedMean(containCurve(now), containCurve(before)),
  compute: (facts) => ({
    outcome: curveMedian(containCurve(facts), say('true positives created in the period that were or are to be contained')),
  }),
  show: (facts) => {
    const curve = containCurve(facts);
    const drawing = {
      id: 'TIM-06.curves',
      title: say('{closed} of {n, plural, one {# attack} other {# attacks}} contained', { closed: curve.closed, n: curve.n }),
      measure: say('Share of attacks contained'),
    };
    const few = curve.n > 0 && curve.n < leastForMedian;
    return {
      series: curveSeries(facts, drawing, [{ name: say('contained'), curve }]),
      tables: few ? [containedTable(facts)] : [],
      notes: [...p90Note(curve), ...freeTime(facts), ...leftNote(containing(facts).left)],
    };
  },
});

/** The attacker's clock: from the first activity. */
function freeTime(facts: Facts): Words[] {
  const timed = containing(facts);
  const first = facts.findings.view.number('first_activity_at');
  const lead = Array.from(timed.rows, (row) => (at(facts.findings.created, row) - at(first, row)) / 1000);
  const places = [...lead.keys()].filter((i) => at(lead, i) >= 0); // NaN where it is not known
  const seconds = Float64Array.from(places, (i) => at(lead, i) + at(timed.seconds, i));
  const free = curveMedian(curveOf({ seconds, ended: Uint8Array.from(places, (i) => at(timed.ended, i)) }), say('attacks'));
  return free.status === 'ok'
    ? [say('From the first activity to the containment: median {time} (n = {n}).', { time: duration(free.value), n: free.n })]
    : [];
}

function containedTable(facts: Facts): Table {
  const { rows, seconds, ended } = containing(facts);
  const ids = facts.findings.view.cold(rows);
  const first = facts.findings.view.number('first_activity_at');
  const listed = Array.from(rows, (row, i) => {
    const since = (at(facts.findings.created, row) - at(first, row)) / 1000;
    return {
      id: ids[i]?.native_id ?? null,
      state: ended[i] === 1 ? say('contained') : say('not contained yet'),
      seconds: at(seconds, i),
      free: since >= 0 ? since + at(seconds, i) : null,
    };
  });
  return {
    id: 'TIM-06.list',
    title: say('{n, plural, one {# attack} other {# attacks}}, too few for a median', { n: rows.length }),
    caption: captionOf(facts, say('True positives and their containment')),
    columns: [
      { key: 'id', label: say('Finding'), kind: 'text' },
      { key: 'state', label: say('State'), kind: 'text' },
      { key: 'seconds', label: say('Since its creation'), kind: 'seconds' },
      { key: 'free', label: say('Since the first activity'), kind: 'seconds' },
    ],
    rows: listed,
    total_rows: listed.length,
  };
}

export const response: readonly Kpi[] = [toDetect, toEscalate, toContain];
