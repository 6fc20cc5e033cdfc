import type { FilterColumns } from '../filter/index.ts';
import { type ColumnName, type Findings, manyValued } from './findings.ts';
import type { NumberColumn } from '../store/columns.ts';
import { oncePer } from '../once.ts';
import { rowsIn, type Stretch } from './stretches.ts';
import { type Coded, type Count, countBy, countListPairs, countLists, countPairs, gather, gatherNumbers, type PairCount } from './table.ts';

/** A set of findings that figures are made of. Whatever one KPI groups, the next one gets from memory. */
export interface Cohort extends FilterColumns {
  /** Their rows in the view, ascending. */
  members: Int32Array;
  coded(name: ColumnName): Coded;
  number(name: NumberColumn): Float64Array;
  number(name: string): Float64Array | undefined;
  /** Findings per value, most first, ties by name; `undefined` names those without one. A finding counts once per value it has. */
  counts(name: ColumnName): readonly Count[];
  /** Findings per pair of values, `left` being among `wanted`; absent: any, of two columns with one value per finding. */
  pairs(left: ColumnName, right: ColumnName, wanted?: readonly string[]): readonly PairCount[];
}

/** `extra` are columns that exist for these findings only, in the order of `members`. */
export function cohortOf(findings: Findings, members: Int32Array, extra: Readonly<Record<string, () => Coded>> = {}): Cohort {
  const { view } = findings;
  const coded = oncePer((name: ColumnName) => extra[name]?.() ?? gather(findings.coded(name), members));
  const numbers = oncePer((name: NumberColumn) => gatherNumbers(view.number(name), members));
  const listPairs = (left: ColumnName, right: ColumnName, wanted: readonly string[]) =>
    countListPairs(coded(left).codes, coded(right).codes, findings.lists(left), findings.lists(right), new Set(wanted));
  const pairs = oncePer((key: string) => {
    const [left, right, wanted] = JSON.parse(key) as [ColumnName, ColumnName, string[] | null]; // written by `pairs` below
    return wanted === null ? countPairs(coded(left), coded(right)) : listPairs(left, right, wanted);
  });
  return {
    members,
    rows: members.length,
    coded,
    text: (name) => (view.text(name) === undefined ? undefined : coded(name as ColumnName)), // the view has just said that it is one
    number: (name: string) => numbers(name as NumberColumn), // filters are checked against the list of fields
    counts: oncePer((name) => (manyValued.has(name) ? countLists(coded(name).codes, findings.lists(name)) : countBy(coded(name)))),
    pairs: (left, right, wanted) => pairs(JSON.stringify([left, right, wanted ?? null])),
  };
}

/** The rows that pass, ascending. */
export function selectRows(rows: number, test: (row: number) => boolean): Int32Array {
  return selectIn([{ first: 0, end: rows }], test);
}

/** Of the rows of some stretches those that pass, ascending. */
export function selectIn(stretches: readonly Stretch[], test: (row: number) => boolean): Int32Array {
  const chosen = new Int32Array(rowsIn(stretches));
  let size = 0;
  for (const { first, end } of stretches) {
    for (let row = first; row < end; row += 1) if (test(row)) chosen[size++] = row;
  }
  return size === chosen.length ? chosen : chosen.slice(0, size);
}

/** The members that pass, in their order. */
export function selectMembers(members: Int32Array, test: (row: number) => boolean): Int32Array {
  const chosen = new Int32Array(members.length);
  let size = 0;
  for (let i = 0; i < members.length; i += 1) {
    const row = members[i] ?? -1;
    if (test(row)) chosen[size++] = row;
  }
  return size === chosen.length ? chosen : chosen.slice(0, size);
}

/** How many members pass. */
export function countMembers(members: Int32Array, test: (row: number) => boolean): number {
  let n = 0;
  for (let i = 0; i < members.length; i += 1) if (test(members[i] ?? -1)) n += 1;
  return n;
}

/** Findings with a value, of a column or of the list of one. */
export function countOf(counts: readonly Count[], name: string | undefined): number {
  return counts.find((count) => count.name === name)?.n ?? 0; // a value that never occurs occurs zero times
}

/** The sum of some counts. */
export function totalOf(counts: readonly Count[]): number {
  return counts.reduce((sum, { n }) => sum + n, 0);
}
