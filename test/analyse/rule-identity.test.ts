import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { prepareFindings } from '../../src/analyse/findings.ts';
import { rulesOf } from '../../src/analyse/identity.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, client, finding, viewOf } from './view.ts';

const zone = 'Europe/Berlin';
const month = parsePeriod('2026-10', zone);
const hour = 3_600_000;

interface Fired {
  id?: string;
  name: string;
  source?: string;
}

/** One finding an hour, in this order. */
function fired(...rules: readonly (Fired | undefined)[]) {
  return rules.map((rule, i) => {
    const { source = 'siem', ...named } = rule ?? { name: '' };
    return finding({ created_at: month.start + i * hour, source, title: `Title ${i}`, rules: rule === undefined ? [] : [named] });
  });
}

function counts(findings: ReturnType<typeof fired>, ...sources: string[]) {
  const acme = client(zone, {}, sources.length === 0 ? ['siem'] : sources);
  const batches = [...acme.sources.keys()].map((source) => batch({ start: 0, end: month.end }, { source }));
  const asOf = month.end + hour;
  const analysis = analysisOf(findings, '2026-10', zone, { client: acme, view: viewOf(findings, batches, asOf), asOf });
  const table =
    analysis.tables['RUL-01.rules'] ?? Object.values(analysis.tables).find(({ id }) => id.startsWith('RUL-01') && id !== 'RUL-01.titles');
  return Object.fromEntries((table?.rows ?? []).map((row) => [row[table?.columns[0]?.key ?? ''], row[table?.columns[1]?.key ?? '']]));
}

test('a renamed rule stays one, under its latest name', () => {
  assert.deepEqual(counts(fired({ id: '7', name: 'Scan' }, { id: '7', name: 'Scan' }, { id: '7', name: 'Port scan' })), { 'Port scan': 3 });
});

test('two rules of one name stay two, told apart by their ids, and by their sources where those are the same', () => {
  assert.deepEqual(counts(fired({ id: '7', name: 'Scan' }, { id: '8', name: 'Scan' }, { id: '8', name: 'Scan' })), {
    'Scan (8)': 2,
    'Scan (7)': 1,
  });
  const twice = fired(
    { id: '7', name: 'Scan', source: 'a' },
    { id: '7', name: 'Scan', source: 'b' },
    { id: '7', name: 'Scan', source: 'b' },
  );
  assert.deepEqual(counts(twice, 'a', 'b'), { 'Scan (b 7)': 2, 'Scan (a 7)': 1 });
});

test('without an id the name joins, also with the one rule that has it; without a name the title stands', () => {
  const mixed = fired({ name: 'Scan', source: 'cases' }, { id: '7', name: 'Scan' }, undefined);
  assert.deepEqual(counts(mixed, 'siem', 'cases'), { Scan: 2, 'Title 2': 1 });
  const open = fired({ name: 'Scan', source: 'cases' }, { id: '7', name: 'Scan' }, { id: '8', name: 'Scan' });
  assert.deepEqual(counts(open, 'siem', 'cases'), { Scan: 1, 'Scan (7)': 1, 'Scan (8)': 1 });
});

test('a rule is found by its id and by every name it has had', () => {
  const findings = fired({ id: '7', name: 'Scan' }, { id: '7', name: 'Port scan' });
  const { called } = rulesOf(
    prepareFindings({ view: viewOf(findings), client: client(zone), reader: 'manager', asOf: month.end, categories: [] }),
  );
  for (const word of ['7', 'Scan', 'Port scan']) assert.deepEqual(called.get(word), ['Port scan'], word);
});

test('on whatever data: as many rules as ids and names without one, each finding with its own', () => {
  const rule = fc.record({
    id: fc.constantFrom('1', '2', '3', undefined),
    name: fc.constantFrom('scan', 'brute', 'mail'),
    source: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(rule, { maxLength: 3 }), { maxLength: 25 }), (rows) => {
      const findings = rows.map((rules, i) =>
        finding({
          created_at: month.start + i * hour,
          source: rules[0]?.source ?? 'a',
          title: `T${i}`,
          rules: rules.map(({ id, name }) => ({ name, ...(id === undefined ? {} : { id }) })),
        }),
      );
      const { column } = rulesOf(
        prepareFindings({ view: viewOf(findings), client: client(zone), reader: 'manager', asOf: month.end, categories: [] }),
      );
      // Once more with plain loops: the latest name of every id, then what shares it.
      const latest = new Map<string, string>();
      for (const { source, rules } of findings) for (const { id, name } of rules) if (id !== undefined) latest.set(`${source}|${id}`, name);
      const of = (source: string, { id, name }: { id?: string; name: string }) => {
        const owner = id === undefined ? undefined : `${source}|${id}`;
        const shownAs = owner === undefined ? name : (latest.get(owner) ?? '');
        const sharing = [...latest].filter(([, each]) => each === shownAs).map(([key]) => key);
        if (owner === undefined || sharing.length === 1) return shownAs;
        const clash = sharing.filter((key) => key.split('|')[1] === id).length > 1;
        return `${shownAs} (${clash ? `${source} ` : ''}${id})`;
      };
      for (const [row, { source, rules, title }] of findings.entries()) {
        const wanted = rules.length === 0 ? [title] : [...new Set(rules.map((each) => of(source, each)))];
        assert.deepEqual((column.values[column.codes[row] ?? -1] ?? '').split('\u001f'), wanted);
      }
    }),
    { numRuns: 200 },
  );
});
