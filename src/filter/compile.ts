import { type FieldKind, fields } from '../finding.ts';
import type { FilterColumns, Mask } from './columns.ts';
import { buildTest, type Node, type Run, type TestContext } from './field-test.ts';
import type { Filter } from './form.ts';
import { findAll, type Pattern } from './texts.ts';

type Path = (string | number)[];

/** A field, pattern or value that a filter cannot use; `path` leads to it inside the filter. */
interface FilterProblem {
  path: Path;
  message: string;
}

/** A filter that cannot be used. */
export class FilterError extends Error {
  override name = 'FilterError';
}

interface FilterOptions {
  /** The fields that may be asked for. Default: those of a stored finding. */
  fields?: Readonly<Record<string, FieldKind>>;
  /** IANA zone of dates and times without offset. Default UTC. */
  zone?: string;
}

/** What is wrong with a filter beyond its form: unknown fields, broken patterns, tests that do not suit the field. */
export function checkFilter(filter: Filter, options: FilterOptions = {}): FilterProblem[] {
  return build([filter], options).problems.map(({ path, message }) => ({ path: path.slice(1), message }));
}

/** @throws FilterError with every problem of the filter. */
export function compileFilter(filter: Filter, options: FilterOptions = {}): (columns: FilterColumns) => Mask {
  const compiled = compileFilters([filter], options);
  return (columns) => compiled(columns)[0] ?? new Uint8Array(columns.rows);
}

/**
 * Many filters at once, which then share the work on texts: one mask per filter, in their order.
 * @throws FilterError with every problem of the filters.
 */
export function compileFilters(filters: readonly Filter[], options: FilterOptions = {}): (columns: FilterColumns) => Mask[] {
  const { problems, nodes, patterns } = build(filters, options);
  if (problems.length > 0)
    throw new FilterError(
      problems.map(({ path, message }) => `${path.slice(filters.length > 1 ? 0 : 1).join('.')}: ${message}`).join('\n'),
    );
  return (columns) => {
    const run = startRun(columns, patterns);
    return nodes.map((node) => node(run));
  };
}

/** The fields that a filter asks for. */
export function fieldsOf(filter: Filter): Set<string> {
  if ('field' in filter) return new Set([filter.field]);
  const parts = 'all' in filter ? filter.all : 'any' in filter ? filter.any : [filter.not];
  return new Set(parts.flatMap((part) => [...fieldsOf(part)]));
}

interface Build {
  nodes: Node[];
  problems: FilterProblem[];
  /** By field, so that they can be searched for together. */
  patterns: Map<string, Pattern[]>;
}

function build(filters: readonly Filter[], options: FilterOptions): Build {
  const problems: FilterProblem[] = [];
  const patterns = new Map<string, Pattern[]>();
  const note = (field: string, pattern: Pattern): number => {
    const noted = patterns.get(field) ?? [];
    patterns.set(field, noted);
    return noted.push(pattern) - 1;
  };
  const contextAt = (path: Path): TestContext => ({
    fields: options.fields ?? fields,
    zone: options.zone ?? 'UTC',
    note,
    refuse: (message, ...key) => problems.push({ path: [...path, ...key], message }),
  });
  const nodes = filters.map((part, index) => buildNode(part, [index], contextAt));
  return { nodes, problems, patterns };
}

function startRun(columns: FilterColumns, patterns: ReadonlyMap<string, Pattern[]>): Run {
  const searched = new Map<string, Uint8Array[]>();
  const found: Run['found'] = (field, pattern, index) => {
    const all = searched.get(field) ?? findAll(patterns.get(field) ?? [], index.texts);
    searched.set(field, all);
    return all[pattern] ?? new Uint8Array(index.texts.length);
  };
  return { columns, found };
}

function buildNode(part: Filter, path: Path, contextAt: (path: Path) => TestContext): Node {
  if ('field' in part) return buildTest(part, contextAt(path));
  if ('not' in part) {
    const inner = buildNode(part.not, [...path, 'not'], contextAt);
    return (run) => inner(run).map((one) => 1 - one);
  }
  const [key, parts] = 'all' in part ? (['all', part.all] as const) : (['any', part.any] as const);
  const nodes = parts.map((each, index) => buildNode(each, [...path, key, index], contextAt));
  return (run) => combine(key, nodes, run);
}

function combine(key: 'all' | 'any', nodes: readonly Node[], run: Run): Mask {
  const mask = new Uint8Array(run.columns.rows).fill(key === 'all' ? 1 : 0);
  for (const node of nodes) {
    const other = node(run);
    for (let row = 0; row < mask.length; row++) {
      if (key === 'all' ? other[row] === 0 : other[row] === 1) mask[row] = key === 'all' ? 0 : 1;
    }
  }
  return mask;
}
