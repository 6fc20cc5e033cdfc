import { say, type Words } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type KpiResult, type Table } from '../kpi.ts';
import { joinedOf, productsOf, productsShown, touchesIn } from '../products.ts';
import { captionOf, countSeries, largestShare, topCounts } from '../series.ts';
import { shortName } from '../words.ts';

const common = {
  joined: true,
  cohort: 'created-in-period',
  needs: [],
  minN: 0,
  clock: 'none',
} as const satisfies Partial<Kpi>;

const byProduct = defineKpi({
  chapter: 'volume',
  cohort: 'created-in-period',
  needs: [],
  direction: 'neutral',
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
  id: 'VOL-03',
  name: 'Products that reported',
  question: 'Which products do findings come from?',
  formula: 'Distinct detecting products among the findings created',
  unit: 'count',
  statistic: 'count',
  chart: 'bars',
  sources: ['catalogue VOL-03'],
  compute: (facts) => ({ outcome: { ...count(productsOf(facts).size), n: facts.created.rows } }),
  show: (facts) => (facts.findings.links === undefined ? shownPlain(facts) : productsShown(facts)),
});

/** Where every record counts by itself it names one product. */
function shownPlain(facts: Facts): Omit<KpiResult, 'outcome'> {
  const counts = facts.created.counts('product');
  const title = largestShare(shortName(counts[0]?.name, say('The largest product')), counts[0]?.n, facts.created.rows);
  const drawing = { id: 'VOL-03.products', title, measure: say('Findings created by product'), chart: 'bars', sums_to: 'VOL-01' } as const;
  const unsaid = facts.client.sources.size > 1 && facts.created.counts('kind').length > 1;
  return { series: [countSeries(facts, drawing, topCounts(counts, 12))], notes: unsaid ? [sideBySide] : [] };
}

const sideBySide = say(
  'It is not said which source is the record for cases and which for alerts (records in the client’s file), so that a case and the alerts it was made from count side by side.',
);

const touches = defineKpi({
  ...common,
  id: 'VOL-10',
  chapter: 'volume',
  name: 'Touches of products',
  question: 'How often did a product play a part?',
  formula: 'Sum over the findings created of the products that raised them: an alert touches one, a case each product of its alerts',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count',
  chart: 'figure',
  audiences: ['client', 'engineer'],
  sources: ['catalogue VOL-03'],
  compute: (facts) => ({ outcome: { ...count(touchesIn(facts)), n: facts.created.rows } }),
});

const compression = defineKpi({
  ...common,
  id: 'VOL-06',
  counts: 'alerts and cases',
  chapter: 'volume',
  name: 'Alerts per case',
  question: 'How many alerts does a case take?',
  formula: 'Alerts created in [start, end), in a case or not / cases created in it',
  unit: 'ratio',
  direction: 'neutral',
  statistic: 'ratio of two counts',
  chart: 'figure',
  audiences: ['engineer'],
  sources: ['catalogue VOL-06'],
  compute: (facts) => {
    const { alerts, cases } = joinedOf(facts);
    if (cases === 0) return { outcome: { status: 'no-denominator', reason: say('there are no cases created in the period'), n: 0 } };
    return { outcome: known(alerts / cases, alerts) };
  },
  show: (facts) => {
    const { alerts, joined } = joinedOf(facts);
    return { notes: [say('{joined} of {n, plural, one {# alert} other {# alerts}} are part of a case.', { joined, n: alerts })] };
  },
});

const linked = defineKpi({
  ...common,
  id: 'DQ-04',
  counts: 'cases',
  chapter: 'data',
  name: 'Cases whose alerts are known',
  question: 'Do we know what the cases were made from?',
  formula: 'Cases created of which at least one alert is known, by what case tool or product say / cases created',
  unit: 'rate',
  direction: 'up',
  statistic: 'Wilson 95 % interval',
  chart: 'table',
  audiences: ['client', 'engineer'],
  sources: ['catalogue VOL-03, multi-product rule'],
  compute: (facts) => {
    const { linked, cases } = joinedOf(facts);
    return { outcome: proportion(linked, cases, say('cases created in the period')) };
  },
  show: (facts) => ({ tables: [linkTable(facts)], notes: linkNotes(facts) }),
});

function linkTable(facts: Facts): Table {
  const { cases, linked, lost, silent, alerts, joined, stray } = joinedOf(facts);
  const rows = [
    { what: say('Cases with a known alert'), n: linked, of: cases },
    { what: say('Cases naming alerts that no source has'), n: lost, of: cases },
    { what: say('Cases without any link'), n: silent, of: cases },
    { what: say('Alerts that are part of a case'), n: joined, of: alerts },
    { what: say('Alerts naming a case that no source has'), n: stray, of: alerts },
  ];
  return {
    id: 'DQ-04.links',
    title: say('{linked} of {n, plural, one {# case} other {# cases}} with a known alert', { linked, n: cases }),
    caption: captionOf(facts, say('Links between alerts and cases created')),
    columns: [
      { key: 'what', label: say('Item'), kind: 'text' },
      { key: 'n', label: say('Records'), kind: 'count' },
      { key: 'of', label: say('Of'), kind: 'count' },
    ],
    rows,
    total_rows: rows.length,
  };
}

/** What is not known to belong together counts twice: as a case and as the alerts it was made from. */
function linkNotes(facts: Facts): Words[] {
  const { lost, silent, ambiguous } = joinedOf(facts);
  const notes: Words[] = [];
  if (lost + silent > 0)
    notes.push(
      say(
        'Of {n, plural, one {# case} other {# cases}} no alert is known. Alerts they were made from count by themselves besides the case.',
        { n: lost + silent },
      ),
    );
  if (ambiguous > 0)
    notes.push(
      say('{n, plural, one {# reference} other {# references}} of cases could mean records of several sources, and so link nothing.', {
        n: ambiguous,
      }),
    );
  return notes;
}

export const joined: readonly Kpi[] = [byProduct, compression, touches, linked];
