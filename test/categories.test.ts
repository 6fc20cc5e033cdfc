import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CategoryRule, categorise } from '../src/categories.ts';
import { loadConfig } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { compileFilter, type FilterColumns, FilterError } from '../src/filter/index.ts';

interface Row {
  title?: string;
  log_sources?: string;
  severity?: number;
}

function columnsOf(rows: readonly Row[]): FilterColumns {
  return {
    rows: rows.length,
    text(name) {
      if (name !== 'title' && name !== 'log_sources') throw new Error(`no text column ${name}`);
      const values = [...new Set(rows.flatMap((row) => row[name] ?? []))];
      return { values, codes: Int32Array.from(rows, (row) => values.indexOf(row[name] ?? '\u0000')) };
    },
    number(name) {
      if (name !== 'severity') throw new Error(`no number column ${name}`);
      return Float64Array.from(rows, (row) => row.severity ?? Number.NaN);
    },
  };
}

function rule(category: string, matches: string, field = 'title'): CategoryRule {
  return { category, when: { field, matches }, place: `${category}:1` };
}

function namesOf(rows: readonly Row[], rules: readonly CategoryRule[]): (string | undefined)[] {
  const { codes, names } = categorise(columnsOf(rows), rules);
  return [...codes].map((code) => names[code]);
}

const shipped = (await loadConfig(join(import.meta.dirname, '../config'), realEffects)).categories;

test('the first rule that matches names the category, what none matches is Other', () => {
  const rules = [rule('A', 'one'), rule('B', 'two'), rule('A', 'three'), rule('C', 'never')];
  const rows = [{ title: 'one two' }, { title: 'two' }, { title: 'three two' }, { title: 'four' }, {}, { title: 'one three' }];
  const found = categorise(columnsOf(rows), rules);
  assert.deepEqual(found.names, ['A', 'B', 'C', 'Other']);
  assert.deepEqual([...found.codes], [0, 1, 1, 3, 3, 0]);
  const { perRule, overlaps } = found.count(Int32Array.from(rows.keys()));
  assert.deepEqual(perRule, [
    { category: 'A', place: 'A:1', matched: 2, assigned: 2 },
    { category: 'B', place: 'B:1', matched: 3, assigned: 2 },
    { category: 'A', place: 'A:1', matched: 2, assigned: 0 },
    { category: 'C', place: 'C:1', matched: 0, assigned: 0 },
  ]);
  assert.equal(overlaps, 2, 'two rules of one category are no overlap');
});

test('only counted rows enter the counts, all get a category', () => {
  const rows = [{ title: 'x' }, { title: 'x y' }, { title: 'x y' }];
  const { codes, count } = categorise(columnsOf(rows), [rule('X', 'x'), rule('Y', 'y')]);
  const found = count(Int32Array.of(0, 2));
  assert.deepEqual([...codes], [0, 0, 0]);
  assert.deepEqual(
    found.perRule.map(({ matched, assigned }) => [matched, assigned]),
    [
      [2, 2],
      [1, 0],
    ],
  );
  assert.equal(found.overlaps, 1);
});

test('no rules and no rows', () => {
  assert.deepEqual(namesOf([{ title: 'x' }, {}], []), ['Other', 'Other']);
  assert.deepEqual(categorise(columnsOf([]), [rule('A', 'a')]).count(new Int32Array()).perRule[0]?.matched, 0);
});

test('a rule that cannot be used is refused', () => {
  assert.throws(() => categorise(columnsOf([]), [rule('A', '(')]), FilterError);
});

test('categories agree with trying every rule on every row', () => {
  const text = fc.constantFrom('port', 'scan', 'report', 'x');
  const row = fc.record({ title: text, log_sources: text, severity: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] });
  const rules: CategoryRule[] = [
    rule('A', 'port'),
    {
      category: 'B',
      when: {
        all: [
          { field: 'log_sources', equals: 'x' },
          { field: 'severity', range: { from: 1 } },
        ],
      },
      place: 'b',
    },
    { category: 'C', when: { not: { field: 'severity', exists: true } }, place: 'c' },
  ];
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const alone = (one: Row) => rules.find(({ when }) => compileFilter(when)(columnsOf([one]))[0] === 1)?.category ?? 'Other';
      assert.deepEqual(namesOf(rows, rules), rows.map(alone));
    }),
  );
});

test('shipped rules: "report", "support", "geo" and "debug" are no hits, case does not matter', () => {
  const expected: Record<string, string> = {
    'malware report': 'AV',
    'support ticket': 'Other',
    'Monthly report exported': 'Other',
    'Airport Wi-Fi access': 'Other',
    'Geolocation changed': 'Other',
    'Vulnerability scan finished': 'Other',
    'Scandinavian proxy node': 'Other',
    'Savings plan updated': 'Other',
    'Dialogue closed': 'Other',
    'Swaffham office offline': 'Other',
    'Logon failure': 'Logon',
    LOGIN: 'Logon',
    'Failed log-in from new device': 'Logon',
    'BruteForce detected': 'Logon',
    'Potential SQL Injection': 'SQLInjection',
    'potential sql injection': 'SQLInjection',
    'Heartbleed probe (OpenSSL)': 'OpenSSL',
    'Host Port Scan Detected': 'PortScan',
    portscan: 'PortScan',
    'Scanner detected': 'PortScan',
    'AV: virus found': 'AV',
    'WAF blocked request\n': 'WAF',
    'Communication with Malicious IP': 'MaliciousIP',
    'User account created': 'UserEvents',
    'Privileged Group Changed': 'UserEvents',
    'Excessive Firewall Denies Between Hosts\n': 'FirewallDenies',
    'Multiple Exploit/Malware Types Targeting a Single Destination\n containing Command Injection\n': 'Exploit',
  };
  const titles = Object.keys(expected);
  const found = namesOf(
    titles.map((title) => ({ title })),
    shipped,
  );
  assert.deepEqual(Object.fromEntries(titles.map((title, index) => [title, found[index]])), expected);
});

test('shipped rules know what the reporting system is', () => {
  assert.deepEqual(
    namesOf(
      [
        { title: 'Request burst', log_sources: 'Proxy-01\u001fWAF shop.example' },
        { title: 'Request burst', log_sources: 'Swaffham' },
      ],
      shipped,
    ),
    ['WAF', 'Other'],
  );
});

test('the categories that were asked for are there', () => {
  const names = new Set(shipped.map(({ category }) => category));
  for (const name of ['Logon', 'AV', 'OpenSSL', 'SQLInjection', 'PortScan', 'WAF', 'MaliciousIP', 'UserEvents'])
    assert.ok(names.has(name), name);
});
