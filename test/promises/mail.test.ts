import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { composeMail, deliverMail } from '../../src/deliver/index.ts';
import { sendBytes } from '../../src/deliver/smtp.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { Secret } from '../../src/secret.ts';
import type { Store } from '../../src/store/index.ts';
import { certificate } from '../http-certificate.ts';
import { letter, queued, smtp } from './mail-fixtures.ts';
import { type Script, scripted } from './smtp-script.ts';

const short = { connect: 400, greeting: 400, answer: 400 };
const states = (store: Store) => store.ledger.deliveries().map(({ recipient, state }) => `${recipient.split('@')[0]} ${state}`);
const clock = (start: number): Effects & { set(at: number): void } => {
  let now = start;
  return {
    ...realEffects,
    now: () => now,
    set(at) {
      now = at;
    },
  };
};
const key = certificate({ name: 'mail', hosts: ['127.0.0.1'] });
const big = Buffer.alloc(24_000_000, `${'x'.repeat(70)}\r\n`);

/** Every way in which a server can fail, and what it means for the mail. */
const faults: [string, Script, string, Buffer?][] = [
  ['no greeting', { greeting: 'silence' }, 'retry'],
  ['421 greeting', { greeting: '421 busy' }, 'retry'],
  ['554 greeting', { greeting: '554 not you' }, 'retry'],
  ['drop at EHLO', { ehlo: 'drop' }, 'retry'],
  ['drop at STARTTLS', { tls: key, starttls: 'drop' }, 'retry'],
  ['drop at AUTH', { auth: 'drop' }, 'retry'],
  ['drop at MAIL', { mail: 'drop' }, 'retry'],
  ['drop at RCPT', { rcpt: 'drop' }, 'retry'],
  ['drop at DATA', { data: 'drop' }, 'retry'],
  ['454 at AUTH', { auth: '454 later' }, 'retry'],
  ['535 at AUTH', { auth: '535 wrong' }, 'config-error'],
  ['530 at MAIL', { mail: '530 log in first' }, 'config-error'],
  ['451 at MAIL', { mail: '451 later' }, 'retry'],
  ['452 at MAIL', { mail: '452 full' }, 'retry'],
  ['552 at MAIL', { mail: '552 too big' }, 'too-large'],
  ['450 at RCPT', { rcpt: '450 greylisted' }, 'retry'],
  ['550 at RCPT', { rcpt: '550 no such user' }, 'permanent'],
  ['552 at RCPT', { rcpt: '552 mailbox full' }, 'permanent'],
  ['drop in the middle of the message', { cut: 100_000, ehlo: '250 scripted' }, 'retry', big],
  ['drop at the dot', { dot: 'drop' }, 'unknown'],
  ['250 lost after the dot', { dot: 'silence' }, 'unknown'],
  ['421 after the dot', { dot: '421 closing' }, 'retry'],
  ['451 after the dot', { dot: '451 later' }, 'retry'],
  ['552 after the dot', { dot: '552 too big' }, 'too-large'],
  ['554 after the dot', { dot: '554 spam' }, 'permanent'],
  ['garbage after the dot', { dot: 'what?' }, 'unknown'],
  ['garbage at MAIL', { mail: 'what?' }, 'retry'],
  ['a login that works', { auth: '235 ok' }, 'sent'],
  ['answers byte by byte', { slowly: true }, 'sent'],
  ['STARTTLS taken away', {}, 'config-error'],
  ['a certificate nobody vouches for', { tls: key }, 'config-error'],
];

test(`M4 every SMTP failure is classified (${faults.length + 1} faults)`, async (t) => {
  const { body } = await composeMail(letter(), smtp(0));
  const got: string[] = [];
  for (const [name, script, , message] of faults) {
    const server = await scripted(t, script);
    const tls = /STARTTLS|certificate/.test(name) ? 'starttls' : 'none';
    const login = script.auth === undefined ? {} : { user: 'soc', secrets: { password: new Secret('geheim', 'x') } };
    const { kind } = await sendBytes(
      smtp(server.port, { tls, ...login }),
      { to: 'a@acme.example', body: message ?? body, mark() {} },
      realEffects,
      short,
    );
    got.push(`${name}: ${kind}`);
  }
  assert.deepEqual(
    got,
    faults.map(([name, , kind]) => `${name}: ${kind}`),
  );
  const closed = await scripted(t, { greeting: 'drop' });
  assert.equal((await sendBytes(smtp(closed.port), { to: 'a@acme.example', body, mark() {} }, realEffects, short)).kind, 'retry');
  assert.equal((await sendBytes(smtp(1), { to: 'a@acme.example', body, mark() {} }, realEffects, short)).kind, 'retry');
});

