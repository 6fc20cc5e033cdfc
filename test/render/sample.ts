import type { Analysis, Definition, KpiEntry } from '../../src/analyse/analysis.ts';
import type { Table } from '../../src/analyse/kpi.ts';
import { daily, days, everySeries, titles } from './sample-series.ts';

/** A made-up month with everything a report can meet: a day without data, a partial day, zeros, hostile and long titles. */
const topTable: Table = {
  id: 'top-pairs',
  title: 'Titles and their sources',
  caption: 'The ten most frequent pairs, 1–31 October 2026',
  columns: [
    { key: 'title', label: 'Title', kind: 'text' },
    { key: 'source', label: 'Source', kind: 'text' },
    { key: 'n', label: 'Findings', kind: 'count' },
    { key: 'share', label: 'Share', kind: 'rate' },
    { key: 'last', label: 'Last seen', kind: 'instant' },
    { key: 'median', label: 'Median to close', kind: 'seconds' },
  ],
  rows: titles.map((title, index) => ({
    title,
    source: index === 4 ? null : `10.0.${index}.7`,
    n: 600 - index * 55,
    share: (600 - index * 55) / 1950,
    last: Date.UTC(2026, 9, 31, 12, index),
    median: index === 3 ? null : 900 * (index + 1) ** 2,
  })),
  total_rows: 148,
};

function kpi(id: string, name: string, unit: string, rest: Partial<KpiEntry> & { status: string }): KpiEntry {
  return { id, name, unit, series: [], tables: [], notes: [], ...rest } as KpiEntry; // the literals below are whole outcomes
}

const gap = 'no data for 12 October, 13 October is partial';
const sampleKpis: KpiEntry[] = [
  kpi('VOL-01', 'Findings created', 'count', {
    status: 'partial',
    value: 1950,
    n: 30,
    reason: gap,
    previous: { status: 'ok', value: 1890, n: 30 },
    change: 'no clear change',
    series: ['by-day', 'by-severity', 'by-hour', 'weekday-hour'],
  }),
  kpi('VOL-04', 'Most frequent titles', 'count', {
    status: 'ok',
    value: 148,
    n: 1950,
    series: ['top-titles'],
    tables: ['top-pairs'],
    notes: ['Titles are compared without their trailing line breaks.'],
  }),
  kpi('ESC-01', 'Escalation rate', 'rate', {
    status: 'ok',
    value: 0.0421,
    n: 1950,
    low: 0.034,
    high: 0.052,
    previous: { status: 'ok', value: 0.031, n: 1890 },
    change: 'probably rose by 36 %',
  }),
  kpi('QUA-04', 'False-positive share', 'rate', { status: 'no-denominator', reason: 'no closed findings' }),
  kpi('TIM-03', 'Time to acknowledge', 'seconds', {
    status: 'ok',
    value: 664,
    n: 212,
    low: 540,
    high: 840,
    target: 900,
    previous: { status: 'no-data', reason: 'collection began on 20 September' },
    series: ['ack-trend'],
  }),
  kpi('TIM-07', 'Time to close', 'seconds', {
    status: 'ok',
    value: 7800,
    n: 1720,
    low: 7000,
    high: 8600,
    change: 'clearly fell by 30 %',
    series: ['close-curve', 'sla'],
  }),
  kpi('BKL-01', 'Open at the end', 'count', { status: 'ok', value: 41, n: 41, series: ['ages'] }),
  kpi('RUL-01', 'Findings per rule', 'count', { status: 'ok', value: 37, n: 1950, series: ['pareto', 'precision', 'rule-sources'] }),
  kpi('TIM-06', 'Time to contain', 'seconds', { status: 'not-available-from-source', reason: 'QRadar does not record containment' }),
];

function definition(entry: KpiEntry): Definition {
  return {
    id: entry.id,
    chapter: 'volume',
    name: entry.name,
    question: `How much does "${entry.name}" tell?`,
    cohort: 'created-in-period',
    counts: 'work',
    needs: [],
    formula: 'count{created_at in P, not merged, not a test}',
    unit: 'count',
    direction: 'neutral',
    statistic: 'rate per day, 95 % interval',
    minN: 5,
    clock: 'calendar',
    chart: 'columns',
    audiences: ['manager', 'client', 'engineer'],
    sources: ['SOC KPI catalogue, 5.1'],
  };
}

export function sampleAnalysis(): Analysis {
  return {
    schema: 1,
    client: { id: 'northwind', name: 'Northwind Gmbh & Co. <KG>' },
    report: { id: 'monthly', title: 'Security operations report', reader: 'manager' },
    period: { start: '2026-09-30T22:00:00Z', end: '2026-10-31T23:00:00Z', zone: 'Europe/Berlin', label: '2026-10', days: 31 },
    as_of: '2026-11-01T05:00:00Z',
    locale: 'en',
    notice: 'Sample data',
    incomplete: gap,
    kpis: Object.fromEntries(sampleKpis.map((entry) => [entry.id, entry])),
    series: Object.fromEntries(everySeries.map((entry) => [entry.id, entry])),
    tables: { 'top-pairs': topTable },
    coverage: days.map((day, index) => ({
      source: 'siem-main',
      day,
      fetched: index === 12 ? 41 : (daily[index] ?? 0),
      status: index === 11 ? 'failed' : index === 12 ? 'partial' : 'complete',
      ...(index === 11 ? { reason: 'the API answered 503 all day' } : index === 12 ? { reason: '41 of 66 fetched', expected: 66 } : {}),
    })),
    excluded: [
      { reason: 'merged into another finding', n: 31 },
      { reason: 'marked as test', n: 4 },
    ],
    chapters: [
      { id: 'volume', title: 'Volume and mix', kpis: ['VOL-01', 'VOL-04'] },
      { id: 'escalation', title: 'Escalation', kpis: ['ESC-01'] },
      { id: 'quality', title: 'Detection quality', kpis: ['QUA-04'] },
      { id: 'speed', title: 'Speed', kpis: ['TIM-03', 'TIM-07', 'TIM-06'] },
      { id: 'backlog', title: 'Backlog', kpis: ['BKL-01'] },
      { id: 'rules', title: 'Rules', kpis: ['RUL-01'] },
    ],
    definitions: Object.fromEntries(sampleKpis.map((entry) => [entry.id, definition(entry)])),
    capabilities: [
      {
        source: 'siem-main',
        product: 'IBM QRadar',
        question: 'acknowledged_at',
        answer: 'derived',
        note: 'known to lie between two collections',
      },
      { source: 'siem-main', product: 'IBM QRadar', question: 'contained_at', answer: 'no' },
    ],
    provenance: {
      batches: 2976,
      digest: 'b6f1c0e2a9d84417a3b1d2f0c5e6978812aa34bc56de78f09a1b2c3d4e5f6071',
      versions: { 'soc-kpi': '0.1.0', node: '26.10.0' },
    },
  };
}
