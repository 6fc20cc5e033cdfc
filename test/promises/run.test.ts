import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { audit } from '../../src/cli/audit.ts';
import { resend } from '../../src/cli/send.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { status } from '../../src/cli/status.ts';
import { watch } from '../../src/cli/watch.ts';
import { collectClient } from '../../src/gather/index.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { openStore } from '../../src/store/index.ts';
import { scripted } from './smtp-script.ts';
import { firing, hour, noticed, withoutBrowser, world } from './world.ts';

function shellAt(dir: string, now: number): { shell: Shell; said: string[] } {
  const said: string[] = [];
  const effects: Effects = { ...realEffects, now: () => now, env: { USER: 'eva' } };
  return { shell: { config: dir, debug: false, effects, print: (text) => void said.push(text) }, said };
}
const strict =
  '  - { report: strict, schedule: "0 6 * * *", collect_deadline: 1h, recipients: [{ to: boss@acme.example, format: html }] }\n';

test('a report waits for its sources until its deadline; then its policy holds it, and complete data releases it', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port, strict);
  await place.run(noticed);
  writeFileSync(join(place.dir, 'alerts/day.csv'), 'id,name\n1,x\n'); // a column is gone
  const state = () => {
    const store = place.store();
    const [run] = store.ledger.runs();
    store.close();
    return `${run?.state}: ${run?.reason ?? ''}`;
  };
  await place.run(firing);
  assert.match(state(), /^due: waits for its sources: siem (failed|partial): /);
  await place.run(firing + hour / 2);
  assert.match(state(), /^due: /);
  await place.run(firing + hour);
  assert.match(state(), /^held: not issued, its data is incomplete/);
  assert.equal(server.arrived.length, 0);
  writeFileSync(join(place.dir, 'alerts/day.csv'), 'id,title,at\n1,logon failed,2026-11-02T08:00:00Z\n');
  await place.run(firing + 2 * hour);
  assert.match(state(), /^done: /);
  assert.equal(server.arrived.length, 1);
});

test('days that no collection has are collected before the report; what comes incomplete is asked for again an hour later', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port, strict);
  await place.run(noticed);
  const asked: string[] = [];
  // Only the last hour is told of by what changed; whole days are really collected.
  const collect: typeof collectClient = async (store, client, options, effects) => {
    asked.push(options.days?.days.map(({ date }) => date).join() ?? 'changed');
    if (options.days !== undefined) return collectClient(store, client, options, effects);
    const counts = { expected: 0, fetched: 0, rejected: 0, requests: 1 };
    const [to, from] = [effects.now(), effects.now() - hour];
    const window = { window_from: from, window_to: to, started_at: to, finished_at: to };
    return [
      store.append({ source: 'siem', mode: 'changed', status: 'complete', reason: undefined, ...window, ...counts }, [], [], String(to)),
    ];
  };
  const run = (now: number) => place.run(now, { steps: { ...withoutBrowser, collect } });
  writeFileSync(join(place.dir, 'alerts/day.csv'), 'id,title,at\n1,logon failed,never\n'); // a time that is none
  await run(firing);
  await run(firing + hour / 2);
  assert.deepEqual(asked, ['changed', '2026-11-02', 'changed']);
  writeFileSync(join(place.dir, 'alerts/day.csv'), 'id,title,at\n1,logon failed,2026-11-02T08:00:00Z\n');
  await run(firing + 2 * hour);
  assert.deepEqual(asked.slice(3), ['changed', '2026-11-02']);
  const store = place.store();
  assert.deepEqual(
    store.editions().map(({ status }) => status),
    ['complete'],
  );
  store.close();
});

test('a source that hangs does not hold up its report beyond the deadline', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  // It never answers in time.
  const collect = (() => new Promise((resolve) => setTimeout(() => resolve([]), 2_000))) as unknown as typeof collectClient;
  const effects = { sleep: async () => {} };
  await place.run(firing + hour, { steps: { ...withoutBrowser, collect }, effects });
  const store = place.store();
  assert.deepEqual(
    store.editions().map((edition) => edition.status),
    ['incomplete'],
  );
  store.close();
  assert.equal(server.arrived.length, 1);
});

test('S3 fifty triggers at once make one run; the others are told that it is busy', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  const results = await Promise.all(Array.from({ length: 50 }, () => place.run(firing)));
  assert.equal(results.filter(([first]) => first?.problem === undefined).length, 1);
  assert.equal(results.filter(([first]) => first?.problem?.includes('another process') === true).length, 49);
  assert.equal(server.arrived.length, 1);
});

test('S4 a manager gets one mail for ten days down, or each with `mail: each`; the rest is shown as skipped', async (t) => {
  for (const [mail, count] of [
    ['latest', 1],
    ['each', 7],
  ] as const) {
    const server = await scripted(t, {});
    const place = world(
      t,
      server.port,
      `  - { report: daily, schedule: "0 6 * * *", catchup: { mail: ${mail} }, recipients: [{ to: boss@acme.example, format: link }] }\n`,
    );
    await place.run(noticed);
    await place.run(firing + 10 * 24 * hour);
    const store = place.store();
    const states = store.ledger.runs().map(({ state }) => state);
    store.close();
    assert.deepEqual(
      [states.length, states.filter((state) => state === 'skipped').length, states.filter((state) => state === 'done').length],
      [11, 4, 7],
    );
    assert.equal(server.arrived.length, count);
  }
});

