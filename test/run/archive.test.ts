import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Client, Config } from '../../src/config/index.ts';
import { realEffects } from '../../src/effects.ts';
import { headlineIds } from '../../src/render/index.ts';
import { publishArchive } from '../../src/run/archive.ts';
import type { Edition, Store } from '../../src/store/index.ts';

type Figures = Record<string, { name: string; unit: string; value?: number }>;

const created = (value: number) => ({ name: 'Findings created', unit: 'count', value });
const acknowledged = (value: number) => ({ name: 'Median time to acknowledge', unit: 'seconds', value });

interface Issued extends Partial<Pick<Edition, 'period' | 'revision' | 'status'>> {
  /** undefined: its file is gone. */
  kpis?: Figures | string;
}

/** Publishes an archive of these editions; per row its period, and what it says was changed. */
async function changesOf(t: TestContext, ...issued: Issued[]): Promise<string[][]> {
  const reports_dir = mkdtempSync(join(tmpdir(), 'soc-kpi-archive-'));
  t.after(() => rmSync(reports_dir, { recursive: true, force: true }));
  const editions = issued.map(({ kpis, period = '2026-10', revision = 1, status = 'complete' }) => {
    const path = join(reports_dir, 'acme/monthly', period, `r${revision}`);
    mkdirSync(path, { recursive: true });
    if (kpis !== undefined) writeFileSync(join(path, 'report.json'), typeof kpis === 'string' ? kpis : JSON.stringify({ kpis }));
    return { report: 'monthly', period, revision, as_of: 1, built_at: revision, status, path, digest: '' };
  });
  // Of each no more is asked here.
  const config = { reports_dir, reports: new Map([['monthly', { title: 'Month' }]]) } as unknown as Config;
  const client = { id: 'acme', name: 'Acme', locale: 'en-GB', timezone: 'Europe/Berlin' } as unknown as Client;
  const store = { editions: () => editions } as unknown as Store;
  await publishArchive(config, client, store, realEffects);
  const html = readFileSync(join(reports_dir, 'acme/index.html'), 'utf8');
  return html
    .split('<tr role="row"')
    .slice(1)
    .flatMap((row) =>
      row.includes('rowheader') ? [[...row.matchAll(/<li><bdi>([^<]*)<\/bdi><\/li>/g)].map(([, text]) => text ?? '')] : [],
    );
}

test('a revision says which of the first figures are not what they were, with both values', async (t) => {
  const [later, first] = await changesOf(
    t,
    { kpis: { 'VOL-01': created(1950), 'RSP-01': acknowledged(300) } },
    { revision: 2, kpis: { 'VOL-01': created(1987), 'RSP-01': acknowledged(300) } },
  );
  assert.deepEqual(later, ['Findings created: 1,950, now 1,987']);
  assert.deepEqual(first, [], 'there was nothing before it');
});

test('it is held against the revision right before it, of the same period', async (t) => {
  const rows = await changesOf(
    t,
    { kpis: { 'VOL-01': created(10) } },
    { revision: 2, kpis: { 'VOL-01': created(20) } },
    { revision: 3, kpis: { 'VOL-01': created(30) } },
    { period: '2026-09', kpis: { 'VOL-01': created(5) } },
    { period: '2026-09', revision: 2, kpis: { 'VOL-01': created(6) } },
  );
  assert.deepEqual(rows, [['Findings created: 20, now 30'], ['Findings created: 10, now 20'], [], ['Findings created: 5, now 6'], []]);
});

test('it says when data that was missing has come in, and is silent where nothing that is printed changed', async (t) => {
  const missing = { status: 'incomplete', kpis: { 'VOL-01': created(10) } } as const;
  assert.deepEqual((await changesOf(t, missing, { revision: 2, kpis: { 'VOL-01': created(10) } }))[0], [
    'Data that was missing has come in.',
  ]);
  assert.deepEqual((await changesOf(t, missing, { ...missing, revision: 2 }))[0], []);
  // Both are "5 min" on paper.
  const [slow, slower] = [acknowledged(300.01), acknowledged(300.02)];
  assert.deepEqual((await changesOf(t, { kpis: { 'RSP-01': slow } }, { revision: 2, kpis: { 'RSP-01': slower } }))[0], []);
});

test('a figure that only one of them has, a file that is gone or broken, and other figures are no change', async (t) => {
  const now = { revision: 2, kpis: { 'VOL-01': created(10), 'XXX-99': created(7) } };
  for (const kpis of [
    undefined,
    '{ no JSON',
    '{}',
    { 'VOL-01': { name: 'Findings created', unit: 'count' } },
    { 'VOL-01': created(10), 'XXX-99': created(8) },
  ])
    assert.deepEqual((await changesOf(t, kpis === undefined ? {} : { kpis }, now))[0], [], JSON.stringify(kpis));
});

test('at most four changes stand in a row of the list', async (t) => {
  const all = (value: number) => Object.fromEntries(headlineIds.map((id) => [id, { ...created(value), name: id }]));
  const [row] = await changesOf(t, { kpis: all(1) }, { revision: 2, kpis: all(2) });
  assert.ok(headlineIds.length > 4);
  assert.deepEqual(
    row,
    headlineIds.slice(0, 4).map((id) => `${id}: 1, now 2`),
  );
});