test('M2 a retry is the same message, byte by byte', async (t) => {
  const answers = ['451 later', '421 busy', '250 ok'];
  const server = await scripted(t, { dot: () => answers.shift() ?? '250 ok' });
  const store = await queued(t, ['a@acme.example']);
  const effects = clock(0);
  for (const hour of [0, 1, 2, 3]) {
    effects.set(hour * 3_600_000);
    await deliverMail(store.ledger, smtp(server.port), effects, short);
  }
  const hashes = server.arrived.map(({ data }) => createHash('sha256').update(data).digest('hex'));
  assert.equal(hashes.length, 3);
  assert.equal(new Set(hashes).size, 1);
  assert.deepEqual(states(store), ['a sent']);
  const twice = await Promise.all([composeMail(letter(), smtp(0)), composeMail(letter(), smtp(0))]);
  assert.ok(twice[0].body.equals(twice[1].body));
});

test('M3 each recipient has its own fate, and none sees another', async (t) => {
  let tries = 0;
  const server = await scripted(t, {
    rcpt: (to) => (to.startsWith('b') ? '550 no such user' : to.startsWith('c') && tries++ === 0 ? '451 later' : '250 ok'),
  });
  const store = await queued(t, ['a@acme.example', 'b@acme.example', 'c@acme.example']);
  const effects = clock(0);
  await deliverMail(store.ledger, smtp(server.port), effects, short);
  assert.deepEqual(states(store), ['a sent', 'b failed', 'c queued']);
  effects.set(3_600_000);
  await deliverMail(store.ledger, smtp(server.port), effects, short);
  assert.deepEqual(states(store), ['a sent', 'b failed', 'c sent']);
  assert.deepEqual(
    server.arrived.map(({ to }) => to),
    ['a@acme.example', 'c@acme.example'],
  );
  for (const { to, data } of server.arrived) {
    const others = ['a@acme', 'b@acme', 'c@acme'].filter((name) => !to.startsWith(name));
    for (const other of others) assert.ok(!data.includes(other));
  }
  assert.ok(store.ledger.audit().some(({ what, subject }) => what === 'failed' && subject.includes('b@acme.example')));
});

test('M5 patience at the dot: nine of ten minutes (scaled 1:600) and the mail goes once', async (t) => {
  const server = await scripted(t, { patience: 900 });
  const store = await queued(t, ['a@acme.example']);
  await deliverMail(store.ledger, smtp(server.port), realEffects, { connect: 400, greeting: 400, answer: 1_000 });
  assert.deepEqual(states(store), ['a sent']);
  assert.equal(server.arrived.length, 1);
});

test('M6 size never blocks a report: a link goes instead, before any DATA where the server says its limit', async (t) => {
  const small = Buffer.from('Subject: link\r\n\r\nlink\r\n');
  const told = await scripted(t, {});
  const one = await queued(t, ['a@acme.example'], big, small);
  await deliverMail(one.ledger, smtp(told.port), realEffects, short);
  assert.equal(told.commands.filter((line) => line === 'DATA').length, 1);
  const untold = await scripted(t, {
    ehlo: '250 scripted',
    dot: (() => {
      let first = true;
      return () => {
        const line = first ? '552 too big' : '250 ok';
        first = false;
        return line;
      };
    })(),
  });
  const two = await queued(t, ['a@acme.example'], Buffer.from('Subject: whole\r\n\r\nwhole\r\n'), small);
  await deliverMail(two.ledger, smtp(untold.port), realEffects, short);
  for (const [server, store] of [
    [told, one],
    [untold, two],
  ] as const) {
    assert.match(String(server.arrived.at(-1)?.data), /Subject: link/);
    assert.deepEqual(
      store.ledger.deliveries().map(({ state, degraded }) => ({ state, degraded })),
      [{ state: 'sent', degraded: true }],
    );
  }
  assert.equal(untold.arrived.length, 2);
});

test('M7 no plaintext, no unverified TLS; with the private CA it is sent', async (t) => {
  const { body } = await composeMail(letter(), smtp(0));
  const send = async (port: number, effects: Effects, more = {}) =>
    (await sendBytes(smtp(port, { tls: 'starttls', ...more }), { to: 'a@acme.example', body, mark() {} }, effects, short)).kind;
  const stripped = await scripted(t, {});
  assert.equal(await send(stripped.port, realEffects), 'config-error');
  const server = await scripted(t, { tls: key });
  assert.equal(await send(server.port, realEffects), 'config-error');
  assert.equal(stripped.arrived.length + server.arrived.length, 0);
  assert.ok(!stripped.commands.some((line) => line.startsWith('MAIL')));
  const withCa = { ...realEffects, readFile: async () => Buffer.from(key.cert) };
  assert.equal(await send(server.port, withCa, { ca_file: 'ca.pem' }), 'sent');
});
