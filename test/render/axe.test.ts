import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import type { Page } from 'puppeteer';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { type ClientFigures, overviewOf } from '../../src/analyse/index.ts';
import { parsePeriod } from '../../src/period.ts';
import { type RunningBrowser, startBrowser } from '../../src/render/browser.ts';
import { PrinterError, renderArchive, renderMail, renderReport } from '../../src/render/index.ts';
import { languageOf } from '../../src/words/index.ts';
import { analysisFor, type Edition } from './corpus.ts';
import { editionsOf } from './editions.ts';
import { smallAnalysis } from './foreign-text.ts';
import { sampleAnalysis } from './sample.ts';

const running = await startBrowser(undefined, process.env).catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = running === undefined ? 'skipped: no browser found on this machine' : false;
const { browser } = (running ?? {}) as RunningBrowser; // every test below is skipped without one
after(() => running?.stop());

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  violations: { id: string; nodes: { target: string[]; html: string }[] }[];
}

/** What axe-core finds in the page as it is shown, all of its rules on: the rule, and where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as Found; // as axe-core documents it
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 120)}`));
}

const readers = ['manager', 'client', 'engineer'] as const;
const everything = process.env.SOC_KPI_CORPUS === 'full';
const locales = everything ? (['en-GB', 'de', 'fr', 'es', 'ar', 'ja'] as const) : (['en-GB', 'ar'] as const);
const october = parsePeriod('2026-10', 'Europe/Berlin');

/** Every kind of page that goes out, in a language that runs from the left and in one that runs from the right; all languages with SOC_KPI_CORPUS=full. */
const pages: Record<string, (locale: string) => Promise<string>> = {
  "the provider's overview": async (locale) => (await renderReport(overviewFor(locale))).html,
  ...Object.fromEntries(readers.map((reader) => [`the ${reader}'s page`, (locale: string) => pageFor(reader, locale)])),
  'the mail': async (locale) =>
    (await renderMail({ ...sampleAnalysis(), locale }, { locale: languageOf(locale), link: 'https://reports.example.com/', resent: '' }))
      .html,
  'the archive': (locale) =>
    renderArchive(
      { name: 'Northwind Trading', locale, timezone: 'Europe/Berlin' },
      editionsOf(2026, 2).filter((_, index) => index % 20 === 12),
    ),
};

/** A provider's six clients, of which the last has no edition. */
function overviewFor(locale: string): Analysis {
  const clients = Array.from({ length: 6 }, (_, i): ClientFigures => {
    const none = { alias: `client ${i + 1}`, edition: 'missing' } as const;
    if (i === 5) return none;
    const figures = { days: 31, created: { n: 300 + i, partial: i === 1 }, closed: { n: 290, partial: false } };
    return { ...none, edition: 'issued', ...figures, kept: { k: 80 + i, n: 100 + i * 10 } };
  });
  return overviewOf({ clients, report: 'monthly', period: october, asOf: october.end, locale, versions: {} });
}

/** The same with real figures: every chart, table and note that six hundred findings give. */
const months: typeof pages = Object.fromEntries(
  readers.map((reader) => [
    `the ${reader}'s month`,
    async (locale) => (await renderReport(analysisFor({ size: 'month', reader, locale: locale as Edition['locale'], paper: 'A4' }))).html,
  ]),
);

async function pageFor(reader: (typeof readers)[number], locale: string): Promise<string> {
  const analysis = { ...(locale === 'en-GB' ? sampleAnalysis() : smallAnalysis()), locale };
  analysis.report.reader = reader;
  return (await renderReport(analysis, { classification: 'TLP:AMBER', footer: 'Northwind SOC' })).html;
}

const looks = [
  ['light', 1280],
  ['dark', 360],
  ['dark', 1280],
  ['light', 360],
] as const;
/** By default two of them tell what all four would; all with SOC_KPI_CORPUS=full. */
const chosen = everything ? looks : looks.slice(0, 2);

for (const [name, make] of Object.entries(everything ? { ...pages, ...months } : pages)) {
  for (const locale of locales) {
    test(`axe finds nothing in ${name}, ${locale}, light and dark, wide and narrow, data opened`, { skip }, async () => {
      const page = await browser.newPage();
      await page.setContent(await make(locale));
      for (const [value, width] of chosen) {
        await page.setViewport({ width, height: 900 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        assert.deepEqual(await violations(page), [], `${value}, ${width}`);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `nothing sticks out at ${width}`);
      }
      await page.close();
    });
  }
}

test('axe is heard', { skip }, async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<html lang="en"><title>t</title><main><h1>x</h1><img src="data:,"><p style="color:#aaa;background:#fff">faint</p></main>',
  );
  const found = await violations(page);
  for (const rule of ['image-alt', 'color-contrast'])
    assert.ok(
      found.some((one) => one.startsWith(`${rule}:`)),
      found.join('\n'),
    );
  await page.close();
});
