import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPdf, type Flaw, openPrinter, type Printer, PrinterError, renderReport, sayFlaw } from '../../src/render/index.ts';
import { sampleAnalysis } from './sample.ts';

const analysis = sampleAnalysis();
const opened = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = opened === undefined ? 'skipped: no browser found on this machine' : false;
const printer = opened as Printer; // every test below is skipped without one
after(() => opened?.close());

const mails = 7_000_000;

async function flawsOf(html: string, paper: 'A4' | 'Letter' = 'A4'): Promise<{ flaws: Flaw[]; pdf: Buffer }> {
  const flaws: Flaw[] = [];
  const pdf = await printer.print(html, { ...analysis, paper }, flaws);
  return { flaws: [...flaws, ...checkPdf(pdf, mails)], pdf };
}

const page = (inner: string, style = '', head = '<title>t</title>') =>
  `<!doctype html><html lang="en"><head>${head}<style>*{margin:0}@media print{${style}}</style></head><body><main id="content"><h1>One</h1>${inner}</main></body></html>`;
const filler = (mm: number) => `<p>filler</p><div style="height:${mm}mm"></div>`;
const drawing = (attributes: string, inner: string, height = 40) =>
  `<svg ${attributes} viewBox="0 0 400 ${height}" width="400" height="${height}">${inner}</svg>`;
const said = (flaws: Flaw[]) => flaws.map(sayFlaw).join('\n');

test('a sound report has no flaw, on either paper, and the check is quick', { skip }, async () => {
  const { html } = await renderReport(analysis);
  for (const paper of ['A4', 'Letter'] as const) {
    const { flaws, pdf } = await flawsOf(html, paper);
    assert.equal(said(flaws), '');
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      checkPdf(pdf, mails);
      return performance.now() - start;
    });
    assert.ok(Math.min(...times) < 150, `${times} ms`);
  }
});

const faulty: Record<string, { html: string; flaw: RegExp }> = {
  'wider than the page': { html: page('<p style="width:300mm">too wide</p>'), flaw: /^p in #content "too wide": is wider than the page$/m },
  'cut by its box': {
    html: page('<p style="overflow:hidden;white-space:nowrap;width:20mm">a line that is far longer than its box is wide</p>'),
    flaw: /"a line that is far longer.*: is text cut off by its box/,
  },
  'standing on other text': {
    html: page('<p>upper words</p><p style="margin-top:-5mm">lower words</p>'),
    flaw: /"lower words": is text that stands on other text, p in #content "upper words"/,
  },
  'leaving its drawing': {
    html: page(drawing('id="c" role="img" aria-label="chart"', '<text x="380" y="20">far beyond the edge</text>')),
    flaw: /text in #c "far beyond the edge": is text cut off at the edge of its chart/,
  },
  'overlapping labels': {
    html: page(drawing('id="c" role="img" aria-label="chart"', '<text x="10" y="20">one label</text><text x="20" y="22">another</text>')),
    flaw: /#c "another": is text that stands on other text/,
  },
  'a stranded heading': {
    html: page(`${filler(230)}<h2>Stranded</h2><p style="break-before:page">next</p>`),
    flaw: /^page 1, "Stranded": is a heading stranded at the foot of its page$/m,
  },
  'a split row': {
    html: page(
      `${filler(220)}<table><tr><th scope="col">a</th><th scope="col">b</th></tr><tr><td>torn<p style="margin-top:30mm">apart</p></td><td>b</td></tr></table>`,
    ),
    flaw: /^page 1, "torn .*": is a row split between pages$/m,
  },
  'a chart parted from its title': {
    html: page(
      `${filler(200)}<figure><figcaption><h2>Title</h2><p>caption</p></figcaption>${drawing('role="img" aria-label="a chart" style="break-before:page;display:block"', '<path d="M0 0h400v200z"/>', 200)}</figure>`,
    ),
    flaw: /^page 2, "a chart": is a chart parted from its title$/m,
  },
  'a skipped level': { html: page('<h3>Three</h3><p>x</p>'), flaw: /^page 1, "Three": is a heading of level 3 after one of level 1$/m },
  'a picture without words': { html: page('<figure><p>x</p></figure>'), flaw: /has no alternative text/ },
  'a character without a glyph': {
    html: page('<p>before \u{10ffff} after</p>'),
    flaw: /^page 1, "before.* after": has a character that no installed font can draw$/m,
  },
  'a blank page': {
    html: page('<div style="break-before:page;height:10mm"></div><p style="break-before:page">end</p>'),
    flaw: /^page 2, the page: is blank$/m,
  },
  'no title': { html: page('<p>x</p>', '', ''), flaw: /^the file: has no title$/m },
};

for (const [name, { html, flaw }] of Object.entries(faulty)) {
  test(`told: ${name}`, { skip }, async () => assert.match(said((await flawsOf(html)).flaws), flaw));
}

test('told: a split chart, an unembedded font, no tags, no outline, wrong count, too large, unreadable', { skip }, async () => {
  const { pdf } = await flawsOf(page('<h2>Two</h2><p>x</p>'));
  const text = pdf.toString('latin1');
  // Same length, so that the cross-reference table still fits.
  const changed = (from: string | RegExp, to: string) => {
    const other = text.replace(from, (found) => to.padEnd(found.length));
    assert.notEqual(other, text);
    return said(checkPdf(Buffer.from(other, 'latin1'), mails));
  };
  assert.equal(said(checkPdf(pdf, mails)), '');
  assert.match(changed(/\/FontFile2 \d+ 0 R/, ''), /^font .*Noto.*: is not in the file$/m);
  assert.match(changed('/Marked true', '/Marked false'.slice(0, 7)), /the file: (is not tagged|cannot be checked)/);
  assert.match(changed(/(?<=DisplayDocTitle true>>\n)\/Lang \(en\)/, ''), /the file: names no language/);
  assert.match(changed(/\/Outlines \d+ 0 R/, ''), /the file: has no outline/);
  assert.match(changed(/\/Count 1\b/, '/Count 9'), /the file: counts its pages wrongly/);
  assert.match(changed('xref\n0 ', 'xxxx'), /the file: cannot be checked/);
  assert.match(said(checkPdf(pdf, 1000)), /the file: 0\.0 MB is more than mails may carry/);
  assert.match(said(checkPdf(Buffer.from('no PDF'), mails)), /the file: cannot be checked: the file has no cross-reference table/);
});

test('told: a chart taller than a page', { skip }, async () => {
  const tall = drawing('role="img" aria-label="a tall chart"', '<path d="M0 0h400v1800z"/><path d="M0 0h9v1800z"/>', 1800);
  const { flaws } = await flawsOf(page(tall));
  assert.match(said(flaws), /^page \d, "a tall chart": is a chart split between pages$/m);
});
