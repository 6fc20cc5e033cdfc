import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import type { Page } from 'puppeteer';
import { type RunningBrowser, startBrowser } from '../../src/render/browser.ts';
import { PrinterError, renderReport } from '../../src/render/index.ts';
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

for (const reader of ['manager', 'client', 'engineer'] as const) {
  test(`axe finds nothing in the ${reader}'s page, light and dark, wide and narrow, data opened`, { skip }, async () => {
    const analysis = sampleAnalysis();
    analysis.report.reader = reader;
    const { html } = await renderReport(analysis, { classification: 'TLP:AMBER', footer: 'Northwind SOC' });
    const page = await browser.newPage();
    await page.setContent(html);
    for (const [value, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      assert.deepEqual(await violations(page), [], value);
    }
    await page.close();
  });
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
