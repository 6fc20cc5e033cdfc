import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { hasValue } from '../../src/outcome.ts';
import { renderReport } from '../../src/render/index.ts';
import { analysisFor } from './corpus.ts';
import { sampleAnalysis } from './sample.ts';
import { hostile } from './sample-series.ts';

const { html } = await renderReport(sampleAnalysis(), { classification: 'TLP:AMBER', footer: 'Northwind SOC' });

/** Every tag with the names of its attributes, in order: what a text must not be able to change. */
function shape(page: string): string[] {
  return [...page.matchAll(/<(\/?[a-z!][\w:-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, tag, attributes]) => `${tag} ${attributes?.replace(/="[^"]*"/g, '').trim()}`,
  );
}

const texts = new Set([
  ...['name', 'title', 'caption', 'reason', 'note', 'notes', 'formula', 'statistic', 'question', 'sources', 'product', 'source'],
  ...['notice', 'incomplete', 'digest', 'label', 'labels', 'change'],
]);

/** The analysis with `payload` in every field that may hold foreign text. */
function inject(value: unknown, payload: string, key = ''): unknown {
  if (typeof value === 'string') return texts.has(key) && !/^\d{4}-\d\d/.test(value) ? payload : value;
  if (Array.isArray(value)) return value.map((item) => inject(item, payload, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inject(item, payload, name)]));
}

/** One KPI with one chart and one table, so that many can be rendered. */
function small(): Analysis {
  const { kpis, chapters, series, ...rest } = sampleAnalysis();
  const entry = kpis['VOL-04'];
  assert.ok(entry);
  const bars = series['top-titles'];
  assert.ok(bars);
  return { ...rest, kpis: { 'VOL-04': entry }, chapters: chapters.slice(0, 1), series: { 'top-titles': bars } };
}

async function shapeWith(payload: string): Promise<string[]> {
  const analysis = inject(small(), payload) as Analysis; // only texts were exchanged
  analysis.period.label = '2026-10';
  return shape((await renderReport(analysis)).html);
}

const payloads = [
  hostile,
  '"><img src=x onerror=alert(1)>',
  "'--><svg/onload=alert(1)>",
  '</style><style>*{display:none}</style>',
  '</title><base href="//evil.example">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '{% include "/etc/passwd" %}{{ range.constructor("return 1")() }}<%= 1 %>',
  '\u202e\u2066\u0000\u001b]0;x\u0007\ud800',
  ']]><!--',
  '&lt;script&gt;&#x3c;',
  'x'.repeat(10_000),
  '\\"\\u003cscript\\u003e',
];

test('no text changes the structure of the page', async () => {
  const plain = await shapeWith('x');
  assert.ok(plain.length > 200);
  for (const payload of payloads) assert.deepEqual(await shapeWith(payload), plain, payload.slice(0, 40));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), async (payload) => {
      if (payload.trim() !== '') assert.deepEqual(await shapeWith(payload), plain);
    }),
    { numRuns: 8 },
  );
});

test('hostile text is printed as it is written', () => {
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}'));
  assert.equal(html.split('{{7*7}}').length, html.split('&lt;script&gt;alert(1)').length);
  assert.ok(!html.toLowerCase().includes('<script'));
});

test('the page is closed: its policy names the one stylesheet, and nothing points outside', () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.ok(html.includes(`default-src 'none'; style-src 'sha256-${hash}'; img-src data:`));
  assert.equal(html.match(/<style/g)?.length, 1);
  for (const [, target] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) assert.match(target ?? '', /^#/);
  assert.equal(/\sstyle=|@import|url\((?!#)/.exec(html), null);
});

test('headings are one h1 and no level skipped; every table and chart can be read without seeing', () => {
  const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  for (const [index, level] of levels.entries()) assert.ok(index === 0 || level <= (levels[index - 1] ?? 0) + 1);
  for (const [table] of html.matchAll(/<table[\s\S]*?<\/table>/g)) {
    assert.match(table, /<caption/);
    assert.match(table, /<th scope="col"/);
  }
  for (const [svg] of html.matchAll(/<svg[^>]*viewBox="0 0 \d{3}[^>]*>/g)) assert.match(svg, /role="img" aria-label="[^"]{20,}"/);
  // Every chart has its table, and tables without a chart have theirs.
  for (const [figure] of html.matchAll(/<figure[\s\S]*?<\/figure>/g)) assert.match(figure, /<details[\s\S]*<table/);
  assert.ok(html.includes('<html lang="en" dir="ltr">'));
});

test('ids are unique and links within the page arrive', () => {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const links = [...html.matchAll(/(?:href="|url\()#([^")]*)/g)].map(([, id]) => id);
  for (const link of links) assert.ok(ids.includes(link), `#${link}`);
});

test('every figure of a report has its place on the page of each reader, and leads to how it is made', async () => {
  const edition = { size: 'month', locale: 'en-GB', paper: 'A4' } as const;
  for (const reader of ['manager', 'client', 'engineer'] as const) {
    const analysis = analysisFor({ ...edition, reader });
    const page = (await renderReport(analysis)).html;
    assert.ok(Object.keys(analysis.kpis).length > 30);
    assert.doesNotMatch(page, /<th[^>]*><bdi><\/bdi>/, 'a column without a name');
    for (const [id, entry] of Object.entries(analysis.kpis)) {
      assert.ok(page.includes(` id="kpi-${id}"`), `${id} for the ${reader}`);
      // A manager is not told how what is not known would be made.
      if (reader !== 'manager' || hasValue(entry))
        assert.ok(page.includes(` id="definition-${id}"`), `how ${id} is made for the ${reader}`);
    }
  }
});

test('what is unknown or incomplete says so where it stands', () => {
  assert.ok(html.includes('not measured: no closed findings'));
  assert.ok(html.includes('not available from the source: QRadar does not record containment'));
  assert.ok(html.includes('≥\u00a01,950'));
  assert.ok(html.includes('This report is incomplete:'));
  assert.ok(html.includes('Blind spots.</strong> <bdi>siem-main: Oct 12: failed, no data'));
  assert.ok(html.includes('29 of 31 days complete'));
  assert.ok(html.includes('Sample data'));
});

test('the same analysis gives the same bytes', async () => {
  const again = await renderReport(sampleAnalysis(), { classification: 'TLP:AMBER', footer: 'Northwind SOC' });
  assert.equal(again.html, html);
});

test('an empty report and every reader still make a page', async () => {
  const bare = {
    ...sampleAnalysis(),
    kpis: {},
    series: {},
    tables: {},
    chapters: [],
    coverage: [],
    excluded: [],
    definitions: {},
    capabilities: [],
  };
  const empty = (await renderReport({ ...bare, locale: 'ar' })).html;
  assert.ok(empty.includes('<html lang="ar" dir="rtl">'));
  assert.ok(empty.includes('أكتوبر'));
  for (const reader of ['client', 'engineer'] as const) {
    const analysis = sampleAnalysis();
    analysis.report.reader = reader;
    assert.ok((await renderReport(analysis)).html.includes(`<body class="reader-${reader} `));
  }
});
