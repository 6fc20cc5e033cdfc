import { percent, quantity, say } from '../../words/index.ts';
import { known, markPartial, type Outcome } from '../../outcome.ts';
import { countOf } from '../cohort.ts';
import type { Facts } from '../facts.ts';
import { cellOf, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type KpiResult, type Series } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf, countSeries, countTable, topCounts, perAnalyst } from '../series.ts';
import { shiftsOf, type WorkedShift } from '../shifts.ts';
import { ascending, medianInterval, quantile } from '../stats/index.ts';
import { tooVague } from '../steps.ts';
import { leastForMedian } from '../timed.ts';

const unassigned = say('unassigned');

const common = { chapter: 'people', audiences: ['manager', 'client', 'engineer'] } as const satisfies Partial<Kpi>;

const perShift = defineKpi({
  ...common,
  id: 'WRK-01',
  name: 'Findings per analyst and shift',
  question: 'How much does one analyst take on in a shift?',
  cohort: 'event-in-period',
  needs: ['acknowledged_at'],
  formula:
    'Findings first touched by people during a shift / analysts in that shift; the median over the shifts that began in the period and are over',
  unit: 'ratio',
  direction: 'target',
  statistic: 'median over shifts, Hyndman–Fan type 7, with the interval of the order statistics',
  minN: leastForMedian,
  clock: 'none',
  chart: 'bars',
  sources: ['catalogue WRK-01'],
  compute: (facts) => ({ outcome: shiftLoad(facts) }),
  show: (facts) => (facts.client.shifts.length === 0 || tooVague(facts) !== undefined ? {} : showShifts(facts)),
});

function shiftLoad(facts: Facts): Outcome {
  if (facts.client.shifts.length === 0) return { status: 'no-denominator', reason: say('no shifts are configured for this client'), n: 0 };
  const vague = tooVague(facts);
  if (vague !== undefined) return vague;
  const loads = loadsOf(shiftsOf(facts));
  if (loads.length === 0) return { status: 'no-denominator', reason: say('no shift of the period is over'), n: 0 };
  return known(quantile(loads, 0.5), loads.length, medianInterval(loads));
}

function loadsOf(shifts: readonly WorkedShift[]): Float64Array {
  return ascending(shifts.map(({ touched, analysts }) => touched / analysts));
}

function showShifts(facts: Facts): Omit<KpiResult, 'outcome'> {
  const shifts = shiftsOf(facts);
  const groups = [...Map.groupBy(shifts, ({ name }) => name)].map(([name, worked]) => ({ name, worked, loads: loadsOf(worked) }));
  const touched = shifts.reduce((sum, shift) => sum + shift.touched, 0);
  const series: Series = {
    id: 'WRK-01.shifts',
    title: say('{shifts, plural, one {# shift} other {# shifts}} took on {n, plural, one {# finding} other {# findings}}', {
      shifts: shifts.length,
      n: touched,
    }),
    caption: captionOf(facts, say('Findings first touched per analyst and shift, median')),
    chart: 'bars',
    unit: 'ratio',
    axis: 'category',
    labels: groups.map(({ name }) => name),
    groups: [{ name: say('per analyst'), cells: groups.map(({ loads }) => cellOf(facts, quantile(loads, 0.5))) }],
  };
  const all = loadsOf(shifts);
  const p90 = all.length < 30 ? [] : [say('In 9 of 10 shifts at most {value}.', { value: quantity(quantile(all, 0.9), 'ratio') })];
  const notes = [say('What was touched outside all shifts is not in it. Tickets are only a part of the work.'), ...p90];
  return { series: groups.length === 0 ? [] : [series], notes };
}

