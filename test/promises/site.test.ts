import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { resend } from '../../src/cli/send.ts';
import type { Place } from '../../src/config/index.ts';
import { deliverOutbox } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import type { Store } from '../../src/store/index.ts';
import { scripted } from './smtp-script.ts';
import { edition, listening, queuedFor, said, place } from './places.ts';
import { firing, hour, noticed, world } from './world.ts';

const now = Date.parse('2026-11-01T06:00:00Z');
const send = (store: Store, to: Place) => deliverOutbox(store.ledger, { place: () => to }, { ...realEffects, now: () => now });
const told = ({ ledger }: Store) => `${ledger.deliveries()[0]?.state}: ${ledger.deliveries()[0]?.reason ?? ''}`;

test('site: the archive is swapped as a whole; a reader in a loop sees the old or the new one, and never none', async (t) => {
  const { archive, files } = edition(t);
  const path = join(dirname(dirname(archive)), 'www/acme');
  const to = place({ channel: 'folder', path });
  const publish = async (n: number) => {
    rmSync(join(archive, 'index.html')); // as publishFile does: a new file under the old name
    writeFileSync(join(archive, 'index.html'), `archive ${n}`);
    writeFileSync(join(archive, 'second.html'), `archive ${n}`, { flag: 'w' });
    const store = await queuedFor(t, to, { files });
    await send(store, to);
    assert.equal(told(store), `sent: published at ${path}`);
  };
  await publish(0);
  let [reads, over] = [0, false];
  const reader = (async () => {
    while (!over) {
      const copy = realpathSync(path);
      const [first, second] = [
        readFileSync(join(copy, 'index.html'), 'utf8'),
        readFileSync(join(copy, 'monthly/2026-10/r1/report.pdf'), 'utf8'),
      ];
      assert.match(first, /^archive \d+$/);
      assert.ok(second.length > 50_000);
      assert.match(readFileSync(join(path, 'index.html'), 'utf8'), /^archive \d+$/);
      reads++;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let n = 1; n <= 25; n++) await publish(n);
  over = true;
  await reader;
  assert.ok(reads > 25, `only ${reads} reads`);
  assert.equal(readFileSync(join(path, 'index.html'), 'utf8'), 'archive 25');
  assert.equal(readdirSync(dirname(path)).length, 3, 'the link, the copy it leads to, and the one before');
});

test('site: what stands there and is not ours is left alone', async (t) => {
  const { archive, files } = edition(t);
  const path = join(dirname(dirname(archive)), 'www');
  mkdirSync(path);
  writeFileSync(join(path, 'precious.txt'), 'x');
  const store = await queuedFor(t, place({ channel: 'folder', path }), { files });
  await send(store, place({ channel: 'folder', path }));
  assert.match(told(store), /^held: .* is no link of ours; move what stands there away/);
  assert.deepEqual(readdirSync(path), ['precious.txt']);
});

test('S6 an edition goes by mail, to a webhook and into a served folder, each once; a resend is one new message', async (t) => {
  const mails = await scripted(t, {});
  const hook = await listening(t, said(200));
  const place = world(
    t,
    mails.port,
    `  - report: daily
    schedule: "0 6 * * *"
    recipients:
      - { to: boss@acme.example, format: link }
      - { webhook: tickets, url: "${hook.url}/", secret: "\${file:hook.key}" }
      - { folder: web, path: www/acme }
`,
  );
  writeFileSync(join(place.dir, 'hook.key'), 'geheim');
  chmodSync(join(place.dir, 'hook.key'), 0o600);
  await place.run(noticed);
  await place.run(firing);
  await place.run(firing + hour);
  const store = place.store();
  assert.deepEqual(
    store.ledger.deliveries().map(({ channel, recipient, state }) => `${channel} ${recipient} ${state}`),
    ['email boss@acme.example sent', 'webhook tickets sent', 'folder web sent'],
  );
  assert.equal(store.ledger.runs()[0]?.state, 'done');
  store.close();
  assert.deepEqual([mails.arrived.length, hook.asked.length], [1, 1]);
  assert.ok(existsSync(join(place.dir, 'www/acme/daily/2026-11-02/r1/index.html')));
  assert.match(readFileSync(join(place.dir, 'www/acme/index.html'), 'utf8'), /daily\/2026-11-02\/r1\/index\.html/);
  const first = JSON.parse(String(hook.asked[0]?.body));
  assert.deepEqual(first.edition, {
    client: 'acme',
    report: 'daily',
    period: '2026-11-02',
    revision: 1,
    as_of: '2026-11-03T05:00:00.000Z',
  });
  assert.match(first.answers[0].answer, /^2 findings were created/);
  const shell = { config: place.dir, debug: false, effects: { ...realEffects, now: () => firing + hour }, print: () => {} };
  assert.equal(await resend(shell, 'acme/daily/2026-11-02', { to: 'webhook tickets', reason: 'It was lost' }), 0);
  assert.equal(hook.asked.length, 2);
  assert.deepEqual(JSON.parse(String(hook.asked[1]?.body)).remarks, ['Resent: It was lost']);
  assert.notEqual(hook.asked[0]?.headers['idempotency-key'], hook.asked[1]?.headers['idempotency-key']);
  await assert.rejects(
    resend(shell, 'acme/daily/2026-11-02', { to: 'slack other', reason: 'x' }),
    /is not on acme's list; there are: boss@acme\.example, second@acme\.example, webhook tickets, folder web/,
  );
});
