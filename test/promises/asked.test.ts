import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { doctor } from '../../src/cli/doctor.ts';
import type { Place, Smtp } from '../../src/config/index.ts';
import { askPlace, askServer } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import { Secret } from '../../src/secret.ts';
import { certificate } from '../http-certificate.ts';
import { listening, place, said } from './places.ts';
import { sftpServer } from './sftp-server.ts';
import { scripted, type Script } from './smtp-script.ts';
import { smtp } from './mail-fixtures.ts';
import { world } from './world.ts';

const asked = async (to: Place) => {
  const { kind, reason } = await askPlace(to, realEffects);
  return `${kind}: ${reason}`;
};

const key = certificate({ name: 'server', hosts: ['127.0.0.1'] });

/** A file with the CA that vouches for `key`, or with another. */
function caFile(t: TestContext, cert = key.cert): string {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-asked-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'ca.pem'), cert);
  return join(dir, 'ca.pem');
}

test('a mail server is asked as far as its login, and gets nothing: TLS, certificate and password are told apart', async (t) => {
  const ca_file = caFile(t);
  const secrets = { password: new Secret('geheim', 'test') };
  const secured = { tls: 'starttls', ca_file, user: 'soc', secrets } as const;
  const cases: [Script, Partial<Smtp>, RegExp][] = [
    [{ tls: key, auth: '235 ok' }, secured, /^ready: answers with TLS, and takes soc's login$/],
    [{}, {}, /^ready: answers without TLS$/],
    [{ tls: key, auth: '535 5.7.8 no' }, secured, /^config-error: .*535/],
    [
      { tls: key, auth: '235 ok' },
      { ...secured, ca_file: caFile(t, certificate({ name: 'another', hosts: ['127.0.0.1'] }).cert) },
      /^config-error: .*certificate/,
    ],
    [{ auth: '235 ok' }, secured, /^config-error: /],
    [{ greeting: 'silence' }, {}, /^retry: /],
    [{ greeting: '421 busy' }, {}, /^retry: .*421/],
  ];
  for (const [script, settings, wanted] of cases) {
    const server = await scripted(t, script);
    const { kind, reason } = await askServer(smtp(server.port, settings), realEffects, { connect: 2000, greeting: 500, answer: 2000 });
    assert.match(`${kind}: ${reason}`, wanted, JSON.stringify(script));
    assert.ok(!server.commands.some((line) => /^(MAIL|RCPT|DATA)/i.test(line)), server.commands.join());
  }
  assert.match((await askServer(smtp(1), realEffects)).kind, /^retry$/, 'nobody is there');
});

test('an SFTP server is asked for its key, the login and the folder; nothing is left there', async (t) => {
  const { port, hostKey, files, done } = await sftpServer(t);
  const drop = (more: object, password = 'geheim') =>
    place(
      { channel: 'sftp', host: '127.0.0.1', port, user: 'soc', host_keys: [hostKey], directory: 'in', files: ['pdf'], ...more },
      { password },
    );
  assert.equal(await asked(drop({})), 'ready: 127.0.0.1 shows its host_key, takes the login and has in');
  assert.match(await asked(drop({ directory: 'elsewhere' })), /^config-error: there is no folder elsewhere on /);
  assert.match(await asked(drop({ directory: 'file' })), /^config-error: there is no folder file on /);
  assert.match(await asked(drop({}, 'falsch')), /^config-error: .* refuses the login$/);
  assert.match(await asked(drop({ host_keys: [`SHA256:${'a'.repeat(43)}`] })), /^config-error: .*, which is not its host_key/);
  assert.match(await asked(drop({ port: 1 })), /^retry: .*ECONNREFUSED/);
  assert.deepEqual([files.size, done], [0, []]);
});

test('a bucket is asked for one name: a missing bucket, unknown keys and keys that only write are told apart', async (t) => {
  const problem = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said</Message></Error>`;
  const cases: [Parameters<typeof listening>[1], RegExp][] = [
    [said(200, '<ListBucketResult/>'), /^ready: has soc-reports and knows the keys$/],
    [said(403, problem('AccessDenied')), /^ready: knows the keys, which may not list soc-reports/],
    [said(403, problem('SignatureDoesNotMatch')), /^config-error: answered 403: SignatureDoesNotMatch: said$/],
    [said(404, problem('NoSuchBucket')), /^config-error: answered 404: NoSuchBucket/],
    [said(503), /^retry: /],
    [(_request, _response, socket) => void socket.destroy(), /^retry: /],
  ];
  for (const [answer, wanted] of cases) {
    const { url, asked: requests } = await listening(t, answer);
    const given = { channel: 's3', endpoint: url, region: 'eu-central-1', bucket: 'soc-reports', prefix: 'acme/', files: ['pdf'] } as const;
    assert.match(await asked(place(given, { access_key_id: 'AKID', secret_access_key: 'geheim' })), wanted);
    assert.deepEqual(
      requests.map(({ method, url: path }) => `${method} ${path}`),
      ['GET /soc-reports?list-type=2&max-keys=1&prefix=acme%2F'],
    );
    assert.match(requests[0]?.headers.authorization ?? '', /^AWS4-HMAC-SHA256 Credential=AKID\//);
  }
});

test('a webhook is reached and its certificate verified; nothing is posted', async (t) => {
  let posted = 0;
  const server = createServer({ key: key.key, cert: key.cert }, (_request, response) => {
    posted++;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`; // it listens on a port
  const hook = (more: object) => place({ channel: 'webhook', url, ambiguous: 'hold', ...more }, { secret: 'geheim' });
  assert.equal(await asked(hook({ ca_file: caFile(t) })), 'ready: 127.0.0.1 answers with a certificate that holds; nothing was posted');
  assert.match(await asked(hook({})), /^config-error: 127\.0\.0\.1 shows a certificate nobody vouches for .*ca_file$/);
  assert.match(await asked(hook({ url: 'https://127.0.0.1:1/' })), /^retry: 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)$/);
  assert.match(await asked(place({ channel: 'slack' }, { url })), /^config-error: .*nobody vouches for/);
  assert.match(await asked(place({ channel: 'teams' }, {})), /^config-error: its url is no https address/);
  assert.equal(posted, 0);
});

