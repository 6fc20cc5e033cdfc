import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { demo } from '../../src/demo/index.ts';
import { realEffects } from '../../src/effects.ts';
import { pdfText } from '../render/pdf-text.ts';

const packaged = resolve(import.meta.dirname, '../../config');

test('the demo collects a quarter over HTTP and issues October, whole and marked', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-demo-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await cp(packaged, dir, { recursive: true });
  await writeFile(join(dir, 'soc-kpi.yaml'), 'data_dir: data\nreports_dir: reports\n');
  const said: string[] = [];
  try {
    assert.equal(await demo({ effects: realEffects, print: (text) => void said.push(text) }, dir), 0);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PrinterError')) throw error;
    return t.skip(`skipped: no browser here (${error.message})`);
  }
  assert.match(said[0] ?? '', /sample data/);
  const edition = join(dir, 'reports/demo/monthly/2026-10/r1');
  const manifest = JSON.parse(await readFile(join(edition, 'manifest.json'), 'utf8'));
  for (const [name, { sha256 }] of Object.entries<{ sha256: string }>(manifest.files)) {
    assert.equal(hash('sha256', await readFile(join(edition, name))), sha256, `${name} is what the manifest says`);
  }
  const { kpis, series, coverage, notice, incomplete } = JSON.parse(await readFile(join(edition, 'report.json'), 'utf8'));
  assert.equal(notice, 'Sample data');
  assert.equal(kpis['VOL-01'].status, 'partial');
  const missing = coverage.filter(({ status }: { status: string }) => status !== 'complete');
  assert.deepEqual(
    missing.map(({ day, status }: { day: string; status: string }) => [day, status]),
    [['2026-10-14', 'failed']],
  );
  assert.match(incomplete, /14/);
  assert.equal(kpis['VOL-03'].value, 3);
  const touches = series['VOL-03.touches'].groups[0].cells.reduce((sum: number, { value }: { value: number }) => sum + value, 0);
  assert.ok(touches > kpis['VOL-01'].value, 'cases with alerts of several products');
  assert.match(kpis['VOL-01'].notes.join(' '), /^1\d\d cases, and 2,\d+ alerts in no case; 2\d\d of 3,\d+ alerts are part of a case\./);
  const html = await readFile(join(edition, 'index.html'), 'utf8');
  assert.match(html, /Sample data/);
  const total = String(kpis['VOL-01'].value).replace(/\B(?=(\d{3})+$)/g, ',');
  assert.ok(html.includes(total), `the HTML says ${total}`);
  assert.ok((await pdfText(await readFile(join(edition, 'report.pdf')))).includes(total), `the PDF says ${total}`);
  const rows = (await readFile(join(edition, 'findings.csv'), 'utf8')).trim().split('\r\n').slice(1);
  const counted = rows.filter((row) => /,(alert|case)$/.test(row)).length;
  assert.equal(counted, kpis['VOL-01'].value);
  assert.ok(rows.length > counted, 'alerts that are part of a case are listed, too');
});
