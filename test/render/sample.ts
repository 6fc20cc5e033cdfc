import type { Analysis, KpiEntry } from '../../src/analyse/analysis.ts';
import type { Cell, Kpi, Series, Table } from '../../src/analyse/kpi.ts';

/** A made-up month with everything a report can meet: a day without data, a partial day, zeros, hostile and long titles. */
export const hostile = '<script>alert(1)</script>{{7*7}}';
export const longTitle = `Suspicious sign-in: ${'an unusually long rule name written by somebody who never stops '.repeat(5)}`.slice(
  0,
  300,
);

export const titles = [
  'Multiple login failures from the same source',
  hostile,
  longTitle,
  'تم اكتشاف محاولة تسجيل دخول مشبوهة من عنوان خارجي',
  '複数回のログイン失敗を検出しました',
  'Обнаружено подозрительное соединение с узлом',
  'זוהתה פעילות חריגה בחשבון משתמש',
  'Invoice\u202Egpj.exe opened by user\u0007',
  '=HYPERLINK("http://evil.example","click")',
  'Ανίχνευση κακόβουλου λογισμικού 🦠',
];

const days = Array.from({ length: 31 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`);
const daily = [63, 71, 12, 0, 82, 77, 69, 80, 74, 18, 11, 0, 66, 91, 88, 79, 13, 9, 84, 120, 95, 81, 77, 21, 14, 86, 90, 83, 79, 72, 19];

export function dayCells(scale = 1): Cell[] {
  return daily.map((value, index): Cell => {
    if (index === 11) return { status: 'no-data', reason: 'the API of siem-main answered 503 all day' };
    if (index === 12) return { status: 'partial', value: Math.round(value * scale), reason: '41 of 66 fetched' };
    return { status: 'ok', value: Math.round(value * scale) };
  });
}

const figures = (values: number[]): Cell[] => values.map((value) => ({ status: 'ok', value }));
const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
const caption = 'Findings per day, 1–31 October 2026, Europe/Berlin';

function series(
  id: string,
  chart: Series['chart'],
  axis: Series['axis'],
  rest: Omit<Series, 'id' | 'chart' | 'axis' | 'caption'> & { caption?: string },
): Series {
  return { id, chart, axis, caption, ...rest };
}

export const everySeries: Series[] = [
  series('by-day', 'columns', 'day', {
    title: 'The 20th brought twice the usual load',
    unit: 'count',
    labels: days,
    groups: [{ name: 'created', cells: dayCells() }],
  }),
  series('by-severity', 'columns', 'day', {
    title: 'High severity stayed rare',
    unit: 'count',
    labels: days,
    groups: [
      { name: 'high', cells: dayCells(0.1) },
      { name: 'medium', cells: dayCells(0.3) },
      { name: 'low', cells: dayCells(0.6) },
    ],
  }),
  series('by-hour', 'line', 'hour', {
    title: 'Load follows office hours',
    unit: 'count',
    labels: hours,
    groups: [{ name: 'created', cells: figures(hours.map((_, hour) => Math.round(40 + 90 * Math.exp(-((hour - 13) ** 2) / 18)))) }],
  }),
  series('top-titles', 'bars', 'category', {
    title: 'One rule makes a third of all findings',
    unit: 'count',
    labels: titles,
    groups: [
      { name: 'findings', cells: [...figures([611, 402, 218, 144, 97, 61, 30, 12, 0]), { status: 'no-data', reason: 'not collected' }] },
    ],
  }),
  series('rule-sources', 'small-multiples', 'category', {
    title: 'A scanner causes most of rule one',
    unit: 'count',
    labels: ['10.0.0.5', '10.0.0.9', '203.0.113.77', 'host-ж', 'fe80::1'],
    groups: titles.slice(0, 6).map((name, index) => ({ name, cells: figures([90 - index * 9, 40, 22 + index, 8, index % 2]) })),
  }),
  series('precision', 'dots', 'category', {
    title: 'Two rules are mostly noise',
    unit: 'rate',
    labels: titles.slice(0, 4),
    target: 0.5,
    groups: [
      {
        name: 'precision',
        cells: [
          { status: 'ok', value: 0.82, low: 0.74, high: 0.88, n: 120 },
          { status: 'ok', value: 0.11, low: 0.04, high: 0.25, n: 31 },
          { status: 'partial', value: 0.5, low: 0.2, high: 0.8, n: 8, reason: '12 October has no data' },
          { status: 'no-data', reason: 'no verdicts' },
        ],
      },
    ],
  }),
  series('weekday-hour', 'heatmap', 'hour', {
    title: 'Mondays at ten are the busiest hour',
    unit: 'count',
    labels: hours,
    groups: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((name, day) => ({
      name,
      cells: hours.map(
        (_, hour): Cell =>
          day === 6 && hour === 3
            ? { status: 'no-data', reason: 'clock change' }
            : { status: 'ok', value: Math.round((day < 5 ? 20 : 4) * Math.exp(-((hour - 10) ** 2) / 20)) },
      ),
    })),
  }),
  series('pareto', 'pareto', 'category', {
    title: 'Three rules make four fifths',
    unit: 'count',
    labels: titles.slice(0, 5),
    groups: [{ name: 'findings', cells: figures([611, 402, 218, 144, 97]) }],
  }),
  series('close-curve', 'curves', 'category', {
    title: 'Half are closed within four hours',
    unit: 'rate',
    labels: ['15 min', '1 h', '4 h', '12 h', '1 d', '3 d', '7 d'],
    target: 0.9,
    groups: [
      { name: 'high', cells: figures([0.1, 0.4, 0.7, 0.85, 0.93, 0.97, 0.99]) },
      { name: 'medium', cells: figures([0.02, 0.2, 0.5, 0.7, 0.82, 0.9, 0.95]) },
    ],
  }),
  series('sla', 'bullet', 'category', {
    title: 'High severity misses its target',
    unit: 'rate',
    labels: ['critical', 'high', 'medium'],
    target: 0.95,
    groups: [{ name: 'within target', cells: figures([1, 0.91, 0.96]) }],
  }),
  series('ages', 'ageing', 'category', {
    title: 'Nine findings are older than a week',
    unit: 'count',
    labels: ['0–1 d', '1–3 d', '3–7 d', '7–14 d', 'over 14 d'],
    groups: [
      { name: 'high', cells: figures([2, 1, 0, 1, 0]) },
      { name: 'other', cells: figures([14, 9, 6, 5, 3]) },
    ],
  }),
  series('ack-trend', 'xmr', 'category', {
    title: 'Time to acknowledge shows no clear change',
    unit: 'seconds',
    labels: ['W31', 'W32', 'W33', 'W34', 'W35', 'W36', 'W37', 'W38', 'W39', 'W40', 'W41', 'W42', 'W43'],
    target: 900,
    groups: [
      {
        name: 'median',
        cells: [
          ...figures([660, 700, 610, 640, 720, 690, 655, 702, 668]),
          { status: 'no-data', reason: 'not collected' },
          ...figures([688, 640, 715]),
        ],
      },
    ],
  }),
];

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
export const sampleKpis: KpiEntry[] = [
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

function definition(entry: KpiEntry): Omit<Kpi, 'compute'> {
  return {
    id: entry.id,
    chapter: 'volume',
    name: entry.name,
    question: `How much does "${entry.name}" tell?`,
    cohort: 'created-in-period',
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
