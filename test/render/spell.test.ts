import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openPrinter, type Printer, PrinterError, printChecked, renderReport, sayFlaw } from '../../src/render/index.ts';
import { sampleAnalysis } from './sample.ts';
import { pdfText } from './pdf-text.ts';

const opened = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const printer = opened as Printer; // every test below is skipped without one
after(() => opened?.close());

/** Kawi, Nag Mundari, Todhri, Kirat Rai, Gothic, cuneiform: whoever has fonts for all of these has no such problem. */
const rare = ['\u{11f00}', '\u{1e4d0}', '\u{105c0}', '\u{16d40}', '\u{10330}', '\u{12000}'];
const undrawn = opened === undefined ? [] : await opened.undrawn(rare);
const skip =
  opened === undefined ? 'skipped: no browser found on this machine' : undrawn.length === 0 ? 'skipped: fonts for all scripts' : false;

test('what can be drawn is not called missing', { skip }, async () => {
  assert.deepEqual(await printer.undrawn(['é', '→', 'ع', '語', '≥']), []);
  assert.deepEqual(await printer.undrawn([]), []);
});

test('a letter without a font is printed as its number, is told, and holds nothing', { skip }, async () => {
  const [letter = ''] = undrawn;
  const plain = sampleAnalysis();
  const excluded = [...plain.excluded, { reason: `Title ${letter}${letter} of an alert`, n: 3 }];
  const analysis = { ...plain, client: { ...plain.client, name: `Northwind ${letter}` }, excluded };
  const { html } = await renderReport(analysis);
  const { pdf, flaws } = await printChecked(printer, html, analysis, 7_000_000);
  const code = `U+${letter.codePointAt(0)?.toString(16).toUpperCase()}`;
  assert.deepEqual(
    flaws.map((flaw) => [flaw.harmless, sayFlaw(flaw)]),
    [
      [
        true,
        `${code}: is in no installed font and was printed as its number; install a font that has it, e.g. fonts-noto-core or fonts-noto-extra`,
      ],
    ],
  );
  const text = (await pdfText(pdf)).replace(/\s+/g, ' ');
  assert.ok(text.includes(`Northwind [${code}]`) && text.includes(`[${code}][${code}] of an alert`), text.slice(0, 300));
  assert.ok(html.includes(letter), 'the page keeps the letter: its reader may have the font');
});

test('where nothing is missing, nothing is printed twice', { skip }, async () => {
  let printed = 0;
  const print: Printer['print'] = (...given) => {
    printed++;
    return printer.print(...given);
  };
  const analysis = sampleAnalysis();
  const { html } = await renderReport(analysis);
  const { flaws } = await printChecked({ ...printer, print }, html, analysis, 7_000_000);
  assert.deepEqual([printed, flaws.filter(({ harmless }) => harmless)], [1, []]);
});
