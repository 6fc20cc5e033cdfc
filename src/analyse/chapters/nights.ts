import { type Words, duration, percent, say } from '../../words/index.ts';
import { isOpen } from '../../calendar/index.ts';
import type { Interval, Outcome } from '../../outcome.ts';
import { acknowledgedOf, touches } from '../acknowledged.ts';
import { curveSeries } from '../curves.ts';
import type { Facts } from '../facts.ts';
import { proportion } from '../figures.ts';
import { defineKpi, type Kpi } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { afterHours } from '../shifts.ts';
import { curveQuantile, hybridDifference } from '../stats/index.ts';
import { acknowledging, tooVague } from '../steps.ts';
import { curveMedian, curveOf, leastForMedian, partsOf } from '../timed.ts';

const common = {
  chapter: 'people',
  cohort: 'created-in-period',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const unconfigured: Outcome = { status: 'no-denominator', reason: say('no calendar of working hours is configured for this client'), n: 0 };

const arriving = defineKpi({
  ...common,
  id: 'WRK-04',
  name: 'Arriving after hours',
  question: 'How much comes when nobody is there?',
  needs: [],
  formula: "Findings created outside the hours of the client's calendar, its holidays included / findings created",
  unit: 'rate',
  direction: 'neutral',
  statistic: 'Wilson 95 % interval',
  minN: 0,
  clock: 'none',
  chart: 'figure',
  sources: ['catalogue WRK-04'],
  compare: 'proportion',
  compute: (facts) => {
    const flags = afterHours(facts);
    if (flags === undefined) return { outcome: unconfigured };
    return { outcome: proportion(sum(flags), flags.length, say('findings created in the period')) };
  },
  show: (facts) => ({ notes: touchedThen(facts) }),
});

function sum(flags: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < flags.length; i += 1) total += flags[i] ?? 0; // i lies inside
  return total;
}

/** How many of them were also touched outside the hours, where the time is known. */
function touchedThen({ findings, created, client }: Facts): Words[] {
  const { how, by } = acknowledgedOf(findings);
  const { calendar } = client;
  if (calendar === undefined) return [];
  let stamped = 0;
  let outside = 0;
  for (let i = 0; i < created.rows; i += 1) {
    const row = created.members[i] ?? -1;
    if (how[row] !== touches.stamped) continue;
    stamped += 1;
    if (!isOpen(calendar, by[row] ?? Number.NaN)) outside += 1;
  }
  if (stamped === 0) return [];
  return [say('{share} of the acknowledgements fell outside the hours (n = {n}).', { share: percent(outside / stamped), n: stamped })];
}

const nothing = { seconds: new Float64Array(), ended: new Uint8Array() };

/** Curves of what came outside the hours and of what came within. */
const curvesOf = oncePerObject((facts: Facts) => {
  const flags = afterHours(facts) ?? new Uint8Array();
  const outside = new Uint8Array(facts.rows);
  for (let i = 0; i < flags.length; i += 1) outside[facts.created.members[i] ?? -1] = flags[i] ?? 0; // one flag for each member
  const [within, after] = partsOf(acknowledging(facts), outside, 2);
  return { after: curveOf(after ?? nothing), within: curveOf(within ?? nothing) };
});

const delay = defineKpi({
  ...common,
  id: 'WRK-05',
  name: 'Delay after hours',
  question: 'How much longer does it take when nobody is there?',
  needs: ['acknowledged_at'],
  formula:
    'Median time to acknowledge of findings created outside the hours − that of findings created within them; waiting ones count as waiting',
  unit: 'seconds',
  direction: 'down',
  statistic: 'difference of two Kaplan–Meier medians, interval from those of both',
  minN: 2 * leastForMedian,
  clock: 'calendar',
  chart: 'curves',
  sources: ['catalogue WRK-05'],
  compute: (facts) => ({ outcome: afterHours(facts) === undefined ? unconfigured : (tooVague(facts) ?? difference(facts)) }),
  show: (facts) => {
    if (afterHours(facts) === undefined || tooVague(facts) !== undefined) return {};
    const { after, within } = curvesOf(facts);
    const median = curveQuantile(after, 0.5);
    const title =
      median.status === 'reached'
        ? say('After hours half wait up to {time}', { time: duration(median.value) })
        : say('After hours not half are acknowledged');
    const groups = [
      { name: say('after hours'), curve: after },
      { name: say('in hours'), curve: within },
    ];
    return {
      series: curveSeries(
        facts,
        { id: 'WRK-05.curves', title, measure: say('Share acknowledged within a time, by when they came') },
        groups,
      ),
    };
  },
});

function difference(facts: Facts): Outcome {
  const { after, within } = curvesOf(facts);
  const medians = [
    curveMedian(within, say('findings created in the hours')),
    curveMedian(after, say('findings created outside the hours')),
  ] as const;
  const [first, second] = medians;
  if (first.status !== 'ok') return first;
  if (second.status !== 'ok') return second;
  const n = first.n + second.n;
  const [low, high] = [bounded(first), bounded(second)];
  if (low === undefined || high === undefined) return { status: 'ok', value: second.value - first.value, n };
  const moved = hybridDifference(low, high);
  return { status: 'ok', value: moved.difference, low: moved.low, high: moved.high, n };
}

function bounded({ value, low, high }: { value: number; low?: number; high?: number }): (Interval & { value: number }) | undefined {
  return low === undefined || high === undefined ? undefined : { value, low, high };
}

export const nights: readonly Kpi[] = [arriving, delay];
