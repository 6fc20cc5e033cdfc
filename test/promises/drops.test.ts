import assert from 'node:assert/strict';
import { createHash, createHmac, hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Place } from '../../src/config/index.ts';
import { deliverOutbox } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import type { Store } from '../../src/store/index.ts';
import { sftpServer, type Whim } from './sftp-server.ts';
import { edition, listening, queuedFor, type Request, said, place } from './places.ts';

const now = Date.parse('2026-11-01T06:00:00Z');
const send = (store: Store, to: Place, at = now) => deliverOutbox(store.ledger, { place: () => to }, { ...realEffects, now: () => at });
const told = ({ ledger }: Store) => `${ledger.deliveries()[0]?.state}: ${ledger.deliveries()[0]?.reason ?? ''}`;

async function dropTo(t: TestContext, whim: Whim = {}, more: object = {}, secrets = { password: 'geheim' }) {
  const { files } = edition(t);
  const server = await sftpServer(t, whim);
  const given = { host: '127.0.0.1', port: server.port, user: 'soc', host_keys: [server.hostKey], directory: 'in', files: ['pdf', 'csv'] };
  const to = place({ channel: 'sftp', ...given, ...more }, secrets);
  return { server, to, files, store: await queuedFor(t, to, { files }) };
}

test('SFTP: files come whole, under a temporary name first, the manifest last; a repetition replaces them by the same', async (t) => {
  const { server, to, files, store } = await dropTo(t);
  await send(store, to);
  assert.equal(told(store), 'sent: 3 files acme-monthly-2026-10-r1.* in in');
  const names = ['report.pdf', 'findings.csv', 'manifest.json'].map((name) => `in/acme-monthly-2026-10-r1.${name}`);
  assert.deepEqual([...server.files.keys()], names);
  for (const [index, name] of ['report.pdf', 'findings.csv', 'manifest.json'].entries()) {
    const wanted = readFileSync(files.find((file) => file.name === name)?.path ?? '');
    assert.ok(server.files.get(names[index] ?? '')?.equals(wanted), name);
  }
  assert.ok(server.done.filter((step) => step.startsWith('open')).every((step) => step.endsWith('.part')));
  const again = await queuedFor(t, to, { files });
  await send(again, to);
  assert.match(told(again), /^sent: /);
  assert.deepEqual([...server.files.keys()].sort(), names.toSorted());
});

test('SFTP: a server that shows another key gets nothing, not even the password', async (t) => {
  const { server, to, store } = await dropTo(t, {}, { host_keys: [`SHA256:${'a'.repeat(43)}`] });
  await send(store, to);
  assert.equal(
    told(store),
    `held: the sftp settings do not work: 127.0.0.1:${server.port} shows the key ${server.hostKey}, which is not its host_key; nothing was sent`,
  );
  assert.deepEqual(server.done, []);
});

const sftpFaults: [string, Whim, object, { password: string }, RegExp][] = [
  ['a wrong password', {}, {}, { password: 'falsch' }, /^held: .* refuses the login$/],
  ['nobody there', {}, { port: 1 }, { password: 'geheim' }, /^queued: 127\.0\.0\.1:1: .*ECONNREFUSED/],
  [
    'no such folder',
    { refuse: (operation) => (operation === 'open' ? 2 : undefined) },
    {},
    { password: 'geheim' },
    /^held: .*there is no folder in on/,
  ],
  [
    'not allowed',
    { refuse: (operation) => (operation === 'open' ? 3 : undefined) },
    {},
    { password: 'geheim' },
    /^held: .*does not let this user write/,
  ],
  ['a full disk', { refuse: (operation) => (operation === 'open' ? 4 : undefined) }, {}, { password: 'geheim' }, /^queued: /],
  ['cut off while writing', { cut: 'write' }, {}, { password: 'geheim' }, /^queued: /],
  ['cut off before the rename', { cut: 'rename' }, {}, { password: 'geheim' }, /^queued: /],
];

test(`SFTP: each fault is in its class, and nothing is left under a last name (${sftpFaults.length} faults)`, async (t) => {
  for (const [name, whim, more, secrets, wanted] of sftpFaults) {
    const { server, to, store } = await dropTo(t, whim, more, secrets);
    await send(store, to);
    assert.match(told(store), wanted, name);
    assert.deepEqual(
      [...server.files.keys()].filter((path) => !path.endsWith('.part')),
      [],
      name,
    );
    assert.doesNotMatch(told(store), /geheim|falsch/);
  }
});

