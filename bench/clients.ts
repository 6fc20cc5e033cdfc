/**
 * Many clients due at the same minute: each has its month's findings in its store, is collected from a console over loopback
 * HTTP, and its report is built in all formats, issued, and mailed to a server on loopback. Prints how long it took, what
 * became of each report and mail, and the peak memory of the whole process tree. BENCH_CLIENTS and BENCH_FINDINGS say how many.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SMTPServer } from 'smtp-server';
import { startQradar } from '../src/demo/qradar.ts';
import { parsePeriod } from '../src/period.ts';
import { openStore } from '../src/store/index.ts';
import { oneSourceConfig } from './config.ts';
import { fillStore } from './store.ts';
import { treeMegabytes } from './tree.ts';

const clients = Number(process.env.BENCH_CLIENTS ?? 100);
const findings = Number(process.env.BENCH_FINDINGS ?? 50_000);
const [seconds, megabytes] = [120, 1000];
const root = resolve(import.meta.dirname, '..');
/** When the schedule is first seen, and six in the morning of the first, in Berlin. */
const [noticed, due] = ['2026-10-31T12:00:00Z', '2026-11-01T05:00:00Z'];

const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-clients-'));
const qradar = await startQradar({ offenses: [] });
const post = await postOffice();
try {
  await prepare();
  await run(noticed);
  const { lines, took, peak, blocked } = await run(due);
  console.log(`${clients} clients due at once, ${findings} findings each`);
  for (const [what, group] of Map.groupBy(lines, ({ kind, state, reason }) => `${kind} ${state}${reason === null ? '' : `: ${reason}`}`))
    console.log(`  ${group.length} ${what}`);
  console.log(`  mails that arrived: ${post.arrived.length}, to ${new Set(post.arrived).size} addresses`);
  console.log(`| all delivered or held | ${seconds} s | ${took.toFixed(1)} s | ${took <= seconds ? 'yes' : 'NO'} |`);
  console.log(
    `| … peak memory, node and browser together | ${megabytes} MB | ${peak.toFixed(0)} MB | ${peak <= megabytes ? 'yes' : 'NO'} |`,
  );
  console.log(`| … 99th percentile of the loop's delay | 200 ms | ${blocked.toFixed(0)} ms | ${blocked <= 200 ? 'yes' : 'NO'} |`);
} finally {
  await post.close();
  await qradar.close();
  await rm(folder, { recursive: true, force: true });
}

function names(): string[] {
  return Array.from({ length: clients }, (_, index) => `c${String(index + 1).padStart(3, '0')}`);
}

async function prepare(): Promise<void> {
  await oneSourceConfig(folder);
  const sample = await readFile(join(folder, 'clients/demo.yaml'), 'utf8');
  await rm(join(folder, 'clients/demo.yaml'));
  await writeFile(
    join(folder, 'soc-kpi.yaml'),
    `data_dir: data\nreports_dir: reports\nsmtp: { host: 127.0.0.1, port: ${post.port}, tls: none, from: soc@example.com }\n`,
  );
  const template = join(folder, 'filled.sqlite');
  const store = openStore(template, 'filled');
  fillStore(store, { findings, days: 31, until: parsePeriod('2026-10', 'Europe/Berlin').end, seed: 7 });
  store.compact({ keep_history_from: 0 });
  store.close();
  await mkdir(join(folder, 'data'));
  for (const name of names()) {
    const reports = `contacts: [${name}@example.com]\nreports:\n  - { report: monthly, schedule: '0 6 1 * *', recipients: [{ to: ${name}@example.com, format: pdf }] }\n`;
    await writeFile(join(folder, `clients/${name}.yaml`), sample.replace(/^reports: .*\n/m, reports));
    const own = join(folder, 'data', `${name}.sqlite`);
    await cp(template, own);
    const db = new DatabaseSync(own);
    db.prepare("UPDATE meta SET value = ? WHERE name = 'client'").run(name);
    db.close();
  }
}

interface Line {
  client: string;
  kind: string;
  state: string;
  reason: string | null;
}

/** `blocked`: 99th percentile of the delay of the event loop, in milliseconds. */
function run(instant: string): Promise<{ lines: Line[]; took: number; peak: number; blocked: number }> {
  return new Promise((done, failed) => {
    const started = performance.now();
    const env = { ...process.env, DEMO_QRADAR_URL: qradar.url, DEMO_QRADAR_TOKEN: qradar.token };
    const child = spawn(process.execPath, [join(root, 'bench/due.ts'), folder, instant], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, treeMegabytes(child.pid ?? 0))), 250);
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    child.once('error', failed);
    child.once('close', (code) => {
      clearInterval(watch);
      if (code !== 0) failed(new Error(`the run ended with ${code}`));
      else done({ ...JSON.parse(said), took: (performance.now() - started) / 1000, peak });
    });
  });
}

/** Takes every mail, and notes to whom. */
async function postOffice(): Promise<{ port: number; arrived: string[]; close(): Promise<void> }> {
  const arrived: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, taken) {
      stream.resume();
      stream.once('end', () => {
        arrived.push(...session.envelope.rcptTo.map(({ address }) => address));
        taken();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo; // it listens on a port
  return { port, arrived, close: () => new Promise((closed) => server.close(closed)) };
}
