// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { X509Certificate } from 'node:crypto';
import { withSource } from '../../src/config/index.ts';
import { vendorNames } from '../../src/vendors/index.ts';
import { certificate } from '../http-certificate.ts';
import { serve } from '../http-loopback.ts';
import type { World } from '../worlds/world.ts';
import thehive from '../worlds/thehive.ts';
import { items } from '../vendors/scenario.ts';
import { add, asFlags, original, place } from './desk.ts';

const worlds = vendorNames.filter((name) => existsSync(join(import.meta.dirname, `../worlds/${name}.ts`)) && name !== 'file');

for (const name of worlds) {
  test(`${name}: added by flags, tried live, and nothing else in the file is touched`, async (t) => {
    const at = await place(t);
    const { default: world }: { default: World } = await import(`../worlds/${name}.ts`);
    const running = await world.start(items(3), {});
    t.after(() => running.close());
    const { set, env } = await asFlags(running.settings, at.dir);
    const { code, said } = await add(at, 'new-one', { vendor: name, set }, env);
    assert.equal(code, 0, said);
    assert.match(said, /^ok .*\nadded acme\/new-one/s);
    const text = await at.text();
    const from = text.indexOf('  new-one:');
    assert.equal(text.slice(0, from) + text.slice(from + text.length - original.length), original);
    for (const secret of Object.values(env)) assert.ok(secret.length < 4 || !text.includes(secret), 'a secret stands in the file');
  });
}

test('a source that refuses is not written, and its permissions are said; --untested writes it all the same', async (t) => {
  const at = await place(t);
  const running = await thehive.start(items(1), {});
  t.after(() => running.close());
  const { set } = await asFlags(running.settings, at.dir);
  const refused = await add(at, 'desk', { vendor: 'thehive', set }, { NEW_API_KEY: 'wrong-key' });
  assert.equal(refused.code, 3);
  assert.match(refused.said, /401.*it needs: an account of the organisation.*nothing was written/s);
  assert.doesNotMatch(refused.said, /wrong-key/);
  assert.equal(await at.text(), original);
  const untested = await add(at, 'desk', { vendor: 'thehive', set, untested: true });
  assert.equal(untested.code, 0);
  assert.match(untested.said, /to be set before it is collected: .*NEW_API_KEY is not set/);
});

test('what cannot be meant is refused before anything is asked, without repeating a secret', async (t) => {
  const at = await place(t);
  const base = 'base_url=https://desk.example';
  const wrong: [Parameters<typeof add>[2], RegExp][] = [
    [{ vendor: 'thehiv' }, /no vendor "thehiv"; did you mean "thehive"/],
    [{}, /--vendor is missing/],
    [{ vendor: 'thehive', set: ['api_key=geheim123'] }, /api_key is a secret: write where it is.*never the value itself/],
    [{ vendor: 'thehive', set: ['geheim123'] }, /--set takes key=value/],
    [{ vendor: 'thehive', set: [base, 'apikey=x'] }, /no setting "apikey"; did you mean "api_key"/],
    [{ vendor: 'thehive', set: [base] }, /needs api_key: give each as --set/],
    [{ vendor: 'servicenow', set: [] }, /needs auth/],
    [{ vendor: 'servicenow', set: ['auth=oauth'] }, /needs client_id, client_secret, base_url/],
    [{ vendor: 'thehive', set: ['base_url=http://desk.example', 'api_key=${env:A}'] }, /sources\.new\.base_url: must be https/],
    [{ vendor: 'thehive', set: [base, 'api_key=${env:A}', 'page_size=9000'] }, /page_size: is 9000, but must be at most 500/],
    [{ vendor: 'thehive', set: [base, 'api_key=${env:A}'], as: 'alerts' }, /--as has no place/],
  ];
  for (const [flags, message] of wrong) {
    const error = await add(at, 'new', flags, { A: 'a-secret' }).then(
      ({ said }) => new Error(`it was taken: ${said}`),
      (cause: unknown) => cause,
    );
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /geheim123|a-secret/);
  }
  await assert.rejects(add(at, 'siem', { vendor: 'thehive' }), /has a source "siem" already/);
  assert.equal(await at.text(), original);
});

