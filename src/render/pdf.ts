import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer';
import type { Failpoint } from '../effects.ts';
import { PrinterError, type RunningBrowser, startBrowser, type Watch } from './browser.ts';
import { type Flaw, missingIn } from './gate/index.ts';
import { lookAtLayout } from './gate/layout.ts';
import { footerLine, headerLine, type PageHeader, type Paper, side } from './page-lines.ts';
import { escapeMarkup } from './svg.ts';

/** A browser that prints; several pages may be printed at once. */
export interface Printer {
  /**
   * A tagged PDF with outline. Given `flaws`, what is cut off, too wide or overlapping in the page as it is laid out for
   * paper is added there. @throws PrinterError when the page is not ours in the end, or at the deadline.
   */
  print(html: string, header: PageHeader, flaws?: Flaw[]): Promise<Buffer>;
  /** Those of the characters that no font of this machine can draw. */
  undrawn(characters: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}

export interface PrinterOptions {
  path?: string;
  /** In milliseconds, for one page. */
  deadline?: number;
  failpoint?: Pass;
  /** Of the browser; see `startBrowser`. */
  remains?: Watch;
}

/** A failpoint may be far away. */
type Pass = (name: Failpoint) => void | Promise<void>;

/** No report takes this long; a browser that does is hung. */
const deadline = 60_000;

/**
 * Starts the browser (a quarter of a second), so call it while the figures are still being computed.
 * Looked for in `path`, PUPPETEER_EXECUTABLE_PATH, PATH, then among puppeteer's downloads.
 * @throws PrinterError when none can be started; the sandbox is never switched off.
 */
export async function openPrinter(options: PrinterOptions = {}): Promise<Printer> {
  const { path, failpoint = () => {} } = options;
  const running = await startBrowser(path, process.env, options.remains);
  const sheets = sheetsOf(running);
  return {
    print: (html, header, flaws) =>
      beforeDeadline(running, options.deadline ?? deadline, async () => {
        await failpoint('pdf.spawned');
        return printPage(await sheets.take(), html, { header, flaws, failpoint });
      }),
    undrawn: (characters) =>
      characters.length === 0
        ? Promise.resolve([])
        : beforeDeadline(running, options.deadline ?? deadline, async () => probe(await sheets.take(), characters)),
    close: () => running.stop(),
  };
}

/**
 * Empty pages with all doors closed; each is printed on once, so that nothing of one report is ever near another. One stands
 * ready for the first report, and again from the second one on, because then more will follow.
 */
function sheetsOf({ browser }: RunningBrowser): { take(): Promise<Page> } {
  let taken = 0;
  const open = (page: Promise<Page>): Promise<Page> => {
    const sheet = page.then(closeDoors).then(asPaper);
    sheet.catch(() => {}); // told to whoever takes it
    return sheet;
  };
  // A browser starts with an empty page, which is as good as any: another would be another process.
  let ready: Promise<Page> | undefined = open(browser.pages().then(([first]) => first ?? browser.newPage()));
  return {
    take() {
      const sheet = ready ?? open(browser.newPage());
      ready = taken++ > 0 ? open(browser.newPage()) : undefined;
      return sheet;
    },
  };
}

async function beforeDeadline<Result>(running: RunningBrowser, ms: number, work: () => Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal }).then(async () => {
    await running.stop();
    throw new PrinterError(`the browser had not printed after ${ms / 1000} s and was stopped`);
  });
  // When the work is done first, the aborted timer rejects and nobody listens any more.
  late.catch(() => {});
  try {
    return await Promise.race([work(), late]);
  } catch (cause) {
    throw cause instanceof PrinterError ? cause : new PrinterError('the browser stopped while printing', { cause });
  } finally {
    timer.abort();
  }
}

