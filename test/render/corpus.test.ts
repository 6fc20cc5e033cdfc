import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPdf, type Flaw, openPrinter, type Printer, PrinterError, renderReport, sayFlaw } from '../../src/render/index.ts';
import { analysisFor, type Edition, everyEdition, someEditions } from './corpus.ts';

const opened = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = opened === undefined ? 'skipped: no browser found on this machine' : false;
const printer = opened as Printer; // every test below is skipped without one
after(() => opened?.close());

/** By default each size and each language once; all of them with SOC_KPI_CORPUS=full. */
const chosen = process.env.SOC_KPI_CORPUS === 'full' ? everyEdition : someEditions();

async function flawsOf(edition: Edition): Promise<{ flaws: Flaw[]; html: string; pdf: Buffer }> {
  const analysis = analysisFor(edition);
  const { html } = await renderReport(analysis, { classification: 'TLP:AMBER', footer: 'Northwind SOC' });
  const flaws: Flaw[] = [];
  const pdf = await printer.print(html, { ...analysis, paper: edition.paper }, flaws);
  return { flaws: [...flaws, ...checkPdf(pdf, 7_000_000)], html, pdf };
}

test('the corpus has at least forty editions', () => {
  assert.ok(everyEdition.length >= 40);
  for (const what of ['size', 'locale', 'paper'] as const) {
    assert.deepEqual(new Set(chosen.map((one) => one[what])), new Set(everyEdition.map((one) => one[what])));
  }
});

for (const edition of chosen) {
  const { size, reader, locale, paper } = edition;
  test(`no flaw on paper: ${size}, ${reader}, ${locale}, ${paper}`, { skip }, async (t) => {
    const start = performance.now();
    const { flaws, html, pdf } = await flawsOf(edition);
    t.diagnostic(
      `${Math.round(performance.now() - start)} ms, HTML ${Math.round(html.length / 1000)} kB, PDF ${Math.round(pdf.length / 1000)} kB`,
    );
    assert.equal(flaws.map(sayFlaw).join('\n'), '');
    if (size !== '15,000 rows') return;
    // On paper the first rows, and how many there are; on the page all of them.
    assert.ok(html.includes('F-14999'));
    assert.match(html, /class="note print-only">[^<]*15[^<]?000/);
  });
}