const spread = defineKpi({
  ...common,
  id: 'WRK-02',
  name: 'Share of the busiest fifth',
  question: 'How is the work spread?',
  cohort: 'created-in-period',
  needs: ['assignee'],
  formula:
    'Findings created that are assigned to the busiest 20 % of the analysts (at least one) / findings created that are assigned to anybody',
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  sources: ['catalogue WRK-02', 'QRadar notebook: share per analyst'],
  compute: (facts) => {
    const { busiest, assigned } = assignment(facts);
    return { outcome: proportion(busiest, assigned, say('assigned findings created in the period')) };
  },
  show: (facts) => {
    const counts = perAnalyst(facts.created.counts('analyst'));
    const { none, total, analysts, fifth } = assignment(facts);
    const title =
      total === 0 ? say('No findings in this period') : say('{share} of findings have no analyst', { share: percent(none / total) });
    const drawing = {
      id: 'WRK-02.analysts',
      title,
      measure: say('Findings created per analyst'),
      chart: 'bars',
      sums_to: 'VOL-01',
    } as const;
    const heading = { id: 'WRK-02.analysts', title, measure: drawing.measure, label: say('Analyst'), missing: unassigned };
    return {
      series: [countSeries(facts, drawing, topCounts(counts, 20), unassigned)],
      tables: [countTable(facts, heading, counts, total, 50)],
      notes: [
        say('The busiest fifth is {fifth} of {n, plural, one {# analyst} other {# analysts}}.', { fifth, n: analysts }),
        say('A number of findings is no measure of a person: they differ in size, and a shift decides who gets which.'),
      ],
    };
  },
});

function assignment(facts: Facts) {
  const counts = facts.created.counts('analyst'); // most first
  const none = countOf(counts, undefined);
  const named = counts.filter(({ name }) => name !== undefined);
  const fifth = Math.ceil(named.length / 5);
  const busiest = named.slice(0, fifth).reduce((sum, { n }) => sum + n, 0);
  return { none, busiest, fifth, analysts: named.length, assigned: facts.created.rows - none, total: facts.created.rows };
}

const automated = defineKpi({
  ...common,
  id: 'AUT-01',
  name: 'Closed by automation',
  question: 'How much is done without people?',
  cohort: 'closed-in-period',
  needs: ['closed_by'],
  formula:
    'Findings closed in the period by automation that no human had acknowledged / findings closed in it; who is not known is no automation',
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  sources: ['catalogue AUT-01'],
  compare: 'proportion',
  compute: (facts) => ({ outcome: automation(facts) }),
  show: (facts) => {
    const { machine, helped, people, unknown } = closers(facts);
    const labels = [say('Automation alone'), say('Automation after a person'), say('People'), say('Not known')];
    const counts = [machine, helped, people, unknown].map((n, i) => ({ name: labels[i], n }));
    const title =
      facts.closed.rows === 0
        ? say('Nothing was closed')
        : say('{n} of {all} closed without people', { n: machine, all: facts.closed.rows });
    return {
      series: [
        countSeries(
          facts,
          { id: 'AUT-01.closers', title, measure: say('Findings closed, by whom'), chart: 'bars', sums_to: 'VOL-05' },
          counts,
        ),
      ],
    };
  },
});

const closers = oncePerObject(({ closed, findings, asOf }: Facts) => {
  const { codes, values } = findings.view.text('closed_by_kind');
  const stamps = findings.view.number('acknowledged_at');
  const [byMachine, byPeople] = [values.indexOf('automation'), values.indexOf('human')];
  const counts = { machine: 0, helped: 0, people: 0 };
  for (let i = 0; i < closed.rows; i += 1) {
    const row = closed.members[i] ?? -1;
    const kind = codes[row] ?? -1;
    const stamp = stamps[row] ?? Number.NaN;
    // Nobody is named: neither word may be either.
    if (kind === -1) continue;
    if (kind === byPeople) counts.people += 1;
    else if (kind === byMachine && stamp > 0 && stamp <= asOf) counts.helped += 1;
    else if (kind === byMachine) counts.machine += 1;
  }
  return { ...counts, unknown: closed.rows - counts.machine - counts.helped - counts.people };
});

function automation(facts: Facts): Outcome {
  const { machine, helped, people, unknown } = closers(facts);
  const closed = machine + helped + people + unknown;
  if (closed > 0 && unknown === closed)
    return { status: 'no-denominator', reason: say('of no closed finding it is known whether a person closed it'), n: 0 };
  const reason =
    unknown === 0
      ? undefined
      : say('of {n, plural, one {# closed finding} other {# closed findings}} it is not known whether a person closed it', { n: unknown });
  return markPartial(proportion(machine, closed, say('findings closed in the period')), reason);
}

export const people: readonly Kpi[] = [perShift, spread, automated];
