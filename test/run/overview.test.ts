import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { overview } from '../../src/cli/overview.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import type { Finding } from '../../src/finding.ts';
import { parsePeriod } from '../../src/period.ts';
import { openClientStore } from '../../src/gather/index.ts';
import { buildReport } from '../../src/run/index.ts';
import { batch, finding } from '../store/fixtures.ts';
import { pdfText } from '../render/pdf-text.ts';

const october = parsePeriod('2026-10', 'Europe/Berlin');
const now = october.end + 6 * 3_600_000;
const effects: Effects = { ...realEffects, now: () => now };

/** Words that a client must not be known by; each stands in its name, id, source, title, entity, analyst or rule. */
const canaries = ['kanaria', 'zebrafink', 'quellwort', 'titelwort', 'wesen', 'mensch', 'regelwort', 'netzwort', 'fusszeile', 'kontakt'];

async function provider(t: TestContext, clients: number, extra = ''): Promise<{ dir: string; config: Config }> {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-overview-'));
  t.after(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'clients'));
  await writeFile(join(dir, 'soc-kpi.yaml'), 'data_dir: data\nreports_dir: reports\n');
  await writeFile(join(dir, 'categories.yaml'), 'categories: []\n');
  await writeFile(join(dir, 'reports.yaml'), 'reports:\n  monthly: { title: Month, reader: manager, period: month }\n');
  for (let n = 1; n <= clients; n++) {
    const text = `name: Zebrafink ${n} GmbH\ntimezone: Europe/Berlin\nsources:\n  quellwort: { vendor: qradar, base_url: 'https://q.example/api', token: '\${env:T}' }\n`;
    const more = `contacts: [kontakt@example.com]\nreports: [monthly]\nsla: [{ metric: close, target: 4h }]\nbranding: { footer: Fusszeile }\n${n === 1 ? extra : ''}`;
    await writeFile(join(dir, `clients/kanaria-${n}.yaml`), text + more);
  }
  return { dir, config: await loadConfig(dir, effects) };
}

/** `late` of the findings are closed after five hours. */
function findings(count: number, late: number): Finding[] {
  return Array.from({ length: count }, (_, i) =>
    finding(`titelwort-${i}`, {
      title: `Titelwort ${i}`,
      created_at: october.start + i * 3_600_000,
      status: 'closed',
      closed_at: october.start + i * 3_600_000 + (i < late ? 5 : 1) * 3_600_000,
      assignee: 'mensch',
      rules: [{ name: 'regelwort' }],
      networks: ['netzwort'],
      entities: [{ type: 'host', value: 'wesen' }],
    }),
  );
}

async function issue(config: Config, n: number, all: readonly Finding[]): Promise<void> {
  const client = config.clients.get(`kanaria-${n}`);
  const report = config.reports.get('monthly');
  assert.ok(client && report);
  const store = openClientStore(config, client.id);
  store.append(
    { ...batch(now - 1000), source: 'quellwort', mode: 'created', window_from: october.start, window_to: october.end, fetched: all.length },
    all,
    [],
  );
  await buildReport(
    { config, client, report, period: october, as_of: now, formats: new Set(['json'] as const), issue: true },
    store,
    undefined,
    effects,
  );
  store.close();
}

async function run(dir: string): Promise<{ code: number; files: string[] } | undefined> {
  const files: string[] = [];
  const flags = { report: 'monthly', period: '2026-10', zone: 'Europe/Berlin', locale: 'en-GB' };
  try {
    return { code: await overview({ config: dir, debug: false, effects, print: (text) => void files.push(text) }, flags), files };
  } catch (error) {
    if (error instanceof Error && error.name === 'PrinterError') return undefined;
    throw error;
  }
}

test('six clients on one page: sums that foot, a funnel, and not one word by which a client is known', async (t) => {
  const { dir, config } = await provider(t, 6, 'alias: North\n');
  // The fifth keeps far fewer of its service levels than chance would have it; the sixth has no edition.
  for (let n = 1; n <= 5; n++) await issue(config, n, findings(100 + n, n === 5 ? 60 : 5));
  const done = await run(dir);
  if (done === undefined) return t.skip('skipped: no browser here');
  assert.equal(done.code, 0);
  const read = (name: string) => readFile(join(dir, 'reports/_overview/monthly/2026-10', name));
  const [html, json, pdf] = [String(await read('index.html')), String(await read('report.json')), await pdfText(await read('report.pdf'))];
  for (const text of [html, json, pdf, ...done.files.map((file) => file.replace(dir, ''))])
    for (const canary of canaries) assert.ok(!text.toLowerCase().includes(canary), `${canary} is in it`);
  const { kpis, tables, series } = JSON.parse(json);
  assert.deepEqual([kpis['VOL-01'].value, kpis['VOL-01'].status], [101 + 102 + 103 + 104 + 105, 'partial']);
  assert.equal(kpis['OVW-01'].value, 515 / 31);
  assert.deepEqual([kpis['SLA-01'].n, Math.round(kpis['SLA-01'].value * 515)], [515, 515 - 80]);
  assert.deepEqual([kpis['OVW-03'].value, kpis['OVW-03'].n], [5 / 6, 6]);
  assert.deepEqual(
    tables['OVW-03.states'].rows.map(({ n }: { n: number }) => n),
    [5, 0, 0, 0, 1],
  );
  const names = tables['OVW-01.clients'].rows.map(({ client }: { client: string }) => client);
  assert.equal(names.includes('North'), true);
  assert.equal(names.filter((name: string) => /^client [1-6]$/.test(name)).length, 5);
  assert.match(series['SLA-01.funnel'].title, /^1 client stands out beyond chance$/);
  assert.match(html, /of 1 of 6 clients no issued edition is known/);
  assert.match(pdf, /North/);
});

test('below five clients nothing sets them side by side', async (t) => {
  const { dir, config } = await provider(t, 4);
  for (let n = 1; n <= 4; n++) await issue(config, n, findings(20 * n, n));
  const done = await run(dir);
  if (done === undefined) return t.skip('skipped: no browser here');
  const json = JSON.parse(await readFile(join(dir, 'reports/_overview/monthly/2026-10/report.json'), 'utf8'));
  assert.equal(json.kpis['VOL-01'].value, 20 + 40 + 60 + 80);
  assert.deepEqual([json.series, Object.keys(json.tables)], [{}, ['OVW-03.states']]);
  assert.match(json.kpis['OVW-01'].notes.join(), /there are 4, at least 5 are needed/);
  assert.doesNotMatch(JSON.stringify(json), /client [1-4]"/);
});

test('a file that is not what was issued stops it, and nothing is written', async (t) => {
  const { dir, config } = await provider(t, 1);
  await issue(config, 1, findings(3, 0));
  await writeFile(join(dir, 'reports/kanaria-1/monthly/2026-10/r1/report.json'), '{"kpis":{"VOL-01":{"status":"ok","value":1}}}');
  await assert.rejects(run(dir), /is not what was issued/);
  await assert.rejects(readFile(join(dir, 'reports/_overview/monthly/2026-10/report.json')), /ENOENT/);
});

test('an alias that tells which client it is is refused', async (t) => {
  await assert.rejects(provider(t, 1, 'alias: zebrafink\n'), /alias: "zebrafink" tells which client it is/);
  await assert.rejects(provider(t, 1, 'alias: our kanaria-1\n'), /tells which client it is/);
});
