import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Failpoint } from '../../src/effects.ts';
import { openPress } from '../../src/press/index.ts';
import { checkPdf, openPrinter, PrinterError, renderReport } from '../../src/render/index.ts';
import { languageOf } from '../../src/words/index.ts';
import { sampleAnalysis } from '../render/sample.ts';

const analysis = sampleAnalysis();
const passed: Failpoint[] = [];
const press = openPress({ failpoint: (name) => void passed.push(name) });
after(() => press.close());

const browser = await openPrinter().catch((error: unknown) => {
  if (error instanceof PrinterError && error.message.startsWith('no browser found')) return undefined;
  throw error;
});
await browser?.close();
const skip = browser === undefined ? 'skipped: no browser found on this machine' : false;

test('what the thread renders is what is rendered here, byte by byte, for clients of different colours side by side', async () => {
  const looks = [{ colour: '#1f4e79', classification: 'TLP:AMBER' }, {}, { colour: '#7a1f1f', footer: 'Northwind SOC' }];
  const there = await Promise.all(looks.map((branding) => press.render(analysis, branding)));
  for (const [index, branding] of looks.entries()) assert.deepEqual(there[index], await renderReport(analysis, branding));
  assert.equal(new Set(there.map(({ html }) => html)).size, looks.length);
});

test('the thread prints, passes the failpoints on in their order, and looks through what it printed', { skip }, async () => {
  const { html, pdf, flaws } = await press.print(analysis, {}, analysis, 1000);
  assert.equal(html, (await press.render(analysis)).html);
  assert.ok(pdf instanceof Uint8Array && pdf.byteLength > 50_000);
  assert.deepEqual(flaws, checkPdf(pdf, 1000));
  assert.match(flaws[0]?.problem ?? '', /more than mails may carry/);
  assert.deepEqual(passed, ['pdf.spawned', 'pdf.set_content', 'pdf.printing', 'pdf.written']);
});

test('the thread renders in the language it is told', async () => {
  const german = await press.render(analysis, {}, 'de');
  assert.deepEqual(german, await renderReport(analysis, {}, languageOf('de')));
  assert.match(german.html, /<html lang="de"/);
});

test('what goes wrong in the thread is told here, and the next call is answered', async () => {
  // What cannot be rendered: a report without figures has none of the model's parts.
  const bare = { ...analysis, kpis: undefined as never };
  await assert.rejects(press.render(bare), /undefined|null/);
  await assert.rejects(press.print(bare, {}, analysis, 7e6), /undefined|null/);
  assert.ok((await press.render(analysis)).html.includes('<main id="content">'));
});

test('a browser that is not there is told when something is to be printed', async () => {
  const lame = openPress();
  lame.start({ path: '/nonexistent/chrome' });
  await assert.rejects(
    lame.print(analysis, {}, analysis, 7e6),
    (error: unknown) => error instanceof PrinterError && /browser\.path/.test(error.message),
  );
  await lame.close();
  await assert.rejects(lame.render(analysis), /has ended/);
});

test('a program that ends without closing its press leaves no profile and no process behind', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-leaver-'));
  try {
    await chmod(folder, 0o777); // the browser is another user's
    const child = spawn(process.execPath, [join(import.meta.dirname, 'leaver.ts')], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'inherit',
    });
    const code = await new Promise((ended) => child.once('exit', ended));
    assert.equal(code, 5);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('soc-kpi')),
      [],
    );
    assert.deepEqual(await argumentsNaming(folder), []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The command lines of running processes that speak of a folder. */
async function argumentsNaming(folder: string): Promise<string[]> {
  const all = await readdir('/proc').catch(() => []);
  const lines = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(folder));
}
