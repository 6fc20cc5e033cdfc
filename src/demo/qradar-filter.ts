/**
 * The part of QRadar's filter language that its own examples and our collector use: comparisons, `in`, `and`, `or`, brackets
 * (https://ibmsecuritydocs.github.io/qradar_api_overview/c_rest_api_filtering.html). Comparing with null is false, but for `!=`.
 */
export type Value = string | number | bigint;

export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { field: string; operator: '=' | '!=' | '>' | '>=' | '<' | '<=' | 'in'; values: Value[] };

/** Not a filter: answered with 422 and code 1010. */
export class FilterError extends Error {
  override name = 'FilterError';
}

type Comparison = Extract<Filter, { field: string }>;
const operators: Readonly<Record<string, Comparison['operator']>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '^=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};
const token = /\s*(>=|<=|!=|<>|\^=|[=<>(),]|"(?:[^"\\]|\\.)*"|-?\d+(?![\w.])|[A-Za-z_][\w.]*)/y;

export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  const filter = either(tokens);
  if (tokens.length > 0) throw new FilterError(`"${tokens[0]}" was not expected`);
  return filter;
}

function tokensOf(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match?.[1] === undefined) throw new FilterError(`not understood from "${text.slice(at, at + 20)}"`);
    found.push(match[1]);
  }
  return found;
}

function either(tokens: string[]): Filter {
  const any = [both(tokens)];
  while (take(tokens, 'or')) any.push(both(tokens));
  return any.length === 1 && any[0] !== undefined ? any[0] : { any };
}

function both(tokens: string[]): Filter {
  const all = [single(tokens)];
  while (take(tokens, 'and')) all.push(single(tokens));
  return all.length === 1 && all[0] !== undefined ? all[0] : { all };
}

function single(tokens: string[]): Filter {
  if (take(tokens, '(')) {
    const inner = either(tokens);
    expect(tokens, ')');
    return inner;
  }
  const field = tokens.shift();
  if (field === undefined || !/^[A-Za-z_]/.test(field)) throw new FilterError(`a field was expected, not "${field}"`);
  const word = tokens.shift();
  if (word?.toLowerCase() === 'in') return { field, operator: 'in', values: listOf(tokens) };
  const operator = operators[word ?? ''];
  if (operator === undefined) throw new FilterError(`an operator was expected after ${field}, not "${word}"`);
  return { field, operator, values: [valueIn(tokens.shift())] };
}

function listOf(tokens: string[]): Value[] {
  expect(tokens, '(');
  const values = [valueIn(tokens.shift())];
  while (take(tokens, ',')) values.push(valueIn(tokens.shift()));
  expect(tokens, ')');
  return values;
}

function valueIn(word: string | undefined): Value {
  if (word === undefined || /^[=<>(),!^]/.test(word)) throw new FilterError(`a value was expected, not "${word}"`);
  if (word.startsWith('"')) return word.slice(1, -1).replace(/\\(.)/g, '$1');
  if (!/^-?\d/.test(word)) return word;
  return Number.isSafeInteger(Number(word)) ? Number(word) : BigInt(word);
}

function take(tokens: string[], word: string): boolean {
  const found = tokens[0]?.toLowerCase() === word;
  if (found) tokens.shift();
  return found;
}

function expect(tokens: string[], word: string): void {
  if (!take(tokens, word)) throw new FilterError(`"${word}" was expected, not "${tokens[0]}"`);
}

export type Test = (record: Readonly<Record<string, unknown>>) => boolean;

/** The filter as a test of one record. Throws FilterError for a field that the list does not have. */
export function testOf(filter: Filter, isField: (name: string) => boolean): Test {
  if ('all' in filter) return every(filter.all.map((each) => testOf(each, isField)));
  if ('any' in filter) return some(filter.any.map((each) => testOf(each, isField)));
  if (!isField(filter.field)) throw new FilterError(`there is no field ${filter.field}`);
  return comparison(filter);
}

function every(tests: readonly Test[]): Test {
  return (record) => tests.every((test) => test(record));
}

function some(tests: readonly Test[]): Test {
  return (record) => tests.some((test) => test(record));
}

function comparison({ field, operator, values }: Comparison): Test {
  if (operator === 'in') return (record) => values.some((value) => compare(record[field], value) === 0);
  const [wanted = ''] = values;
  const holds: Record<typeof operator, (order: number | undefined) => boolean> = {
    '=': (order) => order === 0,
    '!=': (order) => order !== 0,
    '>': (order) => order !== undefined && order > 0,
    '>=': (order) => order !== undefined && order >= 0,
    '<': (order) => order !== undefined && order < 0,
    '<=': (order) => order !== undefined && order <= 0,
  };
  const hold = holds[operator];
  return (record) => hold(compare(record[field], wanted));
}

/** -1, 0 or 1; undefined where the two cannot be compared, as with null. Numbers and bigints compare exactly. */
export function compare(a: unknown, b: unknown): number | undefined {
  const comparable = typeof a === 'string' ? typeof b === 'string' : isNumber(a) && isNumber(b);
  if (!comparable) return undefined;
  // Both are of one kind by now; the type system cannot see it, the operators can.
  const [left, right] = [a as number, b as number]; // see above
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}
