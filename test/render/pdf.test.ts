import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startBrowser } from '../../src/render/browser.ts';
import { forPaper } from '../../src/render/pdf.ts';
import { createFormat } from '../../src/render/format.ts';
import { openPrinter, type Printer, PrinterError, renderReport } from '../../src/render/index.ts';
import { sampleAnalysis } from './sample.ts';

const analysis = sampleAnalysis();
const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith('soc-kpi-print-')).length;

/** Tests of the printer need a browser; without one they are skipped, and say so. */
const opened = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
const skip = opened === undefined ? 'skipped: no browser found on this machine' : false;
const printer = opened as Printer; // every test below is skipped without one
after(() => opened?.close());

interface Process {
  pid: number;
  parent: number;
  argv: string;
  status: Map<string, string>;
}

/** The processes this test has started, and theirs. */
function descendants(): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const family = new Set([process.pid]);
  for (let grown = true; grown; ) {
    const joining = all.filter(({ pid, parent }) => !family.has(pid) && family.has(parent));
    for (const { pid } of joining) family.add(pid);
    grown = joining.length > 0;
  }
  return all.filter(({ pid }) => family.has(pid) && pid !== process.pid);
}

function readProcess(pid: number): Process | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
    const status = new Map(lines.map((line) => [line.split(':')[0] ?? '', line.split(/:\s*/)[1] ?? '']));
    return { pid, parent: Number(status.get('PPid')), argv: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '), status };
  } catch {
    return undefined; // it has ended
  }
}

async function readPdf(pdf: Buffer) {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await task.promise;
  const pages: string[] = [];
  const roles: string[] = [];
  const alternatives: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' '));
    walk(await page.getStructTree(), (node) => {
      if (node.role !== undefined) roles.push(node.role);
      if (node.alt !== undefined) alternatives.push(node.alt);
    });
  }
  const metadata = Object.entries((await document.getMetadata()).info); // typed as any object
  const info = { title: metadata.find(([key]) => key === 'Title')?.[1], language: metadata.find(([key]) => key === 'Language')?.[1] };
  const outline = (await document.getOutline()) as { title: string; items: { title: string }[] }[];
  await task.destroy();
  return { pages, roles, alternatives, info, outline };
}

interface Node {
  role?: string;
  alt?: string;
  children?: unknown[];
}

function walk(node: Node | null, visit: (node: Node) => void): void {
  if (node === null) return;
  visit(node);
  for (const child of node.children ?? []) walk(child as Node, visit); // leaves have neither role nor children
}

test('the PDF is tagged, titled, outlined and numbered, and says what the page says', { skip }, async () => {
  const { html } = await renderReport(analysis);
  const pdf = await printer.print(html, { ...analysis, classification: 'TLP:AMBER' });
  const { pages, roles, alternatives, info, outline } = await readPdf(pdf);
  assert.equal(
    info.title,
    `Security operations report, Northwind Gmbh & Co. <KG>, ${createFormat('en', 'Europe/Berlin').span(analysis.period.start, analysis.period.end)}`,
  );
  assert.equal(info.language, 'en');
  for (const role of ['H1', 'H2', 'H3', 'Table', 'TH', 'TD', 'Figure', 'L']) assert.ok(roles.includes(role), role);
  assert.ok(alternatives.filter((alt) => /highest/.test(alt)).length >= 6);
  assert.deepEqual(outline.flatMap(({ title, items }) => [title, ...items.map((item) => item.title)]).slice(0, 3), [
    'Security operations report',
    'At a glance',
    'Volume and mix',
  ]);
  for (const [index, text] of pages.entries()) {
    assert.match(text, new RegExp(`page\\s+${index + 1}\\s+of\\s+${pages.length}\\b`));
    assert.match(text, /Northwind Gmbh & Co\. <KG>.*TLP:AMBER/s);
    assert.ok(text.length > 250, `page ${index + 1} is almost blank`);
  }
  const all = pages.join(' ').replace(/\s+/g, ' ');
  for (const words of [
    '<script>alert(1)</script>{{7*7}}',
    '≥ 1,950',
    'not measured: no closed findings',
    'Sample data',
    '複数回のログイン失敗',
  ]) {
    assert.ok(all.includes(words), words);
  }
  assert.ok(pdf.length < 2_000_000);
});

