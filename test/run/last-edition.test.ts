import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePeriod } from '../../src/period.ts';
import { lastEdition } from '../../src/run/last-edition.ts';
import type { Edition } from '../../src/store/index.ts';

const asOf = Date.UTC(2026, 10, 2);

test('the latest revision of the period before that was known at the data cut, and only as it was issued', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-edition-'));
  t.after(() => rm(folder, { recursive: true }));
  const text = JSON.stringify({ period: { label: '2026-09' }, as_of: '2026-10-02T00:00:00Z', kpis: {} });
  await writeFile(join(folder, 'report.json'), text);
  const issued = (rest: Partial<Edition> = {}): Edition => ({
    report: 'monthly',
    period: '2026-09',
    revision: 1,
    as_of: asOf - 1,
    built_at: asOf,
    status: 'complete',
    path: folder,
    digest: hash('sha256', text),
    ...rest,
  });
  const request = {
    config: { reports_dir: folder },
    client: { id: 'acme' },
    report: { id: 'monthly' },
    period: parsePeriod('2026-10', 'Europe/Berlin'),
    as_of: asOf,
  } as Parameters<typeof lastEdition>[0]; // all it asks for
  const among = (...editions: Edition[]) => lastEdition(request, { editions: () => editions } as Parameters<typeof lastEdition>[1]); // all it asks for
  assert.equal((await among(issued()))?.period.label, '2026-09');
  assert.equal((await among(issued({ revision: 2 }), issued({ path: join(folder, 'older') })))?.period.label, '2026-09');
  for (const other of [
    { report: 'weekly' },
    { period: '2026-08' },
    { as_of: asOf + 1 },
    { digest: 'altered' },
    { path: join(folder, 'gone') },
  ]) {
    assert.equal(await among(issued(other)), undefined, Object.keys(other).join());
  }
});
