import { duration, message, say, type Words } from '../../words/index.ts';
import { bySeverity, curveSeries } from '../curves.ts';
import type { Facts } from '../facts.ts';
import { defineKpi, type Kpi, type KpiResult } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { acknowledging, closing, judging, machineClosing, tooVague, touchCounts } from '../steps.ts';
import { completeMedian, curveMedian, curveOf, leastForMedian, leftNote, movedMean, p90Note } from '../timed.ts';
import { curveQuantile } from '../stats/index.ts';

const common = {
  chapter: 'speed',
  cohort: 'created-in-period',
  unit: 'seconds',
  direction: 'down',
  statistic: 'Kaplan–Meier median with its log-log interval, open ones as still waiting; change by restricted means within the same time',
  minN: leastForMedian,
  clock: 'calendar',
  chart: 'curves',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const closingCurve = oncePerObject((facts: Facts) => curveOf(closing(facts)));
const verdictCurve = oncePerObject((facts: Facts) => curveOf(judging(facts)));
const touchCurve = oncePerObject((facts: Facts) => curveOf(acknowledging(facts)));

const firstClose = message(
  'From creation to the first close, of the findings created, whether or not they were opened again; those never closed count as still open at the data cut, merged ones at the merge; what automation closed alone is counted apart',
);

const toClose = defineKpi({
  ...common,
  id: 'TIM-07',
  name: 'Time to close',
  question: 'How long until a finding is closed?',
  needs: ['closed_at'],
  formula:
    'From creation to the last close, of the findings created; open ones count as still open at the data cut, merged ones at the merge; what automation closed alone is counted apart',
  formulaFor: ({ time_to_close }) => (time_to_close === 'first' ? firstClose : undefined),
  sources: ['catalogue TIM-07'],
  moved: (now, before) => movedMean(closingCurve(now), closingCurve(before)),
  compute: (facts) => ({ outcome: curveMedian(closingCurve(facts), say('findings created in the period that people handled')) }),
  show: (facts) => {
    const timed = closing(facts);
    const curve = closingCurve(facts);
    const notes = [
      ...p90Note(curve),
      say('{n} closed and {open} not yet.', { n: curve.closed, open: curve.n - curve.closed }),
      ...leftNote(timed.left),
      ...machineNote(facts),
    ];
    const measure = say('Share closed within a time of their creation, by severity');
    return {
      series: curveSeries(facts, { id: 'TIM-07.curves', title: halfTitle(facts, 'closed'), measure }, bySeverity(facts, timed)),
      notes,
    };
  },
});

function halfTitle(facts: Facts, done: 'closed' | 'acknowledged'): Words {
  const median = curveQuantile(done === 'closed' ? closingCurve(facts) : touchCurve(facts), 0.5);
  if (median.status !== 'reached')
    return done === 'closed' ? say('Not half of them are closed yet') : say('Not half of them are acknowledged yet');
  const time = duration(median.value);
  return done === 'closed' ? say('Half are closed within {time}', { time }) : say('Half are acknowledged within {time}', { time });
}

function machineNote(facts: Facts): Words[] {
  const { outcome } = completeMedian(machineClosing(facts).seconds, say('findings that automation closed'));
  return outcome.status === 'ok'
    ? [
        say('{n, plural, one {# finding} other {# findings}} closed by automation alone, median {time}.', {
          n: outcome.n,
          time: duration(outcome.value),
        }),
      ]
    : [];
}

const toAcknowledge = defineKpi({
  ...common,
  id: 'TIM-03',
  name: 'Time to acknowledge',
  question: 'How long until somebody looks?',
  needs: ['acknowledged_at'],
  formula:
    'From creation to the first human touch, of the findings created; untouched ones count as waiting. A touch known only between two observations at most 15 min apart counts at the later; further apart, as waiting up to the earlier',
  sources: ['catalogue TIM-03'],
  moved: (now, before) => ((tooVague(now) ?? tooVague(before)) ? undefined : movedMean(touchCurve(now), touchCurve(before))),
  compute: (facts) => ({
    outcome: tooVague(facts) ?? curveMedian(touchCurve(facts), say('findings created in the period that people handled')),
  }),
  show: (facts) => (tooVague(facts) === undefined ? showAcknowledged(facts) : {}),
});

function showAcknowledged(facts: Facts): Omit<KpiResult, 'outcome'> {
  const timed = acknowledging(facts);
  const { between, vague, uncertainty, assumed } = touchCounts(facts);
  const curve = touchCurve(facts);
  const notes = [
    ...p90Note(curve),
    say('{n} acknowledged and {open} not known to be.', { n: curve.closed, open: curve.n - curve.closed }),
    ...leftNote(timed.left),
  ];
  if (assumed > 0)
    notes.push(
      say('{n, plural, one {# finding} other {# findings}} closed without a time of acknowledgement: taken as acknowledged at the close.', {
        n: assumed,
      }),
    );
  if (between > 0)
    notes.push(
      say(
        '{n, plural, one {# acknowledgement} other {# acknowledgements}} derived from observations, {time} apart in the middle; {vague} of them too uncertain to count.',
        { n: between, time: duration(uncertainty), vague },
      ),
    );
  const measure = say('Share acknowledged within a time of their creation, by severity');
  return {
    series: curveSeries(facts, { id: 'TIM-03.curves', title: halfTitle(facts, 'acknowledged'), measure }, bySeverity(facts, timed)),
    notes,
  };
}

const toVerdict = defineKpi({
  ...common,
  id: 'TIM-04',
  name: 'Time to verdict',
  question: 'How long until it is known what a finding is?',
  needs: ['verdict', 'verdict_at'],
  formula:
    'From creation to the verdict, of the findings created; open ones without a verdict count as waiting, those ended without one are left out, what automation closed alone is apart',
  audiences: ['manager', 'engineer'],
  sources: ['catalogue TIM-04'],
  moved: (now, before) => movedMean(verdictCurve(now), verdictCurve(before)),
  compute: (facts) => ({ outcome: curveMedian(verdictCurve(facts), say('findings created in the period that people judge')) }),
  show: (facts) => {
    const timed = judging(facts);
    const curve = verdictCurve(facts);
    const median = curveQuantile(curve, 0.5);
    const title =
      median.status === 'reached'
        ? say('Half are judged within {time}', { time: duration(median.value) })
        : say('Not half of them are judged yet');
    const notes = [
      ...p90Note(curve),
      say('{n} judged and {open} not yet.', { n: curve.closed, open: curve.n - curve.closed }),
      ...leftNote(timed.left),
    ];
    const measure = say('Share judged within a time of their creation, by severity');
    return { series: curveSeries(facts, { id: 'TIM-04.curves', title, measure }, bySeverity(facts, timed)), notes };
  },
});

export const speed: readonly Kpi[] = [toAcknowledge, toVerdict, toClose];
