import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crossFoot } from '../../src/analyse/index.ts';
import { alert, fed, figure, hour, incident, joinedAnalysis, noon } from './joined-soc.ts';
import type { finding } from './view.ts';

type Row = ReturnType<typeof finding>;

/** Any mixture of alerts, cases, what the case tool keeps of alerts, and links, some of which lead nowhere. */
const mixtures = fc
  .record({
    alerts: fc.array(
      fc.record({ source: fc.constantFrom('siem', 'edr', 'ndr'), early: fc.boolean(), parent: fc.integer({ min: -2, max: 5 }) }),
      { maxLength: 12 },
    ),
    cases: fc.array(
      fc.record({ early: fc.boolean(), child: fc.integer({ min: -2, max: 13 }), deleted: fc.constantFrom(false, false, true) }),
      { maxLength: 5 },
    ),
    fed: fc.array(fc.record({ alert: fc.integer({ min: 0, max: 13 }), parent: fc.integer({ min: -2, max: 5 }) }), { maxLength: 8 }),
  })
  .map(({ alerts, cases, fed: kept }): Row[] => {
    const when = (early: boolean) => ({ created_at: early ? noon - 30 * 24 * hour : noon });
    const words = { siem: 'qradar', edr: 'defender', ndr: 'vectra' };
    const productOf = (n: number) => words[alerts[n]?.source ?? 'siem'];
    return [
      ...alerts.map(({ source, early, parent }, n) =>
        alert(source, `a${n}`, { ...when(early), ...(parent < 0 ? {} : { parent: `c${parent}` }) }),
      ),
      ...cases.map(({ early, child, deleted }, n) =>
        incident(`c${n}`, {
          ...when(early),
          ...(deleted ? { status: 'deleted' } : {}),
          ...(child < 0 ? {} : { children: [{ product: productOf(child), id: `a${child}` }] }),
        }),
      ),
      ...kept.map(({ alert: n, parent }, i) => fed(`f${i}`, productOf(n), `a${n}`, parent < 0 ? undefined : `c${parent}`)),
    ];
  });

/** The alerts of a case, by looking at every record again and again until nothing is added. */
function alertsOf(all: readonly Row[], one: Row): Row[] {
  const found = new Set<Row>();
  const says = (row: Row, other: Row) => row.parent === other.native_id || row.children?.some(({ id }) => id === other.native_id) === true;
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    const leading = [one, ...[...found].filter((row) => row.source === 'desk')];
    for (const from of leading)
      for (const row of all) if (row !== one && row.kind === 'alert' && (says(row, from) || says(from, row))) found.add(row);
  }
  return [...found].filter((row) => row.source !== 'desk');
}

test('whatever is linked with what, totals foot over products and agree with plain loops', () => {
  fc.assert(
    fc.property(mixtures, (all) => {
      const analysis = joinedAnalysis(all);
      assert.deepEqual(crossFoot(analysis), []);
      const alive = all.filter((row) => row.kind === 'case' && row.status !== 'deleted');
      const alerts = all.filter((row) => row.kind === 'alert' && row.source !== 'desk');
      const parts = new Map(alive.map((one) => [one, alertsOf(all, one)]));
      const joined = new Set([...parts.values()].flat());
      const inside = (row: Row) => row.created_at === noon || row.created_at === noon + hour;
      const [free, cases] = [alerts.filter((row) => inside(row) && !joined.has(row)), alive.filter(inside)];
      const products = (one: Row) => new Set(parts.get(one)?.map(({ product }) => product));
      assert.equal(figure(analysis, 'VOL-01'), free.length + cases.length);
      assert.equal(figure(analysis, 'VOL-10'), free.length + cases.reduce((sum, one) => sum + products(one).size, 0));
      const rows = analysis.tables['VOL-03.table']?.rows ?? [];
      const sum = (key: string) => rows.reduce((total, row) => total + Number(row[key]), 0);
      assert.equal(sum('alerts'), alerts.filter(inside).length);
      assert.equal(sum('alone'), free.length);
      assert.equal(sum('touches'), figure(analysis, 'VOL-10'));
      assert.equal(sum('own'), cases.filter((one) => products(one).size === 1).length);
      for (const { product, cases: touched } of rows)
        assert.equal(touched, cases.filter((one) => products(one).has(String(product))).length);
      const known = cases.filter((one) => (parts.get(one)?.length ?? 0) > 0).length;
      if (cases.length > 0) assert.equal(figure(analysis, 'DQ-04'), known / cases.length);
      assert.equal(analysis.kpis['BKL-02']?.status, 'ok');
    }),
    { numRuns: 60 },
  );
});
