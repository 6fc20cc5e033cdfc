import { type Words, duration, fieldWords, say } from '../words/index.ts';
import type { Facts } from './facts.ts';
import { cellOf } from './figures.ts';
import type { Cell, Series } from './kpi.ts';
import { captionOf } from './series.ts';
import { type Curve, shareWithin } from './stats/index.ts';
import { curveOf, leastForMedian, partsOf, type Timed } from './timed.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Where curves are drawn: steps of about the same ratio, which makes a logarithmic axis. */
const ticks: readonly number[] = [
  minute,
  5 * minute,
  15 * minute,
  hour,
  4 * hour,
  12 * hour,
  day,
  3 * day,
  7 * day,
  14 * day,
  30 * day,
  90 * day,
];

interface Curves {
  id: string;
  title: Words;
  measure: Words;
}

/** The share that got so far within a time, one curve per group of at least six; beyond what was seen there is no data. */
export function curveSeries(facts: Facts, { id, title, measure }: Curves, groups: readonly { name: Words; curve: Curve }[]): Series[] {
  const drawn = groups.filter(({ curve }) => curve.n >= leastForMedian);
  if (drawn.length === 0) return [];
  const last = Math.max(...drawn.map(({ curve }) => curve.last));
  const shown = ticks.slice(0, 1 + ticks.findIndex((seconds) => seconds >= last) || ticks.length);
  return [
    {
      id,
      title,
      caption: captionOf(facts, measure),
      chart: 'curves',
      unit: 'rate',
      axis: 'category',
      labels: shown.map(duration),
      groups: drawn.map(({ name, curve }) => ({ name, cells: shown.map((seconds) => shareCell(facts, curve, seconds)) })),
    },
  ];
}

function shareCell(facts: Facts, curve: Curve, seconds: number): Cell {
  const within = shareWithin(curve, seconds);
  if (within.status !== 'ok') return { status: 'no-data', reason: say('nothing has been watched for so long') };
  const cell = cellOf(facts, within.share);
  return cell.status === 'no-data' ? cell : { ...cell, low: within.low, high: within.high, n: curve.n };
}

/** A curve per severity that has enough, the four most frequent in order of severity. */
export function bySeverity(facts: Facts, timed: Timed): { name: Words; curve: Curve }[] {
  const { codes, values } = facts.findings.coded('severity');
  const parts = partsOf(timed, codes, values.length).map((part, code) => ({ part, code, n: part.seconds.length }));
  const most = parts.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n || a.code - b.code);
  const shown = most.slice(0, 4).sort((a, b) => a.code - b.code); // the column lists the most severe first
  return shown.map(({ part, code }) => ({ name: fieldWords(values[code] ?? ''), curve: curveOf(part) }));
}
