import type { Client } from '../../config/index.ts';
import type { Ms } from '../../finding.ts';
import { listSeparator } from '../../store/columns.ts';
import type { View } from '../../store/index.ts';
import { at } from '../stats/at.ts';
import { namesIn, referenceIn, type Resolved } from './names.ts';
import { roles, rolesOf } from './roles.ts';

export { roles } from './roles.ts';

/** Which alerts belong to which cases, as far as the products say so. */
export interface Links {
  /** One of `roles` per row. */
  role: Uint8Array;
  /** Per row the first case it belongs to; -1: none; -2: one that lies before what the view shows. */
  caseOf: Int32Array;
  /** 1 for what only stands for an alert of another source. */
  copy: Uint8Array;
  /** The alerts of each case that has any, without copies. An alert may belong to several cases. */
  alertsOf: ReadonlyMap<number, readonly number[]>;
  /** Per row how many of its references mean a record nobody has, or one of several. */
  unknown: Uint16Array;
  ambiguous: Uint16Array;
  /** 1 where one of its references means an alert from before what the view shows. */
  earlier: Uint8Array;
}

/** `gone`: cases that are none any more, merged into another or deleted; what hangs on them hangs on the other one, if any. */
export function linksOf(view: View, client: Client, created: Float64Array, gone: (row: number) => boolean): Links {
  const role = rolesOf(view, client);
  const graph = edgesOf(view, client, role);
  const caseOf = new Int32Array(view.rows).fill(-1);
  const alertsOf = new Map<number, number[]>();
  const isCase = (row: number) => role[row] === roles.case && !gone(row);
  const starts = [...graph.edges.keys()].filter((row) => row >= 0 && isCase(row)).sort((a, b) => at(created, a) - at(created, b) || a - b);
  // Cases of before are looked at last: one that is shown is the better answer.
  for (const start of [...starts, older]) {
    for (const row of reached(
      graph.edges,
      start,
      (row) => !isCase(row),
      (row) => role[row] !== roles.alert || graph.copy[row] === 1,
    )) {
      if (caseOf[row] === -1) caseOf[row] = start;
      if (start !== older && role[row] === roles.alert && graph.copy[row] === 0) alertsOf.set(start, [...(alertsOf.get(start) ?? []), row]);
    }
  }
  const { copy, unknown, ambiguous, earlier } = graph;
  return { role, caseOf, copy, alertsOf, unknown, ambiguous, earlier };
}

/** Stands for all cases that lie before what the view shows. */
const older = -2;

interface Graph extends Pick<Links, 'copy' | 'unknown' | 'ambiguous' | 'earlier'> {
  edges: Map<number, number[]>;
}

function edgesOf(view: View, client: Client, role: Uint8Array): Graph {
  const names = namesIn(view, client, role);
  const graph: Graph = {
    edges: new Map(),
    copy: new Uint8Array(view.rows),
    unknown: new Uint16Array(view.rows),
    ambiguous: new Uint16Array(view.rows),
    earlier: new Uint8Array(view.rows),
  };
  const join = (row: number, found: Resolved, counted: boolean) => {
    if (typeof found !== 'string') connect(graph.edges, row, found.row < 0 ? older : found.row);
    else if (counted) graph[found][row] = at(graph[found], row) + 1;
  };
  eachText(view, 'parent', (row, id) => join(row, names.parent(row, id), role[row] !== roles.case));
  eachText(view, 'merged_into', (row, id) => join(row, names.parent(row, id), false));
  eachText(view, 'children', (row, text) => {
    for (const one of text.split(listSeparator)) {
      const found = names.child(row, referenceIn(one));
      // An alert from before what the view shows is known, and a link to it would say nothing more.
      if (typeof found !== 'string' && found.row < 0) graph.earlier[row] = 1;
      else join(row, found, role[row] === roles.case);
      if (typeof found !== 'string' && role[row] !== roles.case && isAlert(role, found.row, view, row)) graph.copy[row] = 1;
    }
  });
  return graph;
}

function eachText(view: View, column: 'parent' | 'merged_into' | 'children', take: (row: number, text: string) => void): void {
  const { codes, values } = view.text(column);
  for (let row = 0; row < view.rows; row += 1) {
    const text = values[codes[row] ?? -1];
    if (text !== undefined && text !== '') take(row, text);
  }
}

/** Whether a row is an alert of another source. */
function isAlert(role: Uint8Array, row: number, view: View, other: number): boolean {
  const { codes } = view.text('source');
  return row >= 0 && role[row] === roles.alert && codes[row] !== codes[other];
}

function connect(edges: Map<number, number[]>, a: number, b: number): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const known = edges.get(from);
    if (known === undefined) edges.set(from, [to]);
    else known.push(to);
  }
}

/** All that hangs on `start` by way of rows that lead `through`; rows that may not be `entered` end the way. */
function reached(
  edges: ReadonlyMap<number, readonly number[]>,
  start: number,
  entered: (row: number) => boolean,
  through: (row: number) => boolean,
): number[] {
  const found = new Set<number>();
  const left = [start];
  for (let from = left.pop(); from !== undefined; from = left.pop()) {
    for (const to of edges.get(from) ?? []) {
      if (to < 0 || found.has(to) || to === start || !entered(to)) continue;
      found.add(to);
      if (through(to)) left.push(to);
    }
  }
  return [...found];
}

/** When an alert became part of its case: with the case's beginning, but not before its own nor after its own close. NaN: of none. */
export function joinedAt({ caseOf }: Links, created: Float64Array, closed: Float64Array, row: number): Ms {
  const first = caseOf[row] ?? -1;
  const begun = at(created, row);
  if (first === -1) return Number.NaN;
  const joined = first < 0 ? begun : Math.max(begun, at(created, first));
  const end = at(closed, row);
  return end < joined ? Math.max(begun, end) : joined;
}
