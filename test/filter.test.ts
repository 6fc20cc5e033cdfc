import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFilter, compileFilter, compileFilters, type Filter, type FilterColumns, FilterError, filter } from '../src/filter/index.ts';
import { fields } from '../src/finding.ts';
import { instantColumns, listColumns, numberColumns, textColumns } from '../src/store/columns.ts';

interface Row {
  title?: string;
  log_sources?: string[];
  severity?: number;
  escalated?: boolean;
  created_at?: string;
}

function columnsOf(rows: readonly Row[]): FilterColumns {
  const texts = (name: string) =>
    rows.map((row) => (name === 'log_sources' ? row.log_sources?.join('\u001f') : name === 'title' ? row.title : undefined));
  return {
    rows: rows.length,
    text(name) {
      const values = [...new Set(texts(name).filter((value) => value !== undefined))];
      return { values, codes: Int32Array.from(texts(name), (value) => (value === undefined ? -1 : values.indexOf(value))) };
    },
    number(name) {
      if (name === 'severity') return Float64Array.from(rows, (row) => row.severity ?? Number.NaN);
      if (name === 'escalated') return Float64Array.from(rows, (row) => (row.escalated === undefined ? Number.NaN : Number(row.escalated)));
      return name === 'created_at' ? Float64Array.from(rows, (row) => Date.parse(row.created_at ?? '')) : undefined;
    },
  };
}

/** The numbers of the rows that belong to the set. */
function select(given: unknown, rows: readonly Row[], zone?: string): number[] {
  const mask = compileFilter(filter.parse(given), zone === undefined ? {} : { zone })(columnsOf(rows));
  return [...mask.keys()].filter((row) => mask[row] === 1);
}

const titles: Row[] = [
  { title: 'Malware report' },
  { title: 'PORT scan\n' },
  { title: 'Straße gesperrt' },
  {},
  { title: 'ΜΑΛΛΟΣ' },
  { title: 'cafe\u0301' },
];

test('text tests ignore case, blanks at the ends and Unicode composition', () => {
  assert.deepEqual(select({ field: 'title', equals: 'port scan' }, titles), [1]);
  assert.deepEqual(select({ field: 'title', equals: 'Port', case: true }, titles), []);
  assert.deepEqual(select({ field: 'title', in: ['CAFÉ', 'malware REPORT'] }, titles), [0, 5]);
  assert.deepEqual(select({ field: 'title', contains: 'port' }, titles), [0, 1]);
  assert.deepEqual(select({ field: 'title', contains: 'port', case: true }, titles), [0]);
  assert.deepEqual(select({ field: 'title', contains: 'STRASSE' }, titles), [2]);
  assert.deepEqual(select({ field: 'title', contains: 'μαλλος' }, titles), [4]);
});

test('a pattern is found anywhere, with word boundaries where it says so', () => {
  assert.deepEqual(select({ field: 'title', matches: 'port' }, titles), [0, 1]);
  assert.deepEqual(select({ field: 'title', matches: '\\bport\\b' }, titles), [1]);
  assert.deepEqual(select({ field: 'title', matches: 'scan$' }, titles), [1]);
  assert.deepEqual(select({ field: 'title', matches: 'a.b' }, [{ title: 'a\nb' }]), [0]);
  assert.deepEqual(select({ field: 'title', matches: 'PORT', case: true }, titles), [1]);
});

test('what is unknown satisfies only exists: false, and not', () => {
  assert.deepEqual(select({ field: 'title', exists: true }, titles), [0, 1, 2, 4, 5]);
  assert.deepEqual(select({ field: 'title', exists: false }, titles), [3]);
  assert.deepEqual(select({ not: { field: 'title', matches: '.*' } }, titles), [3]);
  const severities: Row[] = [{ severity: 0 }, {}];
  assert.deepEqual(select({ field: 'severity', exists: false }, severities), [1]);
  assert.deepEqual(select({ field: 'severity', range: { below: 3 } }, severities), [0]);
  assert.deepEqual(select({ not: { field: 'severity', equals: 0 } }, severities), [1]);
  assert.deepEqual(select({ field: 'merged_into', exists: false }, severities), [0, 1]);
});

