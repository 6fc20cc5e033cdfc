import assert from 'node:assert/strict';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { resend } from '../../src/cli/send.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { verify } from '../../src/cli/verify.ts';
import { loadConfig } from '../../src/config/index.ts';
import { realEffects } from '../../src/effects.ts';
import type { Press } from '../../src/press/index.ts';
import { renderReport } from '../../src/render/index.ts';
import { openClientStore } from '../../src/gather/index.ts';
import { buildReport, runDue } from '../../src/run/index.ts';
import { parsePeriod } from '../../src/period.ts';
import { randomOf } from './random.ts';
import { scripted } from './smtp-script.ts';
import { day, firing, noticed, type World, withoutBrowser, world } from './world.ts';

const cases = Number(process.env.SOC_KPI_CASES ?? 25);
const pdf = readFileSync(join(import.meta.dirname, '../../reports/sample/report.pdf'));

/** Prints what is always the same: the browser has tests of its own. */
const press: Press = {
  render: (analysis, branding) => renderReport(analysis, branding),
  print: async (analysis, branding) => ({ ...(await renderReport(analysis, branding)), pdf, flaws: [] }),
  start() {},
  close: async () => {},
};
const build: typeof buildReport = (request, store, _press, effects) => buildReport(request, store, press, effects);

function shellAt(place: World): { shell: Shell; said: string[] } {
  const said: string[] = [];
  const effects = { ...realEffects, now: () => firing + 2 * day };
  return { shell: { config: place.dir, debug: false, effects, print: (text) => void said.push(text) }, said };
}

/** Two issued editions with all their files. */
async function issued(t: TestContext): Promise<World> {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  const steps = { ...withoutBrowser, build };
  await place.run(noticed, { steps });
  await place.run(firing, { steps });
  writeFileSync(join(place.dir, 'alerts/next.csv'), 'id,title,at\n3,logon failed,2026-11-03T08:00:00Z\n');
  await place.run(firing + day, { steps });
  return place;
}

async function verified(place: World, edition?: string): Promise<{ code: number; said: string }> {
  const { shell, said } = shellAt(place);
  const code = await verify(shell, edition, {});
  return { code, said: said.join('\n') };
}