test('a folder is asked whether its link can be turned', async (t) => {
  const dir = join(caFile(t), '..');
  mkdirSync(join(dir, 'full'));
  symlinkSync('.acme.1', join(dir, 'acme'));
  const folder = (path: string) => asked(place({ channel: 'folder', path: join(dir, path) }));
  assert.match(await folder('new/deep/acme'), /^ready: .* can be published$/);
  assert.match(await folder('acme'), /^ready: /);
  assert.match(await folder('full'), /^config-error: .*full is no link of ours/);
  if (process.getuid?.() === 0) return t.diagnostic('root may write anywhere: a locked folder was not tried');
  mkdirSync(join(dir, 'locked'));
  chmodSync(join(dir, 'locked'), 0o500);
  assert.match(await folder('locked/acme'), /^config-error: .* cannot be published: EACCES/);
});

test('doctor asks the mail server and each place once, and says what to do; offline it asks nobody', async (t) => {
  const server = await scripted(t, {});
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write them into YAML.
  const more = '{ folder: web, path: www/acme }, { webhook: hook, url: "http://127.0.0.1:1/", secret: "${env:MISSING}" }';
  const entry = (id: string) => `  - { report: ${id}, schedule: "0 6 * * *", recipients: [{ to: boss@acme.example }, ${more}] }\n`;
  const { dir } = world(t, server.port, entry('daily') + entry('strict'));
  const said: string[] = [];
  const shell = { config: dir, debug: false, effects: realEffects, print: (text: string) => void said.push(text) };
  assert.equal(await doctor(shell, {}), 3);
  const about = (words: string) => said.filter((line) => line.includes(words));
  assert.deepEqual(about('mail server'), [`ok    mail server 127.0.0.1:${server.port}: answers without TLS`]);
  assert.deepEqual(about("acme's folder"), [`ok    acme's folder web: ${join(dir, 'www/acme')} can be published`]);
  assert.equal(about("acme's webhook").length, 1);
  assert.match(about("acme's webhook")[0] ?? '', /^WRONG .*MISSING.*deliveries would be held; see it in clients\/acme\.yaml$/);
  server.commands.length = said.length = 0;
  await doctor(shell, { offline: true });
  assert.deepEqual([server.commands, about('mail server')], [[], []]);
});