test('SFTP: interrupted, it is sent again and arrives once', async (t) => {
  const whim: Whim = { cut: 'rename' };
  const { server, to, store } = await dropTo(t, whim);
  await send(store, to);
  assert.match(told(store), /^queued: /);
  delete whim.cut;
  store.ledger.claim(store.ledger.deliveries()[0]?.id ?? 0, now + 3_600_000);
  store.ledger.recover({ who: 'test', at: now + 3_600_000 }); // as after a crash in the middle
  await send(store, to, now + 3_600_000);
  assert.match(told(store), /^sent: /);
  assert.equal(server.files.size, 3);
});

const keys = { access_key_id: 'AKID', secret_access_key: 'geheim' };
const bucket = (endpoint: string, more: object = {}) =>
  place(
    {
      channel: 's3',
      endpoint,
      region: 'eu-central-1',
      bucket: 'soc-reports',
      prefix: 'acme/',
      files: ['html', 'pdf', 'csv', 'json'],
      ...more,
    },
    keys,
  );

test('S3: each file is put under its key, signed so that another implementation agrees, the manifest last', async (t) => {
  const { files } = edition(t);
  const server = await listening(t, (request, response) => said(isSigned(request) ? 200 : 403, '')(request, response));
  const to = bucket(server.url);
  const store = await queuedFor(t, to, { files });
  await send(store, to);
  assert.equal(told(store), 'sent: 5 files under soc-reports/acme/monthly/2026-10/r1/');
  assert.deepEqual(
    server.asked.map(({ method, url }) => `${method} ${url}`),
    ['index.html', 'report.pdf', 'findings.csv', 'report.json', 'manifest.json'].map(
      (name) => `PUT /soc-reports/acme/monthly/2026-10/r1/${name}`,
    ),
  );
  for (const [index, { body, headers }] of server.asked.entries()) {
    assert.equal(hash('sha256', body), files[index]?.sha256);
    assert.equal(headers['x-amz-date'], '20261101T060000Z');
  }
  const wrong = await queuedFor(t, to, { files });
  await send(
    wrong,
    bucket(server.url, { secret: (key: string) => (key === 'access_key_id' ? to.secret(key) : to.secret('access_key_id')) }),
  );
  assert.match(told(wrong), /^held: the s3 settings do not work: index\.html: answered 403$/);
});

test('S3: faults are in their classes; what may have been taken is put again, for it is the same', async (t) => {
  const error = '<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>The bucket\nis not there</Message></Error>';
  const cases: [Parameters<typeof listening>[1], RegExp][] = [
    [said(404, error), /^held: .*index\.html: answered 404: NoSuchBucket: The bucket is not there$/],
    [said(503, '<Error><Code>SlowDown</Code></Error>'), /^queued: index\.html: answered 503: SlowDown$/],
    [said(504), /^queued: /],
    [said(400), /^failed: /],
    [(_request, _response, socket) => void socket.destroy(), /^queued: index\.html: /],
  ];
  for (const [answer, wanted] of cases) {
    const server = await listening(t, answer);
    const store = await queuedFor(t, bucket(server.url), { files: edition(t).files });
    await send(store, bucket(server.url));
    assert.match(told(store), wanted);
  }
});

/** AWS Signature Version 4, written for this test alone from its public description. */
function isSigned({ method, url, headers, body }: Request): boolean {
  const given =
    /^AWS4-HMAC-SHA256 Credential=AKID\/(\d{8})\/eu-central-1\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  const [, day = '', names = '', signature] = given ?? [];
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.split(';').includes(name))) return false;
  const bodyHash = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== bodyHash) return false;
  const lines = names.split(';').map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, ' ')}\n`);
  const canonical = [method, url, '', lines.join(''), names, bodyHash].join('\n');
  const scope = `${day}/eu-central-1/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = ['eu-central-1', 's3', 'aws4_request'].reduce<Buffer>((last, part) => mac(last, part), mac('AWS4geheim', day));
  return mac(key, toSign).toString('hex') === signature;
}

test('D3 a file that was changed on the disk goes nowhere', async (t) => {
  for (const channel of ['s3', 'sftp', 'folder'] as const) {
    const { files, archive } = edition(t);
    const server = await listening(t, said(200));
    const drop = await sftpServer(t);
    const to = {
      s3: bucket(server.url),
      sftp: place(
        { channel: 'sftp', host: '127.0.0.1', port: drop.port, user: 'soc', host_keys: [drop.hostKey], directory: 'in', files: ['pdf'] },
        { password: 'geheim' },
      ),
      folder: place({ channel: 'folder', path: join(dirname(dirname(archive)), 'www') }),
    }[channel];
    const store = await queuedFor(t, to, { files });
    writeFileSync(files[1]?.path ?? '', 'changed');
    await send(store, to);
    assert.match(told(store), /^failed: .*report\.pdf is not what was issued; nothing more is sent$/, channel);
    assert.deepEqual([...drop.files.keys()], []);
  }
});
