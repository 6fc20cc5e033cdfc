import type { Analysis } from '../../src/analyse/analysis.ts';
import type { Table } from '../../src/analyse/kpi.ts';
import type { Finding } from '../../src/finding.ts';
import { parsePeriod } from '../../src/period.ts';
import { client, finding, monthly, saidOf, viewOf } from '../analyse/view.ts';

/** One made-up edition: how much data, for whom, in which language and on which paper. */
export interface Edition {
  size: Size;
  reader: Analysis['report']['reader'];
  locale: (typeof locales)[number];
  paper: (typeof papers)[number];
}

const locales = ['en-GB', 'de', 'fr', 'es', 'ar', 'ja'] as const;
const papers = ['A4', 'Letter'] as const;
const readers = ['manager', 'client', 'engineer'] as const;

const zone = 'Europe/Berlin';
const october = parsePeriod('2026-10', zone);
const hour = 3_600_000;
const severities = [2, 3, 3, 4, 5] as const;
const verdicts = ['true_positive', 'false_positive', 'benign', null] as const;
const people = ['amina', 'Jürgen', '佐藤', null] as const;

/** One finding after another through September and October; every third is still open. */
function findings(count: number, titleAt: (index: number) => string) {
  const start = october.start - 30 * 24 * hour;
  return Array.from({ length: count }, (_, index) => {
    const created_at = Math.floor(start + ((october.end - start) * (index + 0.5)) / count);
    const title = titleAt(index);
    const closed = index % 3 !== 0;
    return finding({
      native_id: String(index),
      title,
      created_at,
      severity: severities[index % 5] ?? 3,
      status: closed ? 'closed' : 'new',
      verdict: closed ? (verdicts[index % 4] ?? null) : null,
      escalated: index % 7 === 0,
      rules: [{ name: title }],
      entities: [{ type: 'ip', value: `203.0.113.${index % 200}`, role: 'actor' }],
      log_sources: [`firewall-${index % 5}`],
      ...(closed
        ? { acknowledged_at: created_at + 600_000, closed_at: created_at + hour * (1 + (index % 40)), assignee: people[index % 4] }
        : {}),
    } as Partial<Finding> & { created_at: number });
  });
}

const ordinary = (index: number) => `Rule ${index % 23}: unusual sign-in from a new country`;
const scripts = [
  'Suspicious sign-in ',
  'تسجيل دخول مشبوه ',
  '複数回のログイン失敗',
  'Подозрительный вход ',
  'http://example.test/a?b=',
  '登录🦠',
  'supercalifragilistic',
];
/** 300 characters as people count them, some without a single space. */
const longTitle = (index: number) => [...(scripts[index % 7] ?? '').repeat(60), `#${index % 21}`].slice(-300).join('');

/** What attackers write, what other scripts look like, and what no font has a picture for. */
const hostile = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  "{{ constructor.constructor('return process')() }}{% include '/etc/passwd' %}",
  '\u202eexe.gnp\u202c \u2067right\u2069 \u200b\ufeff\u0000\u001b[31m',
  '=HYPERLINK("https://example.test","x")',
  '\ue000\uf8ff\u{f0000} private, \uffff none, \ud800 half',
  'ولوج مشبوه (503) → 10.0.0.1',
  'כניסה חשודה',
  'ログイン失敗が多発',
  '登录失败次数过多',
  '로그인 실패',
  'Ύποπτη σύνδεση',
  'Подозрительный вход',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 family',
  'Z̷̢̛a̸l̵g̶o̷'.repeat(6),
  'x'.repeat(2000),
];
const hostileTitle = (index: number) => `${hostile[index % hostile.length]} ${index % 21}`;

function manyRows(title: string): Table {
  return {
    id: 'all',
    title,
    caption: 'Every finding of the month',
    columns: [
      { key: 'id', label: 'Id', kind: 'text' },
      { key: 'title', label: 'Title', kind: 'text' },
      { key: 'n', label: 'Times', kind: 'count' },
      { key: 'at', label: 'Last seen', kind: 'instant' },
    ],
    rows: Array.from({ length: 15_000 }, (_, index) => ({
      id: `F-${index}`,
      title: ordinary(index),
      n: index % 90,
      at: october.start + index * 60_000,
    })),
    total_rows: 15_000,
  };
}

const sizes = {
  none: (input: Input) => saidOf([], october.label, zone, input),
  one: (input: Input) => saidOf([...findings(1, ordinary)], october.label, zone, input),
  month: (input: Input) => saidOf(findings(600, ordinary), october.label, zone, input),
  'titles of 300 characters': (input: Input) => saidOf(findings(200, longTitle), october.label, zone, input),
  'hostile titles': (input: Input) => saidOf(findings(200, hostileTitle), october.label, zone, input),
  '400 rules': (input: Input) =>
    saidOf(
      findings(1600, (index) => `Rule ${index % 400}`),
      october.label,
      zone,
      input,
    ),
  'all days missing': (input: Input) => saidOf([], october.label, zone, { ...input, view: viewOf([], [], october.end + hour) }),
  '15,000 rows': (input: Input): Analysis => {
    const analysis = saidOf(findings(600, ordinary), october.label, zone, input);
    const volume = analysis.kpis['VOL-01'];
    volume?.tables.push('all');
    return { ...analysis, tables: { ...analysis.tables, all: manyRows('All findings') } };
  },
};
type Size = keyof typeof sizes;
type Input = NonNullable<Parameters<typeof saidOf>[3]>;

export function analysisFor({ size, reader, locale }: Edition): Analysis {
  const report = { ...monthly, title: 'Security operations report', reader };
  return sizes[size]({ client: { ...client(zone), name: 'Northwind Trading', locale }, report });
}

/** Each size and each language once, the papers in turn. */
export const someEditions = (): readonly Edition[] =>
  (Object.keys(sizes) as Size[]).flatMap((size, row) =>
    everyEdition.filter((one) => one.size === size && one.locale === locales[row % locales.length] && one.paper === papers[row % 2]),
  );

/** Every size in every language on every paper; the readers take turns, but a manager gets no long table. */
export const everyEdition: readonly Edition[] = (Object.keys(sizes) as Size[]).flatMap((size, row) =>
  locales.flatMap((locale, column) =>
    papers.map((paper, side) => {
      const turns = size === '15,000 rows' ? readers.slice(1) : readers;
      return { size, locale, paper, reader: turns[(row + column + side) % turns.length] ?? 'manager' };
    }),
  ),
);
