import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { openStore } from '../../src/store/index.ts';
import { folder } from './fixtures.ts';

const kills = process.env.SOC_KPI_KILLS === undefined ? 3 : 20;

/** A store as its first version wrote it, with one issued report. */
function oldStore(t: TestContext): string {
  const path = join(folder(t), 'acme.sqlite');
  openStore(path, 'acme').close();
  const db = new DatabaseSync(path);
  const later = ['seal', 'point', 'outbox', 'run', 'timetable', 'contact', 'audit'];
  db.exec(`${later.map((table) => `DROP TABLE ${table};`).join(' ')} UPDATE meta SET value = '1' WHERE name = 'schema'`);
  db.exec("INSERT INTO edition VALUES ('daily', '2026-11-01', 1, 1, 1, 'complete', 'p', 'd')");
  db.close();
  return path;
}

function schemaOf(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return String(db.prepare("SELECT value FROM meta WHERE name = 'schema'").get()?.value);
  } finally {
    db.close();
  }
}

function isWhole(path: string, read_only = false): void {
  const opened = openStore(path, 'acme', { read_only });
  assert.deepEqual(opened.ledger.runs(), []);
  assert.equal(opened.editions().length, 1);
  assert.deepEqual(opened.check(), []);
  opened.close();
}

test('D6 a store of schema 1 is brought to the newest when it is opened, to read or to write, and keeps what it had', (t) => {
  for (const read_only of [true, false]) isWhole(oldStore(t), read_only);
});

test('D6 a migration that is cut off leaves the store as it was', (t) => {
  const path = oldStore(t);
  const failpoint = (name: string): void => {
    if (name === 'state.before_commit') throw new Error('cut off');
  };
  assert.throws(() => openStore(path, 'acme', { failpoint }), /cut off/);
  assert.equal(schemaOf(path), '1');
  isWhole(path);
});

test(`D6 a migration killed at any moment: the old version or the new one, never between (${kills} kills)`, async (t) => {
  const open = (path: string) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/index.ts'))};
        console.log('ready'); openStore(${JSON.stringify(path)}, 'acme').close(); console.log('done');`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
  let old = 0;
  for (let kill = 0; kill < kills; kill++) {
    const path = oldStore(t);
    const child = open(path);
    await once(child.stdout, 'data'); // all is loaded
    const timer = setTimeout(() => child.kill('SIGKILL'), (kill * 20) / kills);
    await once(child, 'exit');
    clearTimeout(timer);
    const found = schemaOf(path);
    assert.match(found, /^[14]$/);
    if (found === '1') old++;
    isWhole(path);
  }
  t.diagnostic(`${kills} kills: ${old} times the old version was left, ${kills - old} times the new one`);
});
