import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { openStore, type Store } from '../../src/store/index.ts';
import { enqueue } from './mail-fixtures.ts';
import { randomOf } from './random.ts';
import { scripted, type ScriptedServer } from './smtp-script.ts';

const mails = Number(process.env.SOC_KPI_MAILS ?? 10);
/** The server answers the dot after up to two seconds; scaled where there are few mails. */
const slowest = process.env.SOC_KPI_MAILS === undefined ? 40 : 2000;
const perStore = 100;

interface Outcome {
  kills: number;
  /** Said to be sent, by recipient. */
  told: Set<string>;
  /** In milliseconds, and of processor. */
  slowestStart: number;
  dearestStart: number;
}

/** Sends all of a store's mail with a process that is killed again and again, until nothing is queued. */
async function sendAndKill(path: string, server: ScriptedServer, mode: string, random: () => number): Promise<Outcome> {
  const outcome: Outcome = { kills: 0, told: new Set(), slowestStart: 0, dearestStart: 0 };
  for (;;) {
    const start = performance.now();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'mailer.ts'), path, String(server.port), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    await Promise.race([once(child.stdout, 'data'), ended]);
    outcome.slowestStart = Math.max(outcome.slowestStart, performance.now() - start);
    const timer = setTimeout(() => child.kill('SIGKILL'), random() * slowest * 4);
    const [, signal] = await ended;
    clearTimeout(timer);
    for (const line of said.split('\n').slice(0, -1)) {
      const cost = /^ready (\d+)$/.exec(line)?.[1];
      if (cost === undefined) outcome.told.add(line);
      else outcome.dearestStart = Math.max(outcome.dearestStart, Number(cost));
    }
    if (signal === 'SIGKILL') outcome.kills++;
    const store = openStore(path, 'acme');
    assert.deepEqual(store.check(), []);
    const sent = new Set(states(store, 'sent'));
    const lost = [...outcome.told].filter((to) => !sent.has(to));
    assert.deepEqual(lost, [], 'told to be sent, and not in the ledger');
    store.close();
    if (signal !== 'SIGKILL') return outcome;
  }
}

const states = (store: Store, wanted: string): string[] =>
  store.ledger
    .deliveries()
    .filter(({ state }) => state === wanted)
    .map(({ recipient }) => recipient);

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-durable-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

interface Tally {
  kills: number;
  sent: number;
  unknown: number;
  arrivedUnknown: number;
  duplicates: number;
  start: number;
  dearest: number;
}

async function ordeal(t: TestContext, mode: string): Promise<Tally> {
  const random = randomOf(mode.length);
  const dir = folder(t);
  const server = await scripted(t, { patience: () => random() * slowest });
  const groups = Array.from({ length: Math.ceil(mails / perStore) }, (_, group) =>
    Array.from({ length: Math.min(perStore, mails - group * perStore) }, (_, n) => `m${group}-${n}@acme.example`),
  );
  const tally: Tally = { kills: 0, sent: 0, unknown: 0, arrivedUnknown: 0, duplicates: 0, start: 0, dearest: 0 };
  await Promise.all(
    groups.map(async (recipients, group) => {
      const path = join(dir, `${group}.sqlite`);
      const store = openStore(path, 'acme');
      await enqueue(store, recipients);
      store.close();
      const { kills, slowestStart, dearestStart } = await sendAndKill(path, server, mode, random);
      const after = openStore(path, 'acme', { read_only: true });
      const [sent, unknown] = [states(after, 'sent'), states(after, 'unknown')];
      after.close();
      assert.equal(sent.length + unknown.length, recipients.length, 'each mail is sent or unknown');
      const arrived = (to: string): number => server.arrived.filter((mail) => mail.to === to).length;
      for (const to of sent) assert.ok(arrived(to) >= 1, `${to} is said to be sent and never arrived`);
      tally.kills += kills;
      tally.sent += sent.length;
      tally.unknown += unknown.length;
      tally.arrivedUnknown += unknown.filter((to) => arrived(to) > 0).length;
      tally.duplicates += recipients.reduce((sum, to) => sum + Math.max(0, arrived(to) - 1), 0);
      tally.start = Math.max(tally.start, slowestStart);
      tally.dearest = Math.max(tally.dearest, dearestStart);
    }),
  );
  return tally;
}

test(`D2 M1 ${mails} mails, a sender killed again and again: none lost, none twice, acknowledged is durable`, async (t) => {
  const { kills, sent, unknown, arrivedUnknown, duplicates, start, dearest } = await ordeal(t, 'hold');
  t.diagnostic(
    `${mails} mails, ${kills} kills: ${sent} sent, ${unknown} unknown of which ${arrivedUnknown} had arrived, ${duplicates} twice; slowest start ${Math.round(start)} ms where ${Math.ceil(mails / perStore)} run at once, ${dearest} ms of processor`,
  );
  assert.ok(kills > 0, 'nothing was killed: the test shows nothing');
  assert.equal(duplicates, 0);
  assert.ok(unknown <= kills);
});

test(`M1 the same where a possible duplicate is preferred to a gap: none lost, each one twice had been unknown`, async (t) => {
  const { kills, sent, unknown, duplicates } = await ordeal(t, 'resend');
  t.diagnostic(`${mails} mails, ${kills} kills: ${sent} sent, ${unknown} unknown, ${duplicates} twice`);
  assert.equal(sent, mails);
  assert.ok(duplicates <= kills);
});

test('D7 a backup made under load is whole, and restored elsewhere it mails nobody again', async (t) => {
  const dir = folder(t);
  const path = join(dir, 'acme.sqlite');
  const server = await scripted(t, { patience: 10 });
  const store = openStore(path, 'acme');
  const recipients = Array.from({ length: 40 }, (_, n) => `b${n}@acme.example`);
  await enqueue(store, recipients);
  store.close();
  const sender = (file: string) =>
    spawn(process.execPath, [join(import.meta.dirname, 'mailer.ts'), file, String(server.port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const child = sender(path);
  const ended = once(child, 'exit');
  while (server.arrived.length < 10) await delay(5);
  const reading = openStore(path, 'acme', { read_only: true });
  const copy = join(folder(t), 'acme.sqlite');
  await reading.backup(copy);
  reading.close();
  assert.deepEqual(await ended, [0, null]);
  assert.equal(server.arrived.length, recipients.length);
  const restored = openStore(copy, 'acme', { read_only: true });
  const waiting = states(restored, 'queued').length;
  assert.deepEqual(restored.check(), []);
  assert.equal(restored.ledger.verifyAudit(), undefined);
  restored.close();
  assert.ok(waiting > 0 && waiting < recipients.length, `${waiting} of ${recipients.length} were waiting when the backup was made`);
  assert.deepEqual(await once(sender(copy), 'exit'), [0, null]);
  assert.equal(server.arrived.length, recipients.length, 'a mail went again');
  const after = openStore(copy, 'acme', { read_only: true });
  assert.ok(states(after, 'unknown').length >= waiting);
  assert.match(after.ledger.deliveries().at(-1)?.reason ?? '', /restored from; it may have gone out since/);
  after.close();
});