/** Prints each character beside its number: the browser tells of a letter it has no picture for in the file it makes, and nowhere else. */
async function probe(page: Page, characters: readonly string[]): Promise<string[]> {
  try {
    const lines = characters.map((character, index) => `<p>${index}:${escapeMarkup(character)}</p>`);
    await page.setContent(`<!doctype html><html lang="en"><body>${lines.join('')}</body></html>`, { waitUntil: 'load', timeout: deadline });
    const pdf = await page.pdf({ tagged: true, waitForFonts: false, timeout: deadline });
    return missingIn(pdf).flatMap((text) => characters[Number(/^\s*(\d+):/.exec(text)?.[1])] ?? []);
  } finally {
    await page.close().catch(() => {}); // a killed browser has no page to close
  }
}

/** In mm. */
const widths: Record<Paper, number> = { A4: 210, Letter: 215.9 };
const usual: Paper = 'A4';

/** In CSS pixels. */
const textWidth = (paper: Paper): number => Math.floor(((widths[paper] - 2 * side) / 25.4) * 96);

/** Before the report is there, so that nobody waits for it. */
async function asPaper(page: Page): Promise<Page> {
  await page.emulateMediaType('print');
  await page.setViewport({ width: textWidth(usual), height: 1000 });
  return page;
}

interface Printing {
  header: PageHeader;
  flaws: Flaw[] | undefined;
  failpoint: Pass;
}

async function printPage(page: Page, html: string, { header, flaws, failpoint }: Printing): Promise<Buffer> {
  try {
    const paper = header.paper ?? usual;
    const width = textWidth(paper);
    // Before there is anything to lay out: it would be laid out again.
    if (paper !== usual) await page.setViewport({ width, height: 1000 });
    await failpoint('pdf.set_content');
    await page.setContent(forPaper(html), { waitUntil: 'load', timeout: deadline });
    await assertOurs(page);
    // The page's own script is off; what the browser is asked from outside still runs, in a page that nothing has changed.
    if (flaws !== undefined) flaws.push(...(await page.evaluate(lookAtLayout, width)));
    await failpoint('pdf.printing');
    const pdf = await page.pdf({
      format: paper,
      printBackground: true,
      tagged: true,
      outline: true,
      displayHeaderFooter: true,
      headerTemplate: headerLine(header),
      footerTemplate: footerLine(header),
      margin: { top: '16mm', bottom: '14mm', left: `${side}mm`, right: `${side}mm` },
      // They are the machine's own: no page can bring any.
      waitForFonts: false,
      timeout: deadline,
    });
    await failpoint('pdf.written');
    return Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  } finally {
    void page.close().catch(() => {}); // nobody waits for it, and a killed browser has no page to close
  }
}

/**
 * What stays on screen is left out before the browser lays it out unseen: 15,000 rows of a table would take it eight seconds,
 * and what else print.css hides as long as a sixth of the whole.
 */
export function forPaper(html: string): string {
  return onlyOnScreen.reduce((page, part) => page.replace(part, ''), html);
}

/** Whole elements of our own templates: a text from outside has no "<" in it. */
const onlyOnScreen = [
  /<tr class="beyond">[\s\S]*?<\/tr>\n/g,
  /<details class="data[\s\S]*?<\/details>\n/g,
  /<div class="narrow">[\s\S]*?<\/div>\n/g,
  /<nav class="contents"[\s\S]*?<\/nav>\n/g,
];

/** Each of these alone leaks somewhere (a web socket, a refresh, a style sheet); together they do not. */
async function closeDoors(page: Page): Promise<Page> {
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const ours = request.url() === 'about:blank' || request.url().startsWith('data:');
    void (ours ? request.continue() : request.abort('blockedbyclient')).catch(() => {}); // the page may be gone by now
  });
  await page.setOfflineMode(true);
  return page;
}

/** A hostile text that got the page to go elsewhere must not end in a PDF that looks like a report. */
async function assertOurs(page: Page): Promise<void> {
  const here = page.url();
  if (here !== 'about:blank') throw new PrinterError(`the page went to ${here} instead of staying where it was put`);
  // Asked for in the page's own world: `$` would build another one first.
  if (!(await page.evaluate(() => document.querySelector('main#content') !== null)))
    throw new PrinterError('the page in the browser is not the report that was put there');
}

declare const document: { querySelector(selector: string): object | null }; // the DOM's types are not loaded in a Node project
