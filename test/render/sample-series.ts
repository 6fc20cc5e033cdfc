import type { Cell, Series } from '../../src/analyse/kpi.ts';

export const hostile = '<script>alert(1)</script>{{7*7}}';
const longTitle = `Suspicious sign-in: ${'an unusually long rule name written by somebody who never stops '.repeat(5)}`.slice(0, 300);

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

export const days = Array.from({ length: 31 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`);
export const daily = [
  63, 71, 12, 0, 82, 77, 69, 80, 74, 18, 11, 0, 66, 91, 88, 79, 13, 9, 84, 120, 95, 81, 77, 21, 14, 86, 90, 83, 79, 72, 19,
];

function dayCells(scale = 1): Cell[] {
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
  series('incidents', 'timeline', 'category', {
    title: 'One of three is still open',
    unit: 'seconds',
    labels: [`9727 ${titles[0]}`, titles[2] ?? '', titles[3] ?? ''],
    groups: [
      { name: 'noticed', cells: figures([0, 95, 700]) },
      { name: 'acknowledged', cells: [...figures([300]), { status: 'no-data', reason: 'not recorded' }, ...figures([4000])] },
      { name: 'closed', cells: [...figures([7200, 90_000]), { status: 'no-data', reason: 'still open at the data cut' }] },
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
