import { compileFilters, type Filter, type FilterColumns, fieldsOf } from './filter/index.ts';
import { fields } from './finding.ts';

/** Ordered; the first rule that matches names the category. */
export interface CategoryRule {
  category: string;
  when: Filter;
  /** "categories.yaml:12", for diagnostics. */
  place: string;
}

/** The category of what no rule matches. */
export const other = 'Other';

/** What the rules did among some rows. */
export interface RuleCounts {
  /** In the order of the rules: how many rows a rule matches, and how many of those it was the first to match. */
  perRule: { category: string; place: string; matched: number; assigned: number }[];
  /** Rows that rules of more than one category match. */
  overlaps: number;
}

export interface Categories {
  /** Per row an index into `names`. */
  codes: Int32Array;
  /** In the order of the rules; "Other" is last. */
  names: string[];
  /** Over some of the rows. */
  count(rows: Int32Array): RuleCounts;
}

/**
 * The category of every row. The rules are tried on the distinct combinations of the fields they ask for, not on the rows.
 * @throws FilterError for a rule that cannot be used.
 */
export function categorise(columns: FilterColumns, rules: readonly CategoryRule[]): Categories {
  const names = [...new Set([...rules.map((rule) => rule.category), other])].sort((a, b) => Number(a === other) - Number(b === other));
  const asked = new Set(rules.flatMap((rule) => [...fieldsOf(rule.when)]));
  const distinct = distinctRows(columns, asked);
  const masks = compileFilters(rules.map((rule) => rule.when))(distinct.columns);
  const category = rules.map((rule) => names.indexOf(rule.category));
  const first = new Int32Array(distinct.columns.rows).fill(-1);
  const overlapping = new Uint8Array(first.length);
  for (const [rule, mask] of masks.entries()) {
    for (let row = 0; row < first.length; row++) {
      if (mask[row] !== 1) continue;
      const before = first[row] ?? -1;
      if (before === -1) first[row] = rule;
      else if (category[before] !== category[rule]) overlapping[row] = 1;
    }
  }
  const codeOf = first.map((rule) => (rule < 0 ? names.length - 1 : (category[rule] ?? -1)));
  const codes = new Int32Array(columns.rows);
  for (let row = 0; row < codes.length; row++) codes[row] = codeOf[distinct.rowOf[row] ?? -1] ?? -1;
  const count: Categories['count'] = (rows) => {
    const weights = weigh(distinct, rows);
    const perRule = rules.map(({ category: name, place }, rule) => ({
      category: name,
      place,
      ...countRule(rule, masks[rule], first, weights),
    }));
    let overlaps = 0;
    for (let row = 0; row < weights.length; row++) if (overlapping[row] === 1) overlaps += weights[row] ?? Number.NaN;
    return { perRule, overlaps };
  };
  return { codes, names, count };
}

function countRule(
  rule: number,
  mask: Uint8Array | undefined,
  first: Int32Array,
  weights: Float64Array,
): { matched: number; assigned: number } {
  const counts = { matched: 0, assigned: 0 };
  for (let row = 0; row < weights.length; row++) {
    if (mask?.[row] !== 1) continue;
    const weight = weights[row] ?? Number.NaN;
    counts.matched += weight;
    if (first[row] === rule) counts.assigned += weight;
  }
  return counts;
}

interface Distinct {
  /** One row per distinct combination. */
  columns: FilterColumns;
  /** Which of them each original row is. */
  rowOf: Int32Array;
}

/** How many of some rows are of each combination. */
function weigh(distinct: Distinct, rows: Int32Array): Float64Array {
  const weights = new Float64Array(distinct.columns.rows);
  for (let i = 0; i < rows.length; i++) {
    const to = distinct.rowOf[rows[i] ?? -1] ?? -1;
    weights[to] = (weights[to] ?? Number.NaN) + 1;
  }
  return weights;
}

/** Titles and rules repeat: a million findings have a few hundred combinations of what the rules look at. */
function distinctRows(columns: FilterColumns, asked: ReadonlySet<string>): Distinct {
  const rowOf = new Int32Array(columns.rows);
  let groups = Math.min(1, columns.rows);
  for (const name of asked) groups = refine(rowOf, groups, codesOf(columns, name));
  const firstOf: number[] = [];
  for (let row = 0; row < rowOf.length; row++) {
    // Numbered in order of occurrence: the first row of a combination brings the next number.
    if (rowOf[row] === firstOf.length) firstOf.push(row);
  }
  const texts = new Map<string, ReturnType<FilterColumns['text']>>();
  const numbers = new Map<string, ReturnType<FilterColumns['number']>>();
  for (const name of asked) {
    const text = isText(name) ? columns.text(name) : undefined;
    texts.set(name, text && { codes: Int32Array.from(firstOf, (row) => text.codes[row] ?? -1), values: text.values });
    const number = isText(name) ? undefined : columns.number(name);
    numbers.set(name, number && Float64Array.from(firstOf, (row) => number[row] ?? Number.NaN));
  }
  return { rowOf, columns: { rows: firstOf.length, text: (name) => texts.get(name), number: (name) => numbers.get(name) } };
}

function isText(name: string): boolean {
  return fields[name] === 'text' || fields[name] === 'list';
}

interface Codes {
  codes: Int32Array;
  /** How many different ones there are, the unknown (-1) not counted. */
  size: number;
}

function codesOf(columns: FilterColumns, name: string): Codes {
  if (isText(name)) {
    const text = columns.text(name);
    return text === undefined ? { codes: new Int32Array(columns.rows), size: 1 } : { codes: text.codes, size: text.values.length };
  }
  const seen = new Map<number, number>();
  const codes = Int32Array.from(columns.number(name) ?? new Float64Array(columns.rows), (value) => numberOf(seen, value));
  return { codes, size: seen.size };
}

/** Splits groups of rows further by another column's codes; how many there are then. Numbered in the order in which they first occur. */
function refine(rowOf: Int32Array, groups: number, { codes, size }: Codes): number {
  const span = size + 1; // -1, unknown, is a code of its own
  const keys = groups * span;
  if (keys <= tableLimit) return refineByTable(rowOf, codes, span, new Int32Array(keys));
  const seen = new Map<number, number>();
  for (let row = 0; row < rowOf.length; row++) rowOf[row] = numberOf(seen, (rowOf[row] ?? 0) * span + (codes[row] ?? -1) + 1);
  return seen.size;
}

/** Up to so many possible keys a table is faster than a map. */
const tableLimit = 8_000_000;

/** `table` has a place for each key and holds nothing yet. */
function refineByTable(rowOf: Int32Array, codes: Int32Array, span: number, table: Int32Array): number {
  let count = 0;
  for (let row = 0; row < rowOf.length; row++) {
    const key = (rowOf[row] ?? 0) * span + (codes[row] ?? -1) + 1;
    let number = table[key] ?? 0;
    if (number === 0) {
      count++;
      number = count;
      table[key] = number;
    }
    rowOf[row] = number - 1;
  }
  return count;
}

function numberOf(seen: Map<number, number>, key: number): number {
  const before = seen.get(key);
  if (before !== undefined) return before;
  seen.set(key, seen.size);
  return seen.size - 1;
}