test('a client that says what is the record for what gets the new source into the right list', async (t) => {
  const text = original
    .replace('# what they get\n', 'records: { cases: siem2, alerts: [siem] }  # believed\n')
    .replace('  siem:\n', '  siem2: { vendor: jira, base_url: https://a.example, user: a, api_token: "${env:T}", jql: a }\n  siem:\n');
  const at = await place(t, text);
  const set = ['base_url=https://b.example', 'user=a', 'api_token=${env:T}', 'jql=project = SOC'];
  await assert.rejects(add(at, 'desk', { vendor: 'jira', set, untested: true }), /give --as cases or --as alerts/);
  assert.equal((await add(at, 'desk', { vendor: 'jira', set, as: 'cases', untested: true })).code, 0);
  assert.match(await at.text(), /^records: \{ cases: \[siem2, desk\], alerts: \[siem\] \} {2}# believed$/m);
  const edr = ['base_url=https://c.example', 'api_token=${env:T}'];
  assert.equal((await add(at, 'edr', { vendor: 'sentinelone', set: edr, untested: true })).code, 0);
  assert.match(await at.text(), /alerts: \[siem, edr\] \}/);
});

test('a private certificate is shown, and kept as ca_file only for its own fingerprint', async (t) => {
  const at = await place(t);
  const running = await thehive.start(items(1), {});
  t.after(() => running.close());
  const own = certificate({ name: 'desk\nof Acme', hosts: ['127.0.0.1'] });
  const url = await serve(
    t,
    (asked, answer) => {
      const inner = request(`${running.settings.base_url}${asked.url}`, { method: asked.method, headers: asked.headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      });
      asked.pipe(inner);
    },
    own,
  );
  const { set, env } = await asFlags({ ...running.settings, base_url: url }, at.dir);
  const { fingerprint256 } = new X509Certificate(own.cert);
  const shown = await add(at, 'desk', { vendor: 'thehive', set }, env);
  assert.equal(shown.code, 3);
  assert.match(shown.said, /subject +CN=desk.*issuer +CN=desk.*valid +2020-01-01 to 2099-12-31.*SHA-256/s);
  assert.ok(shown.said.includes(`--trust ${fingerprint256}`));
  assert.match(
    (await add(at, 'desk', { vendor: 'thehive', set, trust: fingerprint256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }, env))
      .said,
    /is not the fingerprint/,
  );
  assert.equal(await at.text(), original);
  const kept = await add(at, 'desk', { vendor: 'thehive', set, trust: fingerprint256.toLowerCase() }, env);
  assert.equal(kept.code, 0, kept.said);
  assert.match(await at.text(), /^ {4}ca_file: certificates\/acme-desk\.pem$/m);
  assert.equal(readFileSync(join(at.dir, 'certificates/acme-desk.pem'), 'utf8').replaceAll(/\s/g, ''), own.cert.replaceAll(/\s/g, ''));
});

test('on a terminal it asks for what is missing only, and suggests where a secret may stand', async (t) => {
  const at = await place(t);
  const running = await thehive.start(items(1), {});
  t.after(() => running.close());
  const asked: string[] = [];
  const answers: Record<string, string> = { product: 'thehive', base_url: String(running.settings.base_url) };
  const ask = async ({ text, suggestion }: { text: string; suggestion?: string }) => {
    asked.push(text);
    return suggestion ?? answers[text.split(' ')[0] ?? ''] ?? '';
  };
  const { code, said } = await add(at, 'desk', {}, { ACME_DESK_API_KEY: 'loopback-token' }, ask);
  assert.equal(code, 0, said);
  assert.deepEqual(
    asked.map((text) => text.split(/[ ,]/)[0]),
    ['product', 'base_url', 'api_key'],
  );
  assert.match(await at.text(), /api_key: \$\{env:ACME_DESK_API_KEY\}/);
});

test('files written in other ways are added to all the same, comments included', () => {
  const source = { id: 'edr', settings: { vendor: 'x', base_url: 'https://a: b', list: ['a'] } };
  const cases = [
    'name: A\nsources: { siem: { vendor: q } } # one\nreports: []\n',
    'sources:\n    siem:\n        vendor: q',
    'sources:\n  siem:\n    vendor: q # last\n    columns:\n      id: Id\n\n\n# end\n',
    'sources: {}\n',
    'sources:\r\n  siem:\r\n    vendor: q\r\n',
  ];
  for (const text of cases) {
    const changed = withSource(text, source);
    for (const comment of text.match(/#.*/g) ?? []) assert.ok(changed.includes(comment), changed);
    assert.match(changed, /base_url: "?https:\/\/a: b"?/);
    if (!text.includes('{')) assert.ok(changed.startsWith(text.trimEnd().slice(0, 20)), changed);
  }
});

test('the file keeps its place and nothing half-written is left beside it', async (t) => {
  const at = await place(t);
  const before = statSync(at.file).ino;
  await add(at, 'desk', { vendor: 'thehive', set: ['base_url=https://a.example', 'api_key=${env:T}'], untested: true });
  assert.notEqual(statSync(at.file).ino, before); // renamed into place
  assert.deepEqual(readFileSync(at.file, 'utf8').includes('desk:'), true);
});