test('a test on a list holds if any element satisfies it', () => {
  const rows: Row[] = [{ log_sources: ['Proxy', 'WAF'] }, { log_sources: ['WAF2'] }, { log_sources: [] }, {}];
  assert.deepEqual(select({ field: 'log_sources', equals: 'waf' }, rows), [0]);
  assert.deepEqual(select({ field: 'log_sources', matches: '^waf' }, rows), [0, 1]);
  assert.deepEqual(select({ not: { field: 'log_sources', equals: 'proxy' } }, rows), [1, 2, 3]);
  assert.deepEqual(select({ field: 'log_sources', exists: true }, rows), [0, 1]);
  assert.deepEqual(select({ field: 'title', equals: 'b' }, [{ title: 'a\u001fb' }]), [], 'a text is not taken apart');
});

test('numbers, flags and instants', () => {
  const rows: Row[] = [
    { severity: 2, escalated: true, created_at: '2026-10-04T22:00:00Z' },
    { severity: 4, escalated: false, created_at: '2026-10-05T22:00:00Z' },
    {},
  ];
  assert.deepEqual(select({ field: 'severity', in: [2, 3] }, rows), [0]);
  assert.deepEqual(select({ field: 'severity', range: { from: 2, below: 4 } }, rows), [0]);
  assert.deepEqual(select({ field: 'escalated', equals: false }, rows), [1]);
  assert.deepEqual(select({ field: 'created_at', range: { from: '2026-10-05' } }, rows), [1]);
  assert.deepEqual(select({ field: 'created_at', range: { from: '2026-10-05', below: '2026-10-06' } }, rows, 'Europe/Berlin'), [0]);
  assert.deepEqual(select({ field: 'created_at', range: { below: '2026-10-04T22:00:01Z' } }, rows), [0]);
});

test('a form that is none is refused', () => {
  const message = (given: unknown) => filter.safeParse(given).error?.issues[0]?.message;
  assert.equal(message({}), 'needs exactly one of all, any, not, field; it has none');
  assert.equal(
    message({ all: [{ field: 'title', exists: true }], field: 'title', exists: true }),
    'needs exactly one of all, any, not, field; it has all and field',
  );
  assert.equal(message({ field: 'title' }), '"field" needs exactly one of equals, in, contains, matches, range, exists; it has none');
  assert.equal(message({ not: { field: 'title', exists: true }, equals: 'x' }), '"equals" needs "field" beside it');
  assert.equal(filter.safeParse({ field: 'title', equls: 'x' }).error?.issues[0]?.code, 'unrecognized_keys');
});

test('fields, patterns and values that cannot be meant are refused with their place', () => {
  const problem = (given: Filter) => checkFilter(given).map(({ path, message }) => `${path.join('.')}: ${message}`);
  assert.deepEqual(problem({ any: [{ field: 'titel', equals: 'x' }] }), ['any.0.field: no field "titel"; did you mean "title"?']);
  assert.deepEqual(problem({ field: 'title', matches: 'a(b' }), ['matches: missing closing ) at character 4']);
  assert.deepEqual(problem({ field: 'title', matches: 'ab**' }), ['matches: invalid nested repetition operator at character 3']);
  assert.deepEqual(problem({ field: 'title', matches: 'x(?=y)' }), [
    'matches: invalid or unsupported Perl syntax at character 2 (RE2 has no look-around)',
  ]);
  assert.deepEqual(problem({ field: 'title', matches: '(a)\\1' }), [
    'matches: invalid escape sequence at character 4 (RE2 has no back-references)',
  ]);
  assert.deepEqual(problem({ field: 'rule_ids', in: ['1', 7] }), ['in.1: rule_ids is a text; write "7" in quotes']);
  assert.deepEqual(problem({ field: 'severity', equals: 'high' }), [
    'equals: severity is a number; "high" is not (1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal)',
  ]);
  assert.deepEqual(problem({ field: 'severity', matches: '4' }), [
    'matches: "matches" does not suit severity, which is a number; use equals, in, range, exists',
  ]);
  assert.deepEqual(problem({ field: 'created_at', range: { from: 2026 } }), [
    'range.from: created_at needs a date such as 2026-10-05 or an instant such as 2026-10-05T06:00:00Z, not "2026"',
  ]);
  assert.deepEqual(problem({ field: 'severity', range: { from: 3, below: 3 } }), ['range: is empty: "from" must be less than "below"']);
  assert.deepEqual(problem({ field: 'severity', equals: 3, case: true }), ['case: "case" is for texts; severity is a number']);
  assert.throws(() => compileFilter({ field: 'titel', exists: true }), FilterError);
});

