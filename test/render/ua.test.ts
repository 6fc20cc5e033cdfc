import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readPages, unembeddedFonts } from '../../src/render/gate/content.ts';
import { readObjects } from '../../src/render/gate/objects.ts';
import { readStructure } from '../../src/render/gate/tree.ts';
import { openPrinter, type Printer, PrinterError, renderReport } from '../../src/render/index.ts';
import { sampleAnalysis } from './sample.ts';

const opened = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = opened === undefined ? 'skipped: no browser found on this machine' : false;
const printer = opened as Printer; // every test below is skipped without one
after(() => opened?.close());

async function printed(reader: 'manager' | 'client' | 'engineer'): Promise<Buffer> {
  const analysis = sampleAnalysis();
  analysis.report.reader = reader;
  return printer.print((await renderReport(analysis)).html, analysis);
}

// What of PDF/UA-1 (ISO 14289-1) can be seen in the file itself; Chromium writes no XMP mark, so that no conformance is claimed.
for (const reader of ['manager', 'client', 'engineer'] as const) {
  test(`${reader}: tags, alternative texts, headings, language, title and fonts as PDF/UA asks`, { skip }, async () => {
    const objects = readObjects(await printed(reader));
    const pages = readPages(objects);
    const { elements, leaves } = readStructure(objects, pages);
    const { catalog } = objects;
    assert.equal(catalog.get('/Lang'), 'en');
    assert.equal(objects.dictionary(catalog.get('/ViewerPreferences')).get('/DisplayDocTitle'), true);
    assert.equal(objects.dictionary(catalog.get('/MarkInfo')).get('/Marked'), true);
    assert.deepEqual(unembeddedFonts(objects, pages.keys()), []);
    const headings = elements.flatMap(({ role }) => /^H([1-6])$/.exec(role)?.[1] ?? []).map(Number);
    assert.equal(headings.filter((level) => level === 1).length, 1);
    for (const [index, level] of headings.entries()) assert.ok(level <= (headings[index - 1] ?? 0) + 1, `heading ${index}`);
    const figures = elements.filter(({ role }) => role === 'Figure');
    assert.ok(figures.length >= 6);
    for (const { alt } of figures) assert.ok(alt, 'a figure without words');
    for (const { role, children } of elements) {
      if (role === 'TR') assert.ok(children.every((child) => child === 'TH' || child === 'TD'));
      if (role === 'L') assert.ok(children.every((child) => child === 'LI' || child === 'Caption'));
    }
    assert.ok(elements.some(({ role }) => role === 'TH'));
    for (const { number } of pages.values())
      assert.ok(
        leaves.some(({ page }) => page === number),
        `page ${number} is not tagged`,
      );
    for (const page of pages.keys()) assert.equal(objects.dictionary({ object: page }).get('/Tabs') ?? '/S', '/S');
  });
}

test('our reading of the file is that of a full PDF reader', { skip }, async () => {
  const pdf = await printed('engineer');
  const objects = readObjects(pdf);
  const pages = readPages(objects);
  const { elements, leaves } = readStructure(objects, pages);
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await task.promise;
  assert.equal(pages.size, document.numPages);
  const seen = new Map<string, Set<string>>();
  for (const { number, texts } of pages.values()) {
    const page = await document.getPage(number);
    const words = (await page.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join('');
    for (const text of texts.values()) {
      // Right-to-left text comes from it in another order.
      if (/^[\p{ASCII}]{12,}$/u.test(text)) assert.ok(squeeze(words).includes(squeeze(text)), `page ${number}: ${text}`);
    }
    const tree = await page.getStructTree();
    if (tree !== null) count(tree, seen);
  }
  await task.destroy();
  for (const role of ['H1', 'H2', 'H3', 'Figure', 'TD']) {
    // An element that lies on two pages has a first piece on each.
    const pages = ({ from, to }: { from: number; to: number }) => new Set(leaves.slice(from, to).map(({ page }) => page)).size;
    const own = elements.filter((element) => element.role === role).reduce((sum, element) => sum + pages(element), 0);
    assert.equal(own, seen.get(role)?.size, role);
  }
});

const squeeze = (text: string) => text.replace(/\s+/g, '');

interface Node {
  role?: string;
  children?: unknown[];
  /** Of a leaf: the painted piece it stands for. */
  id?: string;
}

/** Elements by role, each known by its first piece: the reader lists a table that lies on two pages whole on both. */
function count(node: Node, seen: Map<string, Set<string>>): string | undefined {
  if (node.role === undefined) return node.id;
  const pieces = (node.children ?? []).map((child) => count(child as Node, seen)); // typed as any content
  const first = pieces.find((piece) => piece !== undefined);
  if (first !== undefined) seen.set(node.role, (seen.get(node.role) ?? new Set()).add(first));
  return first;
}
