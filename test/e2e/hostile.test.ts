import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startQradar } from '../../src/demo/qradar.ts';
import { pdfText } from '../render/pdf-text.ts';
import { desk, files, qradarSource } from './desk.ts';

const title = '<script>alert(1)</script>{{7*7}}';

test('an attacker’s title is printed literally in HTML, PDF and CSV', async (t) => {
  const created = Date.parse('2026-10-05T10:00:00Z');
  const stamps = { start_time: created, first_persisted_time: created, last_persisted_time: created, last_updated_time: created };
  const offenses = [1, 2].map((id) => ({
    id,
    description: `${title}\n`,
    status: 'OPEN',
    severity: 5,
    ...stamps,
    categories: [],
    log_sources: [],
  }));
  const qradar = await startQradar({ offenses });
  t.after(() => qradar.close());
  const place = await desk(t, { files: files(qradarSource), env: { URL: qradar.url, TOKEN: qradar.token }, now: '2026-11-01T06:00:00Z' });
  await place.collect('2026-10-01', '2026-10-31');
  let folder: string;
  try {
    ({ folder } = await place.report('2026-10', 'html,pdf,csv,json'));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PrinterError')) throw error;
    return t.skip(`skipped: no browser here (${error.message})`);
  }
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<script/i);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;\{\{7\*7\}\}/);
  assert.match(await readFile(join(folder, 'findings.csv'), 'utf8'), /<script>alert\(1\)<\/script>\{\{7\*7\}\}/);
  const printed = (await pdfText(await readFile(join(folder, 'report.pdf')))).replace(/\s+/g, '');
  assert.ok(printed.includes(title), 'the title stands in the PDF as it is');
});
