import type { Ms, Verdict } from '../finding.ts';
import { oncePerObject } from '../once.ts';
import { selectMembers } from './cohort.ts';
import type { Facts } from './facts.ts';
import { states } from './lifecycle.ts';

/** What one incident went through, in seconds since its first sign; undefined: not recorded, or not yet. */
export interface Incident {
  /** Row of the view. */
  row: number;
  /** First activity of the events behind it where the source says so, else its creation. */
  start: Ms;
  noticed: number;
  acknowledged: number | undefined;
  contained: number | undefined;
  closed: number | undefined;
  state: 'open' | 'closed' | 'unknown';
}

export interface Incidents {
  /** Rows of the view, in their order. */
  rows: Int32Array;
  /** Of these, confirmed as real; the others were escalated and are not judged, or not finally. */
  confirmed: number;
  /** Created, but neither judged nor known to be escalated or not: incidents may hide among them. */
  unjudged: number;
}

/** Verdicts that say it was none, whatever was escalated first. */
const dismissed: ReadonlySet<string> = new Set(['benign_positive', 'false_positive', 'duplicate', 'test'] satisfies Verdict[]);

/** Findings created in the period that were confirmed as real, or escalated and not dismissed. */
export const incidentsOf = oncePerObject(({ findings, created }: Facts): Incidents => {
  const { codes, values } = findings.coded('verdict');
  const real = values.indexOf('true_positive');
  const none = Uint8Array.from(values, (value) => (dismissed.has(value) ? 1 : 0));
  let confirmed = 0;
  let unjudged = 0;
  const rows = selectMembers(created.members, (row) => {
    const code = codes[row] ?? -1;
    const escalated = findings.escalated[row];
    if (code === real) confirmed += 1;
    if (code < 0 && escalated === -1) unjudged += 1;
    return code === real || (escalated === 1 && none[code] !== 1);
  });
  return { rows, confirmed, unjudged };
});

/** The first `most` of them: most severe first, of these the escalated, of these what lasted longest. */
export function gravest(facts: Facts, most: number): Incident[] {
  const { findings, asOf } = facts;
  const severity = findings.coded('severity').codes; // most severe first
  const starts = findings.view.number('first_activity_at');
  const rank = (row: number): Rank => {
    const from = startOf(findings.created[row] ?? Number.NaN, starts[row] ?? Number.NaN);
    const to = findings.life.closed[row] ?? Number.NaN;
    return [severity[row] ?? Number.POSITIVE_INFINITY, findings.escalated[row] === 1 ? 0 : 1, from - (Number.isNaN(to) ? asOf : to), row];
  };
  const top: Rank[] = [];
  for (const row of incidentsOf(facts).rows) {
    const last = top.length === most ? top.at(-1) : undefined;
    // Most are less severe than the gravest, and need not be looked at closer.
    if (last !== undefined && (severity[row] ?? Number.POSITIVE_INFINITY) > last[0]) continue;
    const one = rank(row);
    if (last !== undefined && compare(one, last) >= 0) continue;
    top.push(one);
    top.sort(compare);
    top.length = Math.min(top.length, most);
  }
  return top.map(([, , , row]) => incidentOf(facts, row));
}

/** Severity's place, escalated before not, how long it lasted (the longer the smaller), and the row, so that no two are equal. */
type Rank = [number, number, number, number];

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** An activity after the creation says nothing about the beginning. */
function startOf(created: Ms, first: Ms): Ms {
  return first <= created ? first : created;
}

function incidentOf({ findings, asOf }: Facts, row: number): Incident {
  const { view, life } = findings;
  const created = findings.created[row] ?? Number.NaN;
  const start = startOf(created, view.number('first_activity_at')[row] ?? Number.NaN);
  const since = (instants: Float64Array): number | undefined => {
    const instant = instants[row] ?? Number.NaN;
    return instant >= start && instant <= asOf ? (instant - start) / 1000 : undefined;
  };
  const state = life.state[row];
  return {
    row,
    start,
    noticed: (created - start) / 1000,
    acknowledged: since(view.number('acknowledged_at')),
    contained: since(view.number('contained_at')),
    closed: since(life.closed),
    state: state === states.open ? 'open' : state === states.unknown ? 'unknown' : 'closed',
  };
}
