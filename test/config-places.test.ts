// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realEffects } from '../src/effects.ts';
import { good, load, problems } from './config-files.ts';

const client = (recipients: string) => ({
  'clients/acme.yaml': `${good['clients/acme.yaml']?.replace('reports: [monthly]\n', '')}reports:\n  - report: monthly\n    schedule: "0 6 1 * *"\n    recipients:\n${recipients}`,
});
const key = `SHA256:${'a'.repeat(43)}`;
const all = `      - { webhook: tickets, url: "https://tickets.example/hook", secret: "\${env:TOKEN}" }
      - { slack: soc, url: "\${env:TOKEN}", locale: de-DE }
      - { teams: soc, url: "\${env:TOKEN}" }
      - { sftp: drop, host: sftp.example, user: soc, password: "\${env:TOKEN}", host_key: "${key}", directory: in, files: [pdf, csv] }
      - { s3: store, endpoint: "https://s3.example/", bucket: soc-reports, access_key_id: "\${env:TOKEN}", secret_access_key: "\${env:TOKEN}" }
      - { folder: web, path: ../www/acme }
`;

test('an edition can go to a webhook, Slack, Teams, SFTP, S3 and a served folder, by names and with secrets by reference', async (t) => {
  const config = await load(t, client(all));
  const [scheduled] = config.clients.get('acme')?.scheduled ?? [];
  assert.deepEqual(scheduled?.recipients, []);
  assert.deepEqual(
    scheduled?.places.map(({ channel, name, locale }) => `${channel} ${name} ${locale}`),
    ['webhook tickets en-GB', 'slack soc de-DE', 'teams soc en-GB', 'sftp drop en-GB', 's3 store en-GB', 'folder web en-GB'],
  );
  const [hook, , , drop, store, web] = scheduled?.places ?? [];
  assert.equal(hook?.secret('secret')?.reveal(), 'geheim-123');
  assert.ok(drop?.channel === 'sftp' && store?.channel === 's3' && web?.channel === 'folder');
  assert.deepEqual([drop.port, drop.directory, drop.host_keys, drop.files], [22, 'in', [key], ['pdf', 'csv']]);
  assert.deepEqual([store.endpoint, store.prefix, store.region], ['https://s3.example', 'acme/', 'us-east-1']);
  assert.ok(web.path.endsWith('/www/acme') && web.path.startsWith('/'));
  assert.doesNotMatch(JSON.stringify(scheduled), /geheim/);
});

test('a missing secret is told when something is delivered, not before', async (t) => {
  const config = await load(t, client(all), { ...realEffects, env: {} });
  const [hook] = config.clients.get('acme')?.scheduled[0]?.places ?? [];
  assert.throws(() => hook?.secret('secret'), /reports\.0\.recipients\.0\.secret: the environment variable TOKEN is not set/);
});

const at = 'clients/acme.yaml:12: reports.0.recipients.0';
const wrong: [string, string][] = [
  [
    '{ webhok: a, url: "https://x.example" }',
    `${at}: is no recipient; it starts with one of to, webhook, slack, teams, sftp, s3, folder; did you mean "webhook"?`,
  ],
  ['{ slack: a, teams: b }', `${at}: is several at once: slack, teams`],
  [
    '{ webhook: a, url: "http://x.example/", secret: "${env:TOKEN}" }',
    `${at}.url: is no address to deliver to; write https://… without a user and password`,
  ],
  [
    '{ webhook: a, url: "https://u:p@x.example/", secret: "${env:TOKEN}" }',
    `${at}.url: is no address to deliver to; write https://… without a user and password`,
  ],
  [
    '{ webhook: a, url: "https://x.example/", secret: plain }',
    `${at}.secret: must be a reference, \${env:NAME} or \${file:PATH}, never the value itself`,
  ],
  ['{ webhook: a, url: "https://x.example/", secrt: "${env:TOKEN}" }', `${at}.secrt: unknown key; did you mean "secret"?`],
  [
    '{ webhook: A B, url: "https://x.example/", secret: "${env:TOKEN}" }',
    `${at}.webhook: an id has small letters, digits and hyphens, at most 63, and starts with a letter or digit`,
  ],
  [
    '{ slack: a, url: "https://hooks.slack.com/services/T/B/x" }',
    `${at}.url: must be a reference, \${env:NAME} or \${file:PATH}, never the value itself`,
  ],
  [
    '{ sftp: a, host: h, user: u, host_key: "SHA256:x", password: "${env:TOKEN}" }',
    `${at}.host_key: a host key is written as ssh-keygen -lf shows it: SHA256: and 43 characters`,
  ],
  [`{ sftp: a, host: h, user: u, host_key: "${key}" }`, `${at}.private_key: is missing; give private_key or password`],
  ['{ sftp: a, host: h, user: u, password: "${env:TOKEN}" }', `${at}.host_key: is missing`],
  [
    `{ sftp: a, host: "\${env:TOKEN}", user: u, host_key: "${key}", password: "\${env:TOKEN}" }`,
    `${at}.host: a reference stands only for a secret`,
  ],
  [
    '{ s3: a, endpoint: "https://s3.example", bucket: "B", access_key_id: "${env:TOKEN}", secret_access_key: "${env:TOKEN}" }',
    `${at}.bucket: is no name of a bucket`,
  ],
  [
    '{ s3: a, endpoint: "https://s3.example", bucket: bbb, prefix: "../globex/", access_key_id: "${env:TOKEN}", secret_access_key: "${env:TOKEN}" }',
    `${at}.prefix: has letters, digits and . _ - / only, and does not start with /`,
  ],
];

test('what can not be meant is told with its key at load', async (t) => {
  for (const [entry, message] of wrong) {
    const told = await problems(t, client(`      - ${entry}\n`));
    assert.ok(told.includes(message), `${entry}\n  gave ${told.join('\n  and  ')}`);
  }
  const twice = '      - { folder: a, path: x }\n      - { folder: a, path: y }\n';
  assert.deepEqual(await problems(t, client(twice)), ['clients/acme.yaml:13: reports.0.recipients.1.folder: "a" stands here twice']);
});
