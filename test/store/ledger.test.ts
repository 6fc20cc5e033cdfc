import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { lockFolder, openStore, type NewRun, type Store, StoreError } from '../../src/store/index.ts';
import { folder } from './fixtures.ts';

const upTo = (until: number) => ({ until, rhythm: 'x' });
const actor = { who: 'test', at: 1_000 };
const run = (period: string, more: Partial<NewRun> = {}): NewRun => ({
  report: 'daily',
  period,
  zone: 'Europe/Berlin',
  due_at: Date.parse(`${period}T05:00Z`),
  mail: true,
  ...more,
});

function store(t: TestContext): { store: Store; path: string } {
  const path = join(folder(t), 'acme.sqlite');
  const opened = openStore(path, 'acme');
  t.after(() => opened.close());
  return { store: opened, path };
}

function issued({ ledger, addEdition }: Store): { report: string; period: string; revision: number } {
  ledger.allow(['boss@acme.example']);
  const [entered] = ledger.enter('daily', upTo(1), [run('2026-11-01')], actor);
  assert.ok(entered);
  ledger.move(entered, { state: 'collected', as_of: 5_000 }, actor);
  const edition = {
    report: 'daily',
    period: '2026-11-01',
    as_of: 5_000,
    built_at: 6_000,
    status: 'complete' as const,
    path: '',
    digest: '',
  };
  return addEdition(edition);
}
const mail = { channel: 'email', recipient: 'boss@acme.example', copy: 0, degraded: false, message_id: '<1>', body: Buffer.from('mail') };

test('a period has one row, whatever falls due again, and how far was looked never goes back', (t) => {
  const { ledger } = store(t).store;
  assert.equal(ledger.looked('daily'), undefined);
  assert.equal(ledger.enter('daily', upTo(100), [run('2026-11-01'), run('2026-11-02', { skipped: 'too old' })], actor).length, 2);
  assert.equal(ledger.enter('daily', upTo(50), [run('2026-11-01', { due_at: 7 })], actor).length, 0);
  assert.deepEqual(ledger.looked('daily'), { until: 100, rhythm: 'x', last_due: Date.parse('2026-11-02T05:00Z') });
  assert.deepEqual(
    ledger.runs().map(({ period, state, reason, due_at }) => ({ period, state, reason, due_at })),
    [
      { period: '2026-11-01', state: 'due', reason: undefined, due_at: Date.parse('2026-11-01T05:00Z') },
      { period: '2026-11-02', state: 'skipped', reason: 'too old', due_at: Date.parse('2026-11-02T05:00Z') },
    ],
  );
});

test('an edition and the issue of its run are one transaction; another cut issues nothing', (t) => {
  const { store: opened } = store(t);
  issued(opened);
  assert.equal(opened.ledger.runs()[0]?.state, 'issued');
  assert.equal(opened.ledger.runs()[0]?.revision, 1);
  opened.addEdition({ report: 'daily', period: '2026-11-01', as_of: 9, built_at: 7_000, status: 'complete', path: '', digest: '' });
  assert.equal(opened.ledger.runs()[0]?.revision, 1);
});

test('a mail goes only to a contact, once into the outbox, and its bytes go when it is sent', (t) => {
  const { store: opened } = store(t);
  const edition = issued(opened);
  const stranger = { ...mail, small: undefined, recipient: 'spy@evil.example' };
  assert.throws(() => opened.ledger.enqueue(edition, [stranger], actor), /not on this client's list/);
  const good = { ...mail, small: undefined };
  opened.ledger.enqueue(edition, [good], actor);
  opened.ledger.enqueue(edition, [{ ...good, body: Buffer.from('other') }], actor);
  const [delivery] = opened.ledger.deliveries();
  assert.ok(delivery);
  assert.equal(opened.ledger.deliveries().length, 1);
  assert.equal(String(Buffer.from(opened.ledger.body(delivery.id)?.body ?? [])), 'mail');
  assert.equal(opened.ledger.claim(delivery.id, 2_000), true);
  assert.equal(opened.ledger.claim(delivery.id, 2_000), false);
  opened.ledger.mark(delivery.id, 2_000);
  assert.throws(() => opened.ledger.mark(delivery.id, 2_000), /nothing more of it may leave/);
  opened.ledger.settle(delivery.id, { state: 'sent' }, actor);
  assert.equal(opened.ledger.body(delivery.id), undefined);
  assert.equal(opened.ledger.runs()[0]?.state, 'done');
});

test('who left the list of contacts after a mail was queued does not get it', (t) => {
  const { store: opened } = store(t);
  opened.ledger.enqueue(issued(opened), [{ ...mail, small: undefined }], actor);
  opened.ledger.allow([]);
  assert.equal(opened.ledger.claim(1, 2_000), false);
});

test('after a crash what was not handed over is queued again, and what may have been is unknown', (t) => {
  const { store: opened } = store(t);
  const edition = issued(opened);
  opened.ledger.allow(['boss@acme.example', 'b@acme.example', 'c@acme.example']);
  const to = (recipient: string) => ({ ...mail, small: undefined, recipient });
  opened.ledger.enqueue(edition, [to('boss@acme.example'), to('b@acme.example'), to('c@acme.example')], actor);
  opened.ledger.claim(1, 2_000);
  opened.ledger.claim(2, 2_000);
  opened.ledger.mark(2, 2_000);
  opened.ledger.recover(actor);
  assert.deepEqual(
    opened.ledger.deliveries().map(({ state }) => state),
    ['queued', 'unknown', 'queued'],
  );
});

test('X10 the audit log names the first line that was changed, removed or cut off', (t) => {
  const { store: opened, path } = store(t);
  for (let n = 1; n <= 20; n++) opened.ledger.note('sent', `mail ${n}`, '', { who: 'test', at: n });
  assert.equal(opened.ledger.verifyAudit(), undefined);
  const db = new DatabaseSync(path);
  t.after(() => db.close());
  assert.throws(() => db.exec('DELETE FROM audit WHERE no = 3'), /only appended to/);
  db.exec('DROP TRIGGER audit_kept; DROP TRIGGER audit_whole');
  const tampered = (sql: string): string | undefined => {
    db.exec(`SAVEPOINT t; ${sql}; RELEASE t`);
    return opened.ledger.verifyAudit();
  };
  for (let n = 20; n > 10; n--) assert.match(tampered(`DELETE FROM audit WHERE no = ${n}`) ?? '', new RegExp(`ends with line ${n - 1}`));
  assert.match(tampered('DELETE FROM audit WHERE no = 7') ?? '', /line 7 of the audit log is missing/);
  for (const column of ['at', 'who', 'what', 'subject', 'detail']) {
    assert.match(tampered(`UPDATE audit SET ${column} = ${column === 'at' ? 99 : "'x'"} WHERE no = 2`) ?? '', /line 2 .* not as it was/);
  }
});

test('S10 a data folder has one scheduler; a killed one gives it back at once', async (t) => {
  const dir = folder(t);
  const release = lockFolder(dir);
  assert.throws(
    () => lockFolder(dir),
    (error: unknown) => error instanceof StoreError && error.busy,
  );
  release();
  const held = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/index.ts'))};
    lockFolder(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000);`;
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', held], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    assert.throws(() => lockFolder(dir), /another soc-kpi works on/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockFolder(dir)();
  }
});