test('S6 a resend is one new mail with a new Message-ID, its reason in the body and in the audit log', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  await place.run(firing);
  const { shell, said } = shellAt(place.dir, firing + hour);
  assert.equal(await resend(shell, 'acme/daily/2026-11-02', { to: 'boss@acme.example', reason: 'He asked for it' }), 0, said.join());
  await assert.rejects(resend(shell, 'acme/daily/2026-11-02', { to: 'spy@evil.example', reason: 'x' }), /is not on acme's list/);
  const [first, second] = await Promise.all(server.arrived.map(({ data }) => PostalMime.parse(data)));
  assert.equal(server.arrived.length, 2);
  assert.notEqual(first?.messageId, second?.messageId);
  assert.match(second?.text ?? '', /Resent: He asked for it/);
  assert.match(second?.html ?? '', /Resent:.*He asked for it/);
  assert.equal(await audit(shell, 'list', {}), 0);
  assert.ok(said.some((line) => /eva {2}reason .*He asked for it/.test(line)));
});

test('the mail of a real report reads alone, has its file, and asks for nothing from elsewhere', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  await place.run(firing);
  const mail = await PostalMime.parse(server.arrived[0]?.data ?? Buffer.alloc(0));
  assert.match(mail.subject ?? '', /^Day, Acme, 2 November 2026$/);
  assert.match(mail.text ?? '', /What happened\?\n2 findings were created/);
  assert.match(mail.html ?? '', /What happened\?<\/strong><br><bdi>2 findings were created/);
  assert.doesNotMatch(mail.html ?? '', /\bsrc="(?!cid:)|href=|url\(|@import/);
  assert.equal(mail.attachments.at(-1)?.filename, 'daily-2026-11-02.html');
  const archive = readFileSync(join(place.dir, 'reports/acme/index.html'), 'utf8');
  assert.match(archive, /<h2 id="year-2026-title">2026<\/h2>/);
  assert.match(archive, /<a href="\.\/daily\/2026-11-02\/r1\/index\.html">read<\/a>/);
});

test('D3 an edition that was changed on the disk is not mailed', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  const failpoint = (name: string): void => {
    if (name !== 'run.after_done') return;
    const path = join(place.dir, 'reports/acme/daily/2026-11-02/r1/index.html');
    writeFileSync(path, readFileSync(path, 'utf8').replace('Acme', 'Acne'));
  };
  await place.run(firing, { effects: { failpoint } });
  assert.equal(server.arrived.length, 0);
  const { shell, said } = shellAt(place.dir, firing + 24 * hour);
  assert.equal(await watch(shell, { grace: '30' }), 3);
  assert.ok(
    said.some((line) => line.includes('is not what was issued; nothing is sent')),
    said.join('\n'),
  );
});

test('S9 silence is noticed: no scheduler, a dead one, a late report, a mail of which nobody knows', async (t) => {
  const server = await scripted(t, { dot: 'drop' });
  const place = world(t, server.port);
  const seen = async (now: number): Promise<string> => {
    const { shell, said } = shellAt(place.dir, now);
    const code = await watch(shell, { grace: '30' });
    return `${code}: ${said.join('; ')}`;
  };
  assert.match(await seen(noticed), /^3: acme: not-looked-at: has schedules/);
  await place.run(noticed);
  assert.equal(await seen(noticed), '0: all is well');
  assert.equal(await seen(firing + hour / 2 - 1), '0: all is well');
  assert.match(
    await seen(firing + hour / 2),
    /^3: acme: not-looked-at: daily 2026-11-02 was due at 2026-11-03T05:00:00.000Z and no scheduler looked/,
  );
  await place.run(firing + hour);
  assert.match(await seen(firing + hour), /^3: acme: unknown: daily 2026-11-02 to boss@acme.example is unknown/);
  const { shell, said } = shellAt(place.dir, firing + hour);
  await status(shell, { prometheus: true });
  assert.ok(said.join('\n').includes('soc_kpi_deliveries{client="acme",state="unknown"} 1'));
});

test('S10 a second daemon ends with 75 and writes nothing; the first stops when told to, and tells systemd', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  // In the place of systemd's own tool.
  writeFileSync(join(place.dir, 'systemd-notify'), `#!/bin/sh\necho "$@" >> '${place.dir}/notified'\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${place.dir}:${process.env.PATH}`, NOTIFY_SOCKET: '/run/none' };
  const start = (...words: string[]) =>
    spawn(process.execPath, [join(import.meta.dirname, '../../bin/soc-kpi.js'), '--config', place.dir, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env,
    });
  const first = start('start');
  t.after(() => first.kill('SIGKILL'));
  let log = '';
  first.stderr.on('data', (data) => (log += data));
  while (!log.includes('"started"')) await once(first.stderr, 'data');
  const second = start('start');
  const [code] = await once(second, 'exit');
  assert.equal(code, 75);
  first.kill('SIGTERM');
  assert.deepEqual(await once(first, 'exit'), [0, null]);
  const notified = (): string => readFileSync(join(place.dir, 'notified'), 'utf8');
  for (let tries = 0; !notified().includes('STOPPING=1') && tries < 100; tries++) await delay(50);
  assert.deepEqual([...new Set(notified().trim().split('\n'))].sort(), ['READY=1', 'STOPPING=1', 'WATCHDOG=1']);
});

test('a client of whom nothing is due is only looked at: who collects by hand meanwhile is in nobody’s way', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  const byHand = openStore(join(place.dir, 'data/acme.sqlite'), 'acme');
  assert.deepEqual(await place.run(noticed + hour), [{ client: 'acme', runs: [], deliveries: [] }]);
  assert.match((await place.run(firing))[0]?.problem ?? '', /another process/);
  byHand.close();
  assert.equal((await place.run(firing + hour))[0]?.runs[0]?.state, 'done');
  // A clock that was set back is told, although nothing is due.
  const told: string[] = [];
  await place.run(noticed, { effects: { log: ({ event }) => void told.push(event) } });
  assert.deepEqual(told, ['clock_regression']);
});
