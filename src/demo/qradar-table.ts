import { compare, type Filter, parseFilter, testOf } from './qradar-filter.ts';

/** Ids beyond 2^53 are bigints here and plain numbers on the wire. */
export type TableRecord = Readonly<Record<string, unknown>> & { id?: number | bigint };

/** A sort that cannot be followed: answered with 422 and code 1030. */
export class SortError extends Error {
  override name = 'SortError';
}

export interface Table {
  /** `total` of all that match, and those in [from, to] of them, both counted from 0. */
  select(query: { filter: string | null; sort: string | null; from: number; to: number }): { total: number; records: TableRecord[] };
  get(id: string): TableRecord | undefined;
  put(...records: readonly TableRecord[]): void;
  remove(id: number | bigint): void;
  replace(records: readonly TableRecord[]): void;
}

interface Plan {
  /** Only ids greater than this one. */
  after: number | bigint | undefined;
  /** Only these ids. */
  among: readonly unknown[] | undefined;
  rest: Filter[];
}

/**
 * Records sorted by id. What a filter matches is remembered until a record changes, so that each page of
 * "… and id > last" is found by bisection and costs no scan.
 */
export function openTable(initial: readonly TableRecord[], isField: (name: string) => boolean): Table {
  let byId = new Map<string, TableRecord>();
  let anonymous: TableRecord[] = [];
  let sorted: TableRecord[] | undefined;
  const matches = new Map<string, TableRecord[]>();

  function put(records: readonly TableRecord[]): void {
    matches.clear();
    sorted = undefined;
    for (const record of records) {
      if (record.id === undefined) anonymous.push(record);
      else byId.set(String(record.id), record);
    }
  }

  function matching(rest: readonly Filter[], sort: string): TableRecord[] {
    const key = JSON.stringify([rest, sort], (_name, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const known = matches.get(key);
    if (known !== undefined) return known;
    const test = testOf({ all: [...rest] }, isField);
    sorted ??= [...anonymous, ...byId.values()].sort((a, b) => compare(a.id, b.id) ?? absent(a.id) - absent(b.id));
    const found = sortBy(sorted.filter(test), sort, isField);
    matches.set(key, found);
    return found;
  }

  function among(ids: readonly unknown[], rest: readonly Filter[]): TableRecord[] {
    const found = ids.map((id) => byId.get(String(id))).filter((record) => record !== undefined);
    return found.filter(testOf({ all: [...rest] }, isField)).sort((a, b) => compare(a.id, b.id) ?? 0);
  }

  put(initial);
  return {
    select({ filter, sort, from, to }) {
      const plan = planOf(filter);
      const order = sort ?? '+id';
      const all = plan.among === undefined ? matching(plan.rest, order) : sortBy(among(plan.among, plan.rest), order, isField);
      const { after } = plan;
      if (after === undefined) return { total: all.length, records: all.slice(from, to + 1) };
      if (order !== '+id')
        return cutOut(
          all.filter((record) => (compare(record.id, after) ?? -1) > 0),
          from,
          to,
        );
      const start = firstAfter(all, after);
      return { total: all.length - start, records: all.slice(start + from, start + to + 1) };
    },
    get: (id) => byId.get(id),
    put: (...records) => put(records),
    remove(id) {
      byId.delete(String(id));
      put([]);
    },
    replace(records) {
      byId = new Map();
      anonymous = [];
      put(records);
    },
  };
}

function cutOut(all: readonly TableRecord[], from: number, to: number): { total: number; records: TableRecord[] } {
  return { total: all.length, records: all.slice(from, to + 1) };
}

/** Takes "id > N" and "id in (…)" out of a filter where they stand at its top, so that an index can answer them. */
function planOf(text: string | null): Plan {
  const plan: Plan = { after: undefined, among: undefined, rest: [] };
  if (text === null || text.trim() === '') return plan;
  const filter = parseFilter(text);
  for (const part of 'all' in filter ? filter.all : [filter]) {
    const [value] = 'field' in part && part.field === 'id' ? part.values : [];
    const isBound = 'field' in part && part.operator === '>' && plan.after === undefined && typeof value !== 'string';
    if ('field' in part && part.field === 'id' && part.operator === 'in' && plan.among === undefined) plan.among = part.values;
    else if (isBound && value !== undefined) plan.after = value;
    else plan.rest.push(part);
  }
  return plan;
}

function firstAfter(sorted: readonly TableRecord[], id: number | bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((compare(sorted[middle]?.id, id) ?? 1) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** "+a,-b"; what has no value comes last when rising and first when falling, as in the console's PostgreSQL. */
function sortBy(records: TableRecord[], sort: string, isField: (name: string) => boolean): TableRecord[] {
  const keys = sort.split(',').map((key) => /^([+-])([A-Za-z_]\w*)$/.exec(key.trim()));
  const wrong = keys.findIndex((key) => key?.[2] === undefined || !isField(key[2]));
  if (wrong >= 0) throw new SortError(`"${sort}" cannot be sorted by`);
  if (sort === '+id') return records;
  return records.toSorted((a, b) => {
    for (const key of keys) {
      const [, sign, field = ''] = key ?? [];
      const order = compare(a[field], b[field]) ?? absent(a[field]) - absent(b[field]);
      if (order !== 0) return sign === '-' ? -order : order;
    }
    return 0;
  });
}

function absent(value: unknown): number {
  return value === undefined || value === null ? 1 : 0;
}
