import { say } from '../words/index.ts';
import type { Facts } from './facts.ts';
import type { KpiResult, Table } from './kpi.ts';
import { roles } from './links/index.ts';
import { oncePerObject } from '../once.ts';
import { captionOf, countSeries, topCounts, type Named } from './series.ts';
import { at } from './stats/at.ts';
import type { Count } from './table.ts';

/** What one product has to do with the findings created in a period. */
export interface Share {
  product: string;
  /** Alerts it raised in the period, in a case or not. */
  alerts: number;
  /** Of them part of no case: findings by themselves. */
  alone: number;
  /** Cases created in the period to which at least one alert of it belongs, whenever that was raised. */
  cases: number;
}

export interface Shares {
  products: Share[];
  /** Cases by how many products their alerts come from; `none`: no alert of it is known. */
  none: number;
  one: Map<string, number>;
  several: number;
}

/** No product has this name. */
const nameless = '';

/** Per product what it touched; counted over the rows, once for all figures about it. */
export const sharesOf = oncePerObject((facts: Facts): Shares => {
  const { findings, created, alerts } = facts;
  const { codes, values } = findings.coded('product');
  const nameOf = (row: number) => values[codes[row] ?? -1] ?? nameless;
  const products = new Map<string, Share>();
  const add = (product: string, key: 'alerts' | 'alone' | 'cases') => {
    const share = products.get(product) ?? { product, alerts: 0, alone: 0, cases: 0 };
    share[key] += 1;
    products.set(product, share);
  };
  const shares: Shares = { products: [], none: 0, one: new Map(), several: 0 };
  for (const row of alerts.created.members) add(nameOf(row), 'alerts');
  for (const row of created.members) {
    if (findings.links?.role[row] !== roles.case) {
      add(nameOf(row), 'alone');
      continue;
    }
    const touched = new Set((findings.links.alertsOf.get(row) ?? []).map(nameOf));
    for (const product of touched) add(product, 'cases');
    const [first] = touched;
    if (first === undefined) shares.none += 1;
    else if (touched.size > 1) shares.several += 1;
    else shares.one.set(first, (shares.one.get(first) ?? 0) + 1);
  }
  shares.products = [...products.values()].sort((a, b) => touchesOf(b) - touchesOf(a) || (a.product < b.product ? -1 : 1));
  return shares;
});

/** A finding once for each product it touches. */
function touchesOf({ alone, cases }: Share): number {
  return alone + cases;
}

export function touchesIn(facts: Facts): number {
  return sharesOf(facts).products.reduce((sum, share) => sum + touchesOf(share), 0);
}

/** The products that detected what was created in the period. */
export function productsOf(facts: Facts): ReadonlySet<string> {
  const found =
    facts.findings.links === undefined
      ? facts.created.counts('product').flatMap(({ name }) => name ?? [])
      : sharesOf(facts).products.flatMap((share) => (touchesOf(share) > 0 && share.product !== nameless ? [share.product] : []));
  return new Set(found);
}

/** Both ways of counting side by side: each finding once, and once for each product it touches. */
export function productsShown(facts: Facts): Omit<KpiResult, 'outcome'> {
  const { none, several } = sharesOf(facts);
  const once = { id: 'VOL-03.products', measure: say('Findings created, each once'), chart: 'bars', sums_to: 'VOL-01' } as const;
  const touches = {
    id: 'VOL-03.touches',
    measure: say('Findings created, once for each product they touch'),
    chart: 'bars',
    sums_to: 'VOL-10',
  } as const;
  const title =
    several === 0
      ? say('No case has alerts of several products')
      : say('{n, plural, one {# case} other {# cases}} with alerts of several products', { n: several });
  const notes =
    none === 0
      ? []
      : [say('Of {n, plural, one {# case} other {# cases}} no alert is known: each counts once, and touches no product.', { n: none })];
  return {
    series: [
      countSeries(facts, { ...once, title }, topCounts(onceEach(facts), 12)),
      countSeries(
        facts,
        {
          ...touches,
          title: say('{n, plural, one {# touch} other {# touches}} of {findings} findings', {
            n: touchesIn(facts),
            findings: facts.created.rows,
          }),
        },
        topCounts(touched(facts), 12),
      ),
    ],
    tables: [table(facts)],
    notes,
  };
}

/** By the product of an alert, or of all of a case's alerts. */
function onceEach(facts: Facts): Named[] {
  const { products, one, several, none } = sharesOf(facts);
  const named = products.map(({ product, alone }) => ({ name: product, n: alone + (one.get(product) ?? 0) })); // without an entry it has no case to itself
  const rest = [
    { name: say('several products'), n: several },
    { name: say('cases without a known alert'), n: none },
  ];
  return [...named.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n), ...rest.filter(({ n }) => n > 0)];
}

function touched(facts: Facts): Count[] {
  return sharesOf(facts)
    .products.map((share) => ({ name: share.product, n: touchesOf(share) }))
    .filter(({ n }) => n > 0);
}

function table(facts: Facts): Table {
  const { products, one } = sharesOf(facts);
  return {
    id: 'VOL-03.table',
    title: say('{n, plural, one {# product} other {# products}}: alerts, cases and touches', { n: productsOf(facts).size }),
    caption: captionOf(
      facts,
      say('Alerts and cases created by product; a case with alerts of several products stands in each of their rows'),
    ),
    columns: [
      { key: 'product', label: say('Product'), kind: 'text' },
      { key: 'alerts', label: say('Alerts'), kind: 'count' },
      { key: 'alone', label: say('In no case'), kind: 'count' },
      { key: 'cases', label: say('Cases touched'), kind: 'count' },
      { key: 'own', label: say('Cases of it alone'), kind: 'count' },
      { key: 'touches', label: say('Touches'), kind: 'count' },
    ],
    rows: products.map((share) => ({ ...share, own: one.get(share.product) ?? 0, touches: touchesOf(share) })), // as above
    total_rows: products.length,
    sums_to: { kpi: 'VOL-10', column: 'touches' },
  };
}

/** Alerts and cases of a period, and of the cases those of which an alert is known. */
export interface Joined {
  alerts: number;
  joined: number;
  cases: number;
  /** At least one alert is known. */
  linked: number;
  /** They name alerts, but nobody has a record of them. */
  lost: number;
  /** They name no alert, and no alert names them. */
  silent: number;
  /** References of cases that several sources have a record for. */
  ambiguous: number;
  /** Alerts that name a case nobody has a record of. */
  stray: number;
}

export const joinedOf = oncePerObject((facts: Facts): Joined => {
  const { links } = facts.findings;
  const found: Joined = { alerts: facts.alerts.created.rows, joined: 0, cases: 0, linked: 0, lost: 0, silent: 0, ambiguous: 0, stray: 0 };
  if (links === undefined) return found;
  for (const row of facts.alerts.created.members) {
    if (links.caseOf[row] !== -1) found.joined += 1;
    else if (at(links.unknown, row) > 0) found.stray += 1;
  }
  for (const row of facts.created.members) {
    if (links.role[row] !== roles.case) continue;
    found.cases += 1;
    found.ambiguous += at(links.ambiguous, row);
    if (links.alertsOf.has(row) || links.earlier[row] === 1) found.linked += 1;
    else if (at(links.unknown, row) + at(links.ambiguous, row) > 0) found.lost += 1;
    else found.silent += 1;
  }
  return found;
});
