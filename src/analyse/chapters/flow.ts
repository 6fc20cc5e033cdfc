import { type Words, listed, say } from '../../words/index.ts';
import { known, markPartial, type Outcome } from '../../outcome.ts';
import { acknowledgedOf, touches } from '../acknowledged.ts';
import type { Facts } from '../facts.ts';
import { count, proportion } from '../figures.ts';
import { type Flow, flowOf, imbalance, reopeningsOf, reopenWindow, reopenWindowMs } from '../flow.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { dueAt, policyOf } from '../policies.ts';
import { captionOf } from '../series.ts';
import { at } from '../stats/at.ts';

const common = {
  chapter: 'backlog',
  minN: 0,
  clock: 'calendar',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const flow = defineKpi({
  ...common,
  id: 'BKL-02',
  name: 'Growth of the backlog',
  question: 'What came in, what went out, and does it add up?',
  cohort: 'event-in-period',
  needs: ['closed_at'],
  formula: 'Open at the end − open at the start = created + reopened − closed − merged; each is counted for itself, and they must agree',
  unit: 'count',
  direction: 'down',
  statistic: 'exact count',
  chart: 'table',
  sources: ['catalogue BKL-02'],
  compute: (facts) => ({ outcome: growth(facts) }),
  show: (facts) => ({ tables: [flowTable(facts)], notes: flowNotes(flowOf(facts), facts.client) }),
});

/** Wrong by whatever does not add up: then it is no more than a bound, and says so. */
function growth(facts: Facts): Outcome {
  const flows = flowOf(facts);
  const wrong = imbalance(flows);
  const strangers = flows.created - flows.createdMerged + flows.unplaced - facts.created.rows;
  const reasons = [
    ...(wrong === 0 ? [] : [say('the flow does not add up: off by {wrong}', { wrong })]),
    ...(strangers === 0 ? [] : [say('the created differ from those of the period by {strangers}', { strangers })]),
  ];
  const moved = flows.created + flows.reopened + flows.closed + flows.merged;
  return markPartial(known(flows.after - flows.before, moved), reasons.length === 0 ? undefined : listed(reasons, 'semicolon'));
}

function flowNotes({ createdMerged, unplaced }: Flow, { records }: Facts['client']): Words[] {
  const notes: Words[] = [];
  const merged = { n: createdMerged };
  if (createdMerged > 0)
    notes.push(
      records === undefined
        ? say('{n} of the created were merged since, and so are in no other figure.', merged)
        : say('{n} of the created were merged since or became part of a case, and so are in no other figure.', merged),
    );
  if (unplaced > 0)
    notes.push(
      say('Left out: {n, plural, one {# finding} other {# findings}} created of which it is not known whether or when it ended.', {
        n: unplaced,
      }),
    );
  return notes;
}

function flowTable(facts: Facts): Table {
  const { before, created, reopened, closed, merged, after } = flowOf(facts);
  const rows = [
    { step: say('Open at the start'), n: before },
    { step: say('+ created'), n: created },
    { step: say('+ reopened'), n: reopened },
    { step: say('− closed'), n: 0 - closed },
    { step: facts.client.records === undefined ? say('− merged into another') : say('− merged, or made part of a case'), n: 0 - merged },
    { step: say('= open at the end'), n: after },
  ];
  return {
    id: 'BKL-02.flow',
    title:
      after === before
        ? say('The backlog stays at {after}', { after })
        : say('The backlog went from {before} to {after}', { before, after }),
    caption: captionOf(facts, say('Findings that came into the backlog and left it')),
    columns: [
      { key: 'step', label: say('Item'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
    ],
    rows,
    total_rows: rows.length,
  };
}

interface Untouched {
  /** Open at the end, with a target for the first touch. */
  open: number;
  late: number;
  /** Open and touched at a time of which one end lies past the end of the period. */
  unknown: number;
}

const untouchedOf = oncePerObject((facts: Facts): Untouched => {
  const { findings, open, end, client } = facts;
  const { how, after, by } = acknowledgedOf(findings);
  const policies = policyOf(findings).get('acknowledge');
  const found = { open: 0, late: 0, unknown: 0 };
  for (const row of open.members) {
    const policy = client.sla[policies?.[row] ?? -1];
    if (policy === undefined) continue;
    found.open += 1;
    const due = dueAt(client, policy, at(findings.created, row));
    if (due >= end || at(by, row) <= end) continue;
    if (how[row] === touches.waiting || at(after, row) >= end) found.late += 1;
    else if (how[row] === touches.between) found.unknown += 1;
  }
  return found;
});

const untouched = defineKpi({
  ...common,
  id: 'BKL-05',
  name: 'Open and untouched past the target',
  question: 'What has nobody looked at in time?',
  cohort: 'open-at-end',
  needs: ['acknowledged_at'],
  formula:
    'Findings open at the end that nobody had acknowledged by then, although the service level for it was past due; pauses do not count',
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  chart: 'figure',
  sources: ['catalogue BKL-05'],
  compute: (facts) => ({ outcome: untouchedCount(facts) }),
});

function untouchedCount(facts: Facts): Outcome {
  if (!facts.client.sla.some(({ metric }) => metric === 'acknowledge')) {
    return { status: 'no-denominator', reason: say('no target for the acknowledgement is configured for this client'), n: 0 };
  }
  const { open, late, unknown } = untouchedOf(facts);
  return markPartial(
    { ...count(late), n: open },
    unknown === 0 ? undefined : say('of {unknown} more it cannot be told whether they were touched by then', { unknown }),
  );
}

const reopened = defineKpi({
  ...common,
  id: 'REO-01',
  name: 'Reopened after closing',
  question: 'Was it closed too early?',
  cohort: 'history',
  needs: ['closed_at', 'reopened'],
  formula: `Cases closed in the period moved back by ${reopenWindow} days of 24 hours and opened again within ${reopenWindow} days / cases closed in it; a case counts once`,
  unit: 'rate',
  direction: 'down',
  statistic: 'Wilson 95 % interval; only closes that had the whole time to come back',
  chart: 'dots',
  sources: ['catalogue REO-01'],
  compare: 'proportion',
  compute: (facts) => ({ outcome: reopenRate(facts) }),
  show: (facts) => {
    const { undated, unwatched } = reopeningsOf(facts);
    const late = say('{undated} of the reopened came back at an unknown time, perhaps later than that; counted as in time.', { undated });
    const blind = say('Left out: {unwatched} closed before they were first seen, of which it cannot be told.', { unwatched });
    return { notes: [...(undated === 0 ? [] : [late]), ...(unwatched === 0 ? [] : [blind])] };
  },
});

/** Where more than this share was not watched, the rest says nothing about the whole. */
const mostUnwatched = 0.2;

function reopenRate(facts: Facts): Outcome {
  const { reopened: again, closed, unwatched } = reopeningsOf(facts);
  const reach = facts.history.period.start;
  if (facts.period.start - reopenWindowMs < reach && facts.findings.view.rows > 0) {
    return {
      status: 'no-data',
      reason: say('needs the closes of the {days} days before the period, which were not read', { days: reopenWindow }),
    };
  }
  if (unwatched > mostUnwatched * (closed + unwatched)) {
    const reason = say('{unwatched} of {n} closes were first seen when they were over, by a source that does not tell of reopenings', {
      unwatched,
      n: closed + unwatched,
    });
    return { status: 'not-available-from-source', reason, n: closed };
  }
  return proportion(again, closed, say('cases closed in the period moved back by {days} days', { days: reopenWindow }));
}

export const flows: readonly Kpi[] = [flow, untouched, reopened];
