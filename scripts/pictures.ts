/**
 * Makes what the README shows from the demo's edition: pictures of a manager's first page and of a client's page in
 * docs/images/, and the edition itself in reports/sample/. Run `npm run demo` before. Needs pdftoppm (poppler-utils).
 */
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startBrowser } from '../src/render/browser.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const images = join(root, 'docs/images');
const sample = join(root, 'reports/sample');
const mostPicture = 300_000;
const mostCsv = 900_000;

const edition = await latest(join(root, 'reports/demo/monthly/2026-10'));
const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-pictures-'));
try {
  await mkdir(images, { recursive: true });
  await run('pdftoppm', ['-r', '96', '-f', '1', '-l', '1', '-singlefile', '-png', join(edition, 'report.pdf'), join(images, 'page-1')]);
  await clientPage(folder);
  await copySample();
  for (const name of ['page-1.png', 'client-page.png']) {
    const { size } = await stat(join(images, name));
    if (size > mostPicture) throw new Error(`${name} has ${size} bytes, more than ${mostPicture}`);
    console.log(`docs/images/${name} ${size}`);
  }
} finally {
  await rm(folder, { recursive: true });
}

/** The edition's newest revision. */
async function latest(period: string): Promise<string> {
  const revisions = (await readdir(period)).filter((name) => /^r\d+$/.test(name));
  const newest = Math.max(...revisions.map((name) => Number(name.slice(1))));
  return join(period, `r${newest}`);
}

/** The page of the demo's weekly report, as a client sees it without scrolling far. */
async function clientPage(out: string): Promise<void> {
  const report = ['bin/soc-kpi.js', 'report', 'demo', 'weekly', '--period', '2026-W42', '--as-of', '2026-11-03T05:00:00Z', '--format', 'html', '--out', join(out, 'week')];
  // Its sources are not asked; they only have to be named.
  const env = { ...process.env, DEMO_QRADAR_URL: 'https://127.0.0.1:1/api', DEMO_QRADAR_TOKEN: 'unused' };
  // Exit code 1: done, and marked as incomplete, which this week is.
  await run(process.execPath, report, { cwd: root, env }).catch((error) => error.code === 1 || Promise.reject(error));
  const { browser, stop } = await startBrowser(undefined, process.env);
  try {
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    await page.setViewport({ width: 1280, height: 1700 });
    await page.setContent(await readFile(join(out, 'week/index.html'), 'utf8'));
    await page.screenshot({ path: join(images, 'client-page.png') });
  } finally {
    await stop();
  }
}

/** The edition as it is, but for a findings.csv that a repository need not carry whole; the manifest says so. */
async function copySample(): Promise<void> {
  await rm(sample, { recursive: true, force: true });
  await mkdir(sample, { recursive: true });
  for (const name of ['index.html', 'report.pdf', 'report.json', 'manifest.json']) await cp(join(edition, name), join(sample, name));
  const csv = await readFile(join(edition, 'findings.csv'), 'utf8');
  const cut = csv.length > mostCsv ? csv.slice(0, csv.lastIndexOf('\r\n', mostCsv) + 2) : csv;
  await writeFile(join(sample, 'findings.csv'), cut);
  if (cut === csv) return;
  const manifest = JSON.parse(await readFile(join(edition, 'manifest.json'), 'utf8'));
  manifest.files['findings.csv'] = { sha256: hash('sha256', cut), bytes: Buffer.byteLength(cut), cut_from: Buffer.byteLength(csv) };
  await writeFile(join(sample, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}
