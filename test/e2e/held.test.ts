import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { startQradar } from '../../src/demo/qradar.ts';
import { type Effects, type LogEvent, realEffects } from '../../src/effects.ts';
import { parsePeriod } from '../../src/period.ts';
import type { Press } from '../../src/press/index.ts';
import { checkPdf, renderReport } from '../../src/render/index.ts';
import { openClientStore } from '../../src/gather/index.ts';
import { buildReport, HeldError } from '../../src/run/index.ts';
import { desk, files, qradarSource } from './desk.ts';

/** Prints nothing that can be read, and finds a text cut off. */
const clumsy: Press = {
  start() {},
  render: (analysis, branding) => renderReport(analysis, branding),
  async print(analysis, branding, _header, limit) {
    const pdf = Buffer.from('no PDF');
    const cut = { page: 3, element: '"Findings per day"', problem: 'is a chart split between pages' };
    return { ...(await renderReport(analysis, branding)), pdf, flaws: [cut, ...checkPdf(pdf, limit)] };
  },
  async close() {},
};

test('an edition with a flaw on paper is held, with page and element named; a preview is made and tells it', async (t) => {
  const qradar = await startQradar({ offenses: [] });
  t.after(() => qradar.close());
  const env = { URL: qradar.url, TOKEN: qradar.token };
  const now = '2026-11-01T06:00:00Z';
  const place = await desk(t, { files: files(qradarSource), env, now });
  await place.collect('2026-10-01', '2026-10-31');
  const events: LogEvent[] = [];
  const effects: Effects = { ...realEffects, env, now: () => Date.parse(now), log: (event) => void events.push(event) };
  const config = await loadConfig(place.dir, effects);
  const client = config.clients.get('acme');
  const report = config.reports.get('monthly');
  assert.ok(client && report);
  const store = openClientStore(config, 'acme', { read_only: false });
  t.after(() => store.close());
  const request = {
    config,
    client,
    report,
    period: parsePeriod('2026-10', client.timezone),
    as_of: Date.parse(now),
    formats: new Set(['pdf'] as const),
  };
  const build = (issue: boolean) => buildReport({ ...request, issue }, store, clumsy, effects);
  await assert.rejects(build(true), (error: unknown) => {
    assert.ok(error instanceof HeldError);
    assert.match(error.message, /page 3, "Findings per day": is a chart split between pages; the file: cannot be checked/);
    return true;
  });
  assert.deepEqual(store.editions(), []);
  assert.ok(!existsSync(`${config.reports_dir}/acme/monthly/2026-10/r1`));
  const { folder } = await build(false);
  assert.ok(existsSync(`${folder}/report.pdf`));
  const told = events.filter(({ event }) => event === 'flaw').map(({ message }) => message);
  assert.equal(told.length, 2);
});
