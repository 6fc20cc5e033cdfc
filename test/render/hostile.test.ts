import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'puppeteer';
import type { Analysis } from '../../src/analyse/analysis.ts';
import { PrinterError, renderReport } from '../../src/render/index.ts';
import { type RunningBrowser, startBrowser } from '../../src/render/browser.ts';
import { smallAnalysis, withForeignText } from './foreign-text.ts';
import { hostileTexts, worst } from './hostile.ts';
import { sampleAnalysis } from './sample.ts';

const running = await startBrowser(undefined, process.env).catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = running === undefined ? 'skipped: no browser found on this machine' : false;
const { browser } = running as RunningBrowser; // every test below is skipped without one
after(() => running?.stop());

const full = process.env.SOC_KPI_CORPUS === 'full';

async function pageWith(payload: string, analysis: Analysis): Promise<string> {
  const { html } = await renderReport(withForeignText(analysis, payload).analysis, { classification: payload, footer: payload });
  return html;
}

/** What a browser makes of a page: its elements with the names of their attributes, and the values that act. Runs there. */
function treeOf(html: string): string {
  // biome-ignore lint/suspicious/noExplicitAny: the DOM's types are not loaded in a Node project
  const tree = (node: any): string => {
    const acting = ['href', 'src', 'style', 'id', 'class', 'http-equiv', 'content'];
    // "long" is the one class that a text may earn: by its length.
    const attributes = [...node.attributes].map(({ name, value }) =>
      acting.includes(name) ? `${name}=${value.replace(/\blong\b/, '')}` : name,
    );
    return `<${[node.localName, ...attributes].join(' ')}>${[...node.children].map(tree).join('')}</>`;
  };
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return tree((new (globalThis as any).DOMParser() as any).parseFromString(html, 'text/html').documentElement);
}

test('600 hostile texts in every field leave the tree as it is with "x" in their place', { skip }, async () => {
  assert.equal(new Set(hostileTexts).size, 600);
  const page = await browser.newPage();
  const shape = async (payload: string) => page.evaluate(treeOf, await pageWith(payload, smallAnalysis()));
  const plain = await shape('x');
  assert.ok(plain.split('<').length > 300);
  assert.notEqual(await page.evaluate(treeOf, (await pageWith('x', smallAnalysis())).replace('<bdi>x', '<bdi><b>x</b>')), plain);
  // By default one in six, so that each kind has its share.
  for (const payload of full ? hostileTexts : hostileTexts.filter((_, index) => index % 6 === 1)) {
    const found = await shape(payload);
    if (found !== plain) assert.fail(`${JSON.stringify(payload.slice(0, 60))}: ${difference(found, plain)}`);
  }
  await page.close();
});

function difference(found: string, plain: string): string {
  let at = 0;
  while (found[at] === plain[at]) at++;
  return `${found.slice(Math.max(at - 80, 0), at + 80)} instead of ${plain.slice(at, at + 80)}`;
}

/** Whatever a page does besides being read. */
function listen(page: Page): string[] {
  const events: string[] = [];
  page.on('dialog', (dialog) => {
    events.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => events.push(`request ${request.url()}`));
  page.on('popup', () => events.push('popup'));
  page.on('framenavigated', (frame) => {
    if (frame.url() !== 'about:blank') events.push(`went to ${frame.url()}`);
  });
  return events;
}

/** Runs in the browser: what listens for the mouse or for being opened gets what it listens for. */
function touchAll(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the DOM's types are not loaded in a Node project
  for (const element of (globalThis as any).document.querySelectorAll('body *')) {
    for (const name of ['mouseover', 'focus', 'toggle']) element.dispatchEvent(new Event(name));
  }
}

test('the worst of them in every field, with script on: nothing is requested, no dialog opens', { skip }, async () => {
  assert.ok(withForeignText(sampleAnalysis(), 'x').fields > 200);
  assert.equal(new Set(worst).size, 50);
  const page = await browser.newPage();
  const events = listen(page);
  for (const [index, payload] of worst.entries()) {
    // A whole report has more places and takes longer.
    await page.setContent(await pageWith(payload, full || index % 10 === 0 ? sampleAnalysis() : smallAnalysis()), { waitUntil: 'load' });
    await page.evaluate(touchAll);
  }
  assert.deepEqual(events, []);
  await page.close();
});

test('the same listeners hear a page that is not closed', { skip }, async () => {
  const page = await browser.newPage();
  const events = listen(page);
  const dialog = new Promise((resolve) => page.once('dialog', resolve));
  await page.setContent('<body><img src="http://127.0.0.1:9/x" onerror="alert(1)"></body>');
  await dialog;
  assert.deepEqual(events, ['request http://127.0.0.1:9/x', 'dialog 1']);
  await page.close();
});