/** Changes one bit of a file for as long as `look` takes. */
async function flipped<T>(path: string, random: () => number, look: () => Promise<T>): Promise<T> {
  const good = readFileSync(path);
  // Most of a small store is empty space, which says nothing.
  let at: number;
  do at = Math.floor(random() * good.length);
  while (good[at] === 0);
  const bad = Buffer.from(good);
  bad[at] = (bad[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  writeFileSync(path, bad);
  try {
    return await look();
  } finally {
    writeFileSync(path, good);
  }
}

test(`D3 one bit changed anywhere in an issued file is found, and told of that edition alone (${cases} places)`, async (t) => {
  const place = await issued(t);
  assert.deepEqual(await verified(place), { code: 0, said: '1 client, 2 editions: as they were written' });
  const folder = join(place.dir, 'reports/acme/daily/2026-11-03/r1');
  const files = globSync('*', { cwd: folder }).sort();
  for (const file of ['findings.csv', 'index.html', 'manifest.json', 'report.json', 'report.pdf']) assert.ok(files.includes(file), file);
  const random = randomOf(7);
  for (let n = 0; n < cases; n++) {
    const file = files[n % files.length] ?? '';
    const { code, said } = await flipped(join(folder, file), random, () => verified(place));
    assert.equal(code, 3, `case ${n}: ${file}`);
    assert.match(said, new RegExp(`^acme/daily/2026-11-03/r1: ${file.replace('.', '\\.')} is not what was issued`, 'm'));
    assert.doesNotMatch(said, /^acme\/daily\/2026-11-02\/r1: \w/m, 'another edition is blamed');
  }
  rmSync(join(folder, 'report.pdf'));
  writeFileSync(join(folder, 'extra.html'), 'x');
  const { code, said } = await verified(place, 'acme/daily/2026-11-03/r1');
  assert.equal(code, 3);
  assert.match(said, /report\.pdf is missing; restore it/);
  assert.match(said, /extra\.html was not issued; remove it/);
});

/** All that can be read from a store, or how it fails to be read. */
function contents(path: string): string {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence'").all();
      const rows = tables.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`).all());
      return JSON.stringify([db.prepare('SELECT sql FROM sqlite_schema').all(), rows], (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
    } finally {
      db.close();
    }
  } catch (error) {
    return String(error);
  }
}

test(`D3 one bit changed anywhere in a store is found, or nothing in it is another (${cases} places)`, async (t) => {
  const place = await issued(t);
  const path = join(place.dir, 'data/acme.sqlite');
  const db = new DatabaseSync(path);
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'); // what was deleted is no content
  db.close();
  assert.equal((await verified(place)).code, 0);
  const whole = contents(path);
  const random = randomOf(11);
  let harmless = 0;
  for (let n = 0; n < cases; n++) {
    await flipped(path, random, async () => {
      const { code } = await verified(place);
      if (code === 3) return;
      assert.ok(contents(path) === whole, `case ${n}: what is read is another`);
      harmless++;
    });
  }
  t.diagnostic(`${cases - harmless} of ${cases} found; in ${harmless} nothing could be read that was not written`);
});

test('D5 what is derived can be made again: the reports folder, the archive page, merged segments', async (t) => {
  const place = await issued(t);
  const { shell } = shellAt(place);
  const config = await loadConfig(place.dir, shell.effects);
  const archive = readFileSync(join(place.dir, 'reports/acme/index.html'), 'utf8');
  const store = place.store();
  const editions = store.editions();
  store.close();
  const read = (folder: string) => ['index.html', 'report.json', 'findings.csv'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const before = editions.map(({ path }) => read(path));
  rmSync(join(place.dir, 'reports/acme/index.html'));
  const writing = openClientStore(config, 'acme');
  assert.ok(writing.compact({ keep_history_from: noticed }).before > 1);
  const [client, report] = [config.clients.get('acme'), config.reports.get('daily')];
  assert.ok(client && report);
  for (const [index, { period, as_of }] of editions.entries()) {
    const request = {
      config,
      client,
      report,
      period: parsePeriod(period, client.timezone),
      as_of,
      out: join(place.dir, 'again'),
      issue: false,
    };
    const built = await buildReport({ ...request, formats: new Set(['html', 'csv', 'json']) }, writing, undefined, shell.effects);
    assert.deepEqual(read(built.folder), before[index]);
  }
  writing.close();
  await runDue(config, { ...realEffects, now: () => firing + 2 * day }, { steps: { ...withoutBrowser, build } });
  assert.ok(
    readFileSync(join(place.dir, 'reports/acme/index.html'), 'utf8').includes(
      archive.match(/daily\/2026-11-03\/r1\/index\.html/)?.[0] ?? '?',
    ),
  );
  assert.equal((await verified(place)).code, 0);
});

test('what has changed since is told apart from what was tampered with', async (t) => {
  const place = await issued(t);
  const rules = join(place.dir, 'categories.yaml');
  writeFileSync(rules, readFileSync(rules, 'utf8').replace('category: Logon', 'category: Sign-in'));
  const { code, said } = await verified(place);
  assert.equal(code, 1);
  assert.match(said, /not looked at: its figures: made again .* but the configuration is not the one it was issued with/);
  const { shell } = shellAt(place);
  await assert.rejects(verify(shell, 'acme/daily/2026-11-09', {}), /there is no edition acme\/daily\/2026-11-09; there are: acme\/daily/);
  await assert.rejects(verify(shell, 'daily', {}), /names no edition; write client\/report\/period/);
});

test('an archive that was moved with its stores is whole, and its mails can be sent again', async (t) => {
  const place = await issued(t);
  const moved = place.copy(t);
  rmSync(place.dir, { recursive: true });
  assert.equal((await verified(moved)).code, 0);
  const { shell } = shellAt(moved);
  assert.equal(await resend(shell, 'acme/daily/2026-11-03', { to: 'boss@acme.example', reason: 'moved' }), 0);
  cpSync(moved.dir, place.dir, { recursive: true }); // for the end of the test
});