test('every stored column but our own keys can be asked for, by its kind', () => {
  const kinds = Object.fromEntries([
    ...textColumns.map((name) => [name, 'text']),
    ...listColumns.map((name) => [name, 'list']),
    ...instantColumns.map((name) => [name, 'instant']),
    ...numberColumns.filter((name) => name !== 'key' && name !== 'batch').map((name) => [name, name === 'escalated' ? 'flag' : 'number']),
  ]);
  assert.deepEqual({ ...fields }, kinds);
});

const words = fc.constantFrom('port', 'Port', 'report', 'SCAN', 'scan', 'ä', 'Ä', 'x');
const rowOf: fc.Arbitrary<Row> = fc.record(
  {
    title: fc.array(words, { maxLength: 3 }).map((parts) => parts.join(' ')),
    log_sources: fc.array(words, { maxLength: 3 }),
    severity: fc.integer({ min: 0, max: 6 }),
  },
  { requiredKeys: [] },
);
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ field: fc.constantFrom('title', 'log_sources'), equals: words, case: fc.boolean() }),
  fc.record({ field: fc.constantFrom('title', 'log_sources'), contains: words, case: fc.boolean() }),
  fc.record({
    field: fc.constantFrom('title', 'log_sources'),
    matches: fc.constantFrom('\\bport\\b', '^scan', 'x$', '[äx]', 'r?eport'),
    case: fc.boolean(),
  }),
  fc.record({ field: fc.constantFrom('title', 'log_sources', 'severity'), exists: fc.boolean() }),
  fc.record({ field: fc.constant('severity'), in: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1 }) }),
  fc.record({
    field: fc.constant('severity'),
    range: fc.record({ from: fc.integer({ min: 0, max: 3 }), below: fc.integer({ min: 4, max: 6 }) }),
  }),
);
const tree: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
})).filter;

/** Row by row, with the language's own means. */
function holds(row: Row, given: Filter): boolean {
  if ('all' in given) return given.all.every((part) => holds(row, part));
  if ('any' in given) return given.any.some((part) => holds(row, part));
  if ('not' in given) return !holds(row, given.not);
  const values = given.field === 'title' ? [row.title] : given.field === 'log_sources' ? (row.log_sources ?? []) : [row.severity];
  const known = values.filter((value) => value !== undefined);
  if (given.exists !== undefined) return known.length > 0 === given.exists;
  return known.some((value) => {
    if (typeof value === 'number')
      return given.in?.includes(value) ?? (value >= Number(given.range?.from) && value < Number(given.range?.below));
    const form = (text: unknown) => (given.case ? String(text) : String(text).toLowerCase());
    if (given.matches !== undefined) return new RegExp(given.matches, given.case ? 'u' : 'iu').test(value);
    return given.contains === undefined ? form(value) === form(given.equals) : form(value).includes(form(given.contains));
  });
}

test('masks agree with a slow evaluation row by row', () => {
  fc.assert(
    fc.property(fc.array(rowOf, { maxLength: 12 }), fc.array(tree, { minLength: 1, maxLength: 4 }), (rows, filters) => {
      const masks = compileFilters(filters)(columnsOf(rows)).map((mask) => [...mask]);
      assert.deepEqual(
        masks,
        filters.map((given) => rows.map((row) => Number(holds(row, given)))),
      );
    }),
    { numRuns: 300 },
  );
});

test('many patterns searched for together find what each finds alone', () => {
  const sources = [
    '\\bport\\b',
    '\\Bport',
    '^scan',
    'x$',
    '[äx]',
    '(?i:SCAN) x',
    'a|b',
    'r.port',
    '\\bsc',
    'port\\b',
    'x?y',
    'ä',
    '\\Qx\\E',
    'p+',
    '$',
    '\\pL\\b',
  ];
  const filters: Filter[] = sources.flatMap((matches) => [
    { field: 'title', matches, case: true },
    { field: 'title', matches },
  ]);
  const parts = ['port', 'Port', 'report', 'SCAN', 'scan', 'ä', 'Ä', 'x', 'y', '.'];
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    title: [i % 10, (i / 10) | 0, (i / 100) | 0].map((n) => parts[n % 10]).join(' '),
  }));
  const columns = columnsOf(rows);
  const together = compileFilters(filters)(columns);
  for (const [index, given] of filters.entries()) {
    assert.deepEqual(together[index], compileFilter(given)(columns), JSON.stringify(given));
    assert.ok(together[index]?.includes(1), `${JSON.stringify(given)} finds something`);
  }
});
