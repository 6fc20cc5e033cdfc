import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { realEffects } from '../../src/effects.ts';
import { openPortal } from '../../src/portal/index.ts';
import { certificate } from '../http-certificate.ts';
import { openStore } from '../../src/store/index.ts';
import { day, firing } from '../promises/world.ts';
import { basic, canary, clients, tenants, tokenOf } from './tenants.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

test('a client reads its archive and its editions, with strict headers', async (t) => {
  const { app, place } = await tenants(t);
  const read = (url: string) => app.inject({ url, headers: { authorization: basic('acme') } });
  const archive = await read('/');
  assert.equal(archive.statusCode, 200);
  const links = [...archive.body.matchAll(/href="\.(\/[^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(links.length >= 4);
  for (const link of links) {
    const page = await read(link);
    assert.equal(page.statusCode, 200, link);
    assert.deepEqual(page.rawPayload, readFileSync(join(place.dir, 'reports/acme', link)));
  }
  assert.ok(
    links.some((link) => link.endsWith('/index.de.html')),
    'also in a further language',
  );
  const { headers } = await read('/daily/2026-11-02/r1/index.html');
  assert.match(String(headers['content-security-policy']), /^default-src 'none';.*frame-ancestors 'none'/);
  assert.deepEqual(
    ['x-content-type-options', 'referrer-policy', 'cache-control', 'content-type'].map((name) => headers[name]),
    ['nosniff', 'no-referrer', 'no-store, private', 'text/html; charset=utf-8'],
  );
});

test('X6 no client sees another’s: every route × method × foreign and made-up names has one answer', async (t) => {
  const { app } = await tenants(t);
  const routes = [...new Set([...app.printRoutes({ commonPrefix: false }).matchAll(/(?:├──|└──) (\S+)/g)].map((match) => match[1] ?? ''))];
  // A new route must get its foreign names here.
  assert.deepEqual(routes.sort(), ['/', ':report/:period/:revision/:file', 'index.html', 'metrics'].sort());
  const foreign = [
    '/daily/2026-11-03/r1/index.html', // acme has it, the others do not
    '/daily/2026-11-03/r1/report.json',
    '/daily/2026-11-02/r2/index.html',
    '/daily/2026-11-02/r1/index.de.html',
    '/daily/2026-11-02/r1/report.de.pdf',
    '/daily/2026-11-02/r1/index.xx.html',
    '/daily/2026-11-02/r1/manifest.json',
    '/daily/2026-11-02/r1/nothing.html',
    '/acme/daily/2026-11-03/r1/index.html',
    '/../acme/index.html',
    '/daily/2026-11-02/..%2f..%2f..%2facme/index.html',
    '/daily/%2e%2e/r1/index.html',
    '/%00/2026-11-02/r1/index.html',
    '/daily/2026-11-02/r1/__proto__',
    '/daily/2026-11-02/r1/constructor',
    '/metrics',
    '/acme',
    '/%',
    `/${'x'.repeat(3000)}/2026-11-02/r1/index.html`,
  ];
  const answers = new Map<string, Set<string>>();
  for (const client of ['bolt', 'cola']) {
    for (const method of methods) {
      for (const url of foreign) {
        const { statusCode, body, headers } = await app.inject({ method, url, headers: { authorization: basic(client) } });
        for (const other of clients.filter((one) => one !== client)) assert.ok(!body.includes(canary(other)), `${client} ${method} ${url}`);
        const { date: _, 'content-length': __, connection: ___, ...same } = headers;
        const key = JSON.stringify([statusCode, method === 'HEAD' ? '' : body, same]);
        answers.set(key, (answers.get(key) ?? new Set()).add(`${client} ${method} ${url}`));
      }
    }
  }
  const [status] = JSON.parse([...answers.keys()].find((key) => key.includes('There is nothing here')) ?? '[0]');
  assert.equal(status, 404);
  // HEAD has no body, all else the same.
  assert.equal(answers.size, 2, [...answers].map(([key, urls]) => `${key}\n  ${[...urls][0]}`).join('\n'));
  const own = await app.inject({ url: '/daily/2026-11-02/r1/index.html', headers: { authorization: basic('bolt') } });
  assert.ok(own.statusCode === 200 && own.body.includes(canary('bolt')));
  for (const other of ['acme', 'cola']) assert.ok(!own.body.includes(canary(other)));
});

test('without a client’s own token nothing is told, and guessing ends after five tries', async (t) => {
  let now = Date.parse('2026-11-05T06:00:00Z');
  const { app } = await tenants(t, { now: () => now });
  const ask = (authorization?: string, url = '/daily/2026-11-02/r1/index.html') =>
    app.inject({ url, ...(authorization === undefined ? {} : { headers: { authorization } }) });
  for (const wrong of [undefined, '', 'Basic', 'Basic !!!', `Bearer ${tokenOf('acme')}`, basic('acme', tokenOf('bolt')), basic('nobody')]) {
    const { statusCode, body } = await ask(wrong);
    assert.deepEqual([statusCode, body], [401, 'Log in with the name and the token that you were given.\n'], String(wrong));
  }
  for (let tries = 1; tries < 5; tries++) assert.equal((await ask(basic('acme', 'wrong'))).statusCode, 401);
  const stopped = await ask(basic('acme', 'wrong'));
  assert.equal(stopped.statusCode, 429);
  assert.equal(stopped.headers['retry-after'], '60');
  assert.equal((await ask(basic('acme'))).statusCode, 429, 'the right token does not say that it is right');
  assert.equal((await ask(basic('bolt'))).statusCode, 200, 'others go on');
  now += 60_001;
  assert.equal((await ask(basic('acme'))).statusCode, 200);
});

test('metrics are for their collector alone', async (t) => {
  const { app } = await tenants(t);
  const ask = (authorization: string) => app.inject({ url: '/metrics', headers: { authorization } });
  assert.deepEqual([(await ask('Bearer the-token-of-the-collector')).body], ['soc_kpi_up 1\n']);
  assert.equal((await ask('Bearer wrong')).statusCode, 401);
  assert.equal((await ask(basic('acme'))).statusCode, 404);
  assert.equal((await app.inject({ url: '/', headers: { authorization: 'Bearer the-token-of-the-collector' } })).statusCode, 401);
});

test('D3 what is not as it was issued is not shown; others are', async (t) => {
  const told: string[] = [];
  const { app, place } = await tenants(t, { log: ({ event, message }) => void (event === 'integrity' && told.push(message)) });
  const ask = (url: string) => app.inject({ url, headers: { authorization: basic('acme') } });
  const folder = join(place.dir, 'reports/acme/daily/2026-11-02/r1');
  for (const file of ['index.html', 'report.json', 'manifest.json']) {
    const good = readFileSync(join(folder, file));
    writeFileSync(join(folder, file), Buffer.concat([good.subarray(0, 100), Buffer.from([(good[100] ?? 0) ^ 1]), good.subarray(101)]));
    const asked = file === 'manifest.json' ? 'index.html' : file;
    const { statusCode, body } = await ask(`/daily/2026-11-02/r1/${asked}`);
    assert.equal(statusCode, 503, file);
    assert.match(body, /^integrity: /);
    assert.equal((await ask('/daily/2026-11-03/r1/index.html')).statusCode, 200);
    writeFileSync(join(folder, file), good);
    assert.equal((await ask(`/daily/2026-11-02/r1/${asked}`)).statusCode, 200);
  }
  assert.equal(told.length, 3);
  assert.match(told[0] ?? '', /acme\/daily\/2026-11-02\/r1\/index\.html is not what was issued; run soc-kpi verify/);
});

test('TLS of its own, and no listening elsewhere without it; tokens are references, and long', async (t) => {
  const { place, effects } = await tenants(t);
  const yaml = join(place.dir, 'soc-kpi.yaml');
  const whole = readFileSync(yaml, 'utf8');
  const load = async (portal: string) => {
    writeFileSync(yaml, whole.replace('  port: 0\n', portal));
    return loadConfig(place.dir, effects);
  };
  await assert.rejects(
    load('  host: 0.0.0.0\n'),
    /soc-kpi\.yaml:\d+: portal\.host: 0\.0\.0\.0 can be reached from elsewhere: give tls, or say behind_proxy/,
  );
  await assert.rejects(load('  host: example.com\n'), /portal\.host: is no address of this machine/);
  assert.equal((await load('  host: 0.0.0.0\n  behind_proxy: true\n')).portal?.behind_proxy, true);
  await assert.rejects(
    load('  port: 0\n')
      .then(() => loadConfig(place.dir, { ...effects, env: { ...effects.env, T_acme: 'short' } }))
      .then((config) => config.portal?.secrets),
    /portal\.logins\.acme: is shorter than 20 characters/,
  );
  const { key, cert } = certificate({ name: 'portal', hosts: ['127.0.0.1'] });
  writeFileSync(join(place.dir, 'cert.pem'), cert);
  writeFileSync(join(place.dir, 'key.pem'), key);
  const config = await load('  port: 0\n  tls: { cert_file: cert.pem, key_file: key.pem }\n');
  assert.ok(config.portal);
  const app = await openPortal({ ...config, portal: config.portal }, () => '', realEffects);
  t.after(() => app.close());
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const [response] = await once(get(`${address}/`, { ca: cert, headers: { authorization: basic('acme') } }), 'response');
  assert.deepEqual([response.statusCode, response.headers['strict-transport-security']], [200, 'max-age=31536000']);
  response.resume();
});

test('the command serves until it is told to stop', async (t) => {
  const { place, effects } = await tenants(t);
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/soc-kpi.js'), '--config', place.dir, 'serve'], {
    env: { ...process.env, ...effects.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  while (!log.includes('"listening"')) await once(child.stderr, 'data');
  const address = /at (http:[^"]+)"/.exec(log)?.[1] ?? '';
  const page = await fetch(`${address}/daily/2026-11-02/r1/index.html`, { headers: { authorization: basic('cola') } });
  assert.ok(page.status === 200 && (await page.text()).includes(canary('cola')));
  assert.doesNotMatch(log, new RegExp(tokenOf('cola')));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('what a client read stands in its audit log, once for each edition and day; a store that is written to is not waited for', async (t) => {
  let now = firing + 3 * day;
  const { app, place } = await tenants(t, { now: () => now });
  const read = (url: string, client = 'acme') => app.inject({ url, headers: { authorization: basic(client) } });
  const lines = (client: string): string[] => {
    const store = openStore(join(place.dir, `data/${client}.sqlite`), client, { read_only: true });
    try {
      assert.equal(store.ledger.verifyAudit(), undefined);
      const log = store.ledger.audit().filter(({ what }) => what === 'read');
      return log.map(({ at, who, subject }) => `${who} ${subject} +${(at - firing) / day}`);
    } finally {
      store.close();
    }
  };
  for (const url of [
    '/',
    '/daily/2026-11-02/r1/index.html',
    '/daily/2026-11-02/r1/report.json',
    '/',
    '/nothing',
    '/daily/2026-11-02/r9/index.html',
  ])
    await read(url);
  assert.equal((await app.inject({ url: '/' })).statusCode, 401);
  assert.deepEqual(lines('acme'), ['acme archive +3', 'acme daily 2026-11-02 r1 +3']);
  const busy = openStore(join(place.dir, 'data/acme.sqlite'), 'acme');
  now += day;
  assert.equal((await read('/')).statusCode, 200, 'a busy store is no reason to wait');
  await read('/', 'bolt');
  busy.close();
  assert.equal(lines('acme').length, 2);
  await app.close();
  assert.deepEqual([lines('acme').at(-1), lines('bolt'), lines('cola')], ['acme archive +4', ['bolt archive +4'], []]);
});