test('what paper does not show is not laid out, and everything else is', { skip }, async () => {
  for (const reader of ['manager', 'client', 'engineer'] as const) {
    const { html } = await renderReport({ ...analysis, report: { ...analysis.report, reader } });
    const paper = forPaper(html);
    assert.ok(paper.length < html.length * 0.9, `${paper.length} of ${html.length}`);
    assert.doesNotMatch(paper, /<details|class="narrow"|<nav|class="beyond"/);
    const drawings = (page: string) => page.match(/<svg xmlns/g)?.length;
    assert.equal(drawings(paper), drawings(html.replace(/<div class="narrow">.*?<\/div>/gs, '')));
    // The same pages come out when the stylesheet alone has to hide it.
    const [lean, whole] = await Promise.all([paper, `${html}<!-- -->`.replaceAll('</details>\n', '</details> \n')].map(printed));
    assert.deepEqual(lean, whole);
  }
});

async function printed(html: string): Promise<string[]> {
  return (await readPdf(await printer.print(html, analysis))).pages;
}

test('the browser is in its sandbox and is nobody', { skip: skip || (process.platform !== 'linux' && 'skipped: /proc is needed') }, () => {
  const running = descendants();
  const renderers = running.filter(({ argv }) => argv.includes('--type=renderer'));
  assert.ok(renderers.length > 0);
  for (const { argv } of running) assert.ok(!argv.includes('--no-sandbox'));
  for (const { status } of renderers) {
    assert.notEqual(status.get('Uid')?.split('\t')[0], '0');
    assert.equal(status.get('NoNewPrivs'), '1');
    assert.equal(status.get('Seccomp'), '2');
  }
});

test('the printer asks for nothing, whatever the page wants', { skip }, async () => {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.end('canary');
  });
  server.on('connection', () => hits++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  const page = (inner: string) => `<!doctype html><title>t</title><main id="content">${inner}</main>`;
  try {
    const greedy =
      `<img src="${at}/a"><link rel="stylesheet" href="${at}/b"><iframe src="${at}/c"></iframe><object data="${at}/d"></object>` +
      `<style>@import "${at}/e"; body{background:url(${at}/f)} @font-face{font-family:x;src:url(${at}/g)} main{font-family:x}</style>` +
      `<script>fetch("${at}/h");new WebSocket("${at.replace('http', 'ws')}/i");document.title="ran"</script><iframe src="file:///etc/hostname"></iframe>x`;
    const { info, pages } = await readPdf(await printer.print(page(greedy), analysis));
    assert.equal(info.title, 't');
    assert.ok(!pages.join().includes('canary'));
    const refresh = await printer
      .print(page(`<meta http-equiv="refresh" content="0;url=${at}/j">y`), analysis)
      .then(readPdf, (error: unknown) => error);
    assert.ok(refresh instanceof PrinterError || ('pages' in (refresh as object) && !JSON.stringify(refresh).includes('canary')));
    await assert.rejects(printer.print('<p>no report</p>', analysis), /not the report/);
    assert.equal(hits, 0);
  } finally {
    server.close();
  }
});

test('a hung browser is stopped at the deadline and leaves nothing behind', { skip }, async () => {
  const before = { profiles: profiles(), processes: new Set(descendants().map(({ pid }) => pid)) };
  const hasty = await openPrinter({ deadline: 1 });
  await assert.rejects(hasty.print('<main id="content">x</main>', analysis), /stopped/);
  await hasty.close();
  assert.equal(profiles(), before.profiles);
  await assert.rejects(hasty.print('<main id="content">x</main>', analysis), PrinterError);
  // The other browser may have opened another page meanwhile.
  const left = descendants().filter(({ pid, parent }) => !before.processes.has(pid) && !before.processes.has(parent));
  assert.deepEqual(left, []);
});

test('without a browser, or as root without setpriv, it refuses and says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-nothing-'));
  try {
    await assert.rejects(startBrowser('/nonexistent/chrome', { PATH: folder }), /browser\.path/);
    if (process.getuid?.() === 0) await assert.rejects(startBrowser(process.execPath, { PATH: folder }), /as root needs setpriv/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
