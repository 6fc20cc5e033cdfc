// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type Config, ConfigError, loadConfig, secretProblems } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { good, load, problems, write } from './config-files.ts';

function settingsOf(config: Config): unknown {
  return config.clients.get('acme')?.sources.get('siem')?.settings;
}

test('a secret is never written into the file, and never prints itself', async (t) => {
  const literal = good['clients/acme.yaml']?.replace('${env:TOKEN}', 'abc-123') ?? '';
  assert.deepEqual(await problems(t, { 'clients/acme.yaml': literal }), [
    'clients/acme.yaml:7: sources.siem.token: must be a reference, ${env:NAME} or ${file:PATH}, never the value itself',
  ]);
  const config = await load(t);
  const settings = settingsOf(config);
  assert.ok(typeof settings === 'object' && settings !== null && 'token' in settings);
  assert.equal(`${settings.token}`, '[secret]');
  assert.ok(!inspect(settings, { depth: 9, showHidden: true, getters: true }).includes('geheim'));
  assert.ok(!JSON.stringify(settings).includes('geheim'));
});

test('a reference inside a longer text, or outside a source, is not taken for text', async (t) => {
  const file = good['clients/acme.yaml']?.replace('console.example', '${env:HOST}').replace('name: Acme', 'name: ${env:NAME}') ?? '';
  assert.deepEqual(await problems(t, { 'clients/acme.yaml': file }), [
    "clients/acme.yaml:1: name: a reference stands only in a source's settings or for a recipient's secret, and for the whole value",
    "clients/acme.yaml:6: sources.siem.base_url: a reference stands only in a source's settings or for a recipient's secret, and for the whole value",
    'clients/acme.yaml:6: sources.siem.base_url: is no URL; write one like https://console.example',
  ]);
});

test('what a source refers to and is missing is told when it is needed, not before', async (t) => {
  const file =
    good['clients/acme.yaml']?.replace('https://console.example/api', '${env:URL}').replace('${env:TOKEN}', '${file:token}') ?? '';
  const dir = await write(t, { 'clients/acme.yaml': file });
  const config = await loadConfig(dir, { ...realEffects, env: { URL: '' } });
  const place = join(dir, 'clients/acme.yaml');
  const expected = [
    `${place}:6: sources.siem.base_url: the environment variable URL is empty`,
    `${place}:7: sources.siem.token: the file ${join(dir, 'token')} does not exist`,
  ];
  assert.deepEqual(secretProblems(config), expected);
  assert.throws(
    () => settingsOf(config),
    (error: unknown) => error instanceof ConfigError && error.message === expected.join('\n'),
  );
  const unset = await loadConfig(dir, { ...realEffects, env: {} });
  assert.match(
    secretProblems(unset)[0] ?? '',
    /:6: sources\.siem\.base_url: the environment variable URL is not set; set it before starting soc-kpi$/,
  );
});

test('secret files: others may not read them, the last line break does not count', async (t) => {
  const file =
    good['clients/acme.yaml']?.replace('https://console.example/api', '${env:URL}').replace('${env:TOKEN}', '${file:token}') ?? '';
  const dir = await write(t, { 'clients/acme.yaml': file, token: 'geheim-456\n' });
  const effects = { ...realEffects, env: { URL: 'https://console.example/api' } };
  await chmod(join(dir, 'token'), 0o640);
  const path = join(dir, 'token');
  assert.deepEqual(secretProblems(await loadConfig(dir, effects)), [
    `${join(dir, 'clients/acme.yaml')}:7: sources.siem.token: the file ${path} can be read by others (mode 640); run: chmod 600 ${path}`,
  ]);
  await chmod(path, 0o600);
  const config = await loadConfig(dir, effects);
  assert.deepEqual(secretProblems(config), []);
  const settings = settingsOf(config);
  assert.ok(typeof settings === 'object' && settings !== null && 'token' in settings && 'base_url' in settings);
  const { token } = settings;
  assert.ok(typeof token === 'object' && token !== null && 'reveal' in token && typeof token.reveal === 'function');
  assert.equal(token.reveal(), 'geheim-456');
  assert.equal(settings.base_url, 'https://console.example/api');
});

test('a value that a reference brings is checked like one that is written', async (t) => {
  const file = good['clients/acme.yaml']?.replace('https://console.example/api', '${env:URL}') ?? '';
  const dir = await write(t, { 'clients/acme.yaml': file });
  const failure = loadConfig(dir, { ...realEffects, env: { TOKEN: 'x', URL: 'http://console.example/api' } });
  await assert.rejects(failure, {
    message: `${join(dir, 'clients/acme.yaml')}:6: sources.siem.base_url: must be https; plain http only for this machine`,
  });
});
