import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceErrorKind } from '../src/http.ts';
import { Secret } from '../src/secret.ts';
import { bodyOf, errorOf, fakeTime, open, serve } from './http-loopback.ts';

test('a path is put behind base_url, the query encoded, and absent parameters left out', async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(request.url);
    response.end('{}');
  });
  const http = await open(`${url}/api`);
  await http.request({
    path: '/siem/offenses',
    query: { sort: '+id', filter: 'id > 7 and status = "OPEN"', page: undefined, n: 2, all: false },
  });
  await http.request({ path: `${url}/api/next?cursor=a%2Bb`, query: { limit: 5 } });
  assert.deepEqual(asked, [
    '/api/siem/offenses?sort=%2Bid&filter=id%20%3E%207%20and%20status%20%3D%20%22OPEN%22&n=2&all=false',
    '/api/next?cursor=a%2Bb&limit=5',
  ]);
});

test('the answer has status, lower-case headers with the clock of the source, and JSON', async (t) => {
  const url = await serve(t, (_request, response) => {
    response.setHeader('Content-Range', 'items 0-1/2');
    response.setHeader('Date', 'Mon, 05 Oct 2026 08:00:00 GMT');
    response.end('[{"id":1},{"id":2}]');
  });
  const http = await open(url);
  const answer = await http.request({ path: '/x' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-range'], 'items 0-1/2');
  assert.equal(answer.headers.date, 'Mon, 05 Oct 2026 08:00:00 GMT');
  assert.deepEqual(answer.json, [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(http.stats, { requests: 1, retries: 0, bytes: 19 });
});

test('secrets in headers, forms and JSON bodies are revealed to the source', async (t) => {
  const seen: unknown[] = [];
  const url = await serve(t, async (request, response) => {
    seen.push([request.method, request.headers.sec, request.headers['content-type'], await bodyOf(request)]);
    response.end('{}');
  });
  const secret = new Secret('hunter2!', 'env X');
  const http = await open(url, { headers: { SEC: secret } });
  await http.request({ method: 'POST', path: '/token', form: { client_id: 'a b', client_secret: secret } });
  await http.request({ method: 'POST', path: '/login', json: { user: 'me', deep: [{ password: secret }] } });
  assert.deepEqual(seen, [
    ['POST', 'hunter2!', 'application/x-www-form-urlencoded', 'client_id=a+b&client_secret=hunter2%21'],
    ['POST', 'hunter2!', 'application/json', '{"user":"me","deep":[{"password":"hunter2!"}]}'],
  ]);
});

test('each refusal is a kind of its own, says where and what to do, and is asked only once', async (t) => {
  const cases: [number, SourceErrorKind][] = [
    [400, 'rejected'],
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [407, 'rejected'],
    [422, 'rejected'],
    [304, 'unexpected'],
  ];
  let status = 0;
  const url = await serve(t, (_request, response) => {
    response.writeHead(status);
    response.end(status === 304 ? undefined : '{"message":"No\\nsuch\u202ething","code":1002}');
  });
  const http = await open(url);
  for (const [asked, kind] of cases) {
    status = asked;
    const before = http.stats.requests;
    const error = await errorOf(http.request({ path: '/api/x', query: { q: 'private' } }));
    assert.deepEqual([error.kind, error.status, http.stats.requests - before], [kind, asked, 1]);
    assert.match(error.message, new RegExp(`^GET /api/x answered ${asked}: .+\\. [A-Z].+\\.$`));
    if (asked !== 304) assert.match(error.message, /it says: "No such thing"/);
    assert.doesNotMatch(error.message, /private/);
  }
});

test('a status that the request accepts is an answer', async (t) => {
  const url = await serve(t, (request, response) => {
    response.writeHead(request.url === '/gone' ? 404 : 409);
    response.end(request.url === '/gone' ? '' : '{"state":"busy"}');
  });
  const http = await open(url);
  const busy = await http.request({ path: '/busy', accept: [404, 409] });
  assert.deepEqual([busy.status, busy.json], [409, { state: 'busy' }]);
  const gone = await http.request({ path: '/gone', accept: [404, 409] });
  assert.deepEqual([gone.status, gone.json], [404, null]);
});

test('redirects are followed inside the origin, at most five times', async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const step = Number(request.url?.slice(2));
    if (request.url?.startsWith('/s') && step < 5) response.writeHead(302, { location: `s${step + 1}` });
    if (request.url === '/loop') response.writeHead(307, { location: '/loop' });
    response.end('"here"');
  });
  const http = await open(url, { headers: { authorization: 'Bearer abcdef' } });
  assert.equal((await http.request({ path: '/s0' })).json, 'here');
  assert.deepEqual(
    asked,
    ['/s0', '/s1', '/s2', '/s3', '/s4', '/s5'].map((path) => `GET ${path} Bearer abcdef`),
  );
  const error = await errorOf(http.request({ path: '/loop' }));
  assert.equal(error.kind, 'redirected');
  assert.equal(asked.length, 6 + 6);
});

test('a redirect or link to another host is refused, and that host hears nothing', async (t) => {
  let heard = 0;
  const canary = await serve(t, (_request, response) => {
    heard += 1;
    response.end('{}');
  });
  const url = await serve(t, (request, response) => {
    response.writeHead(302, { location: `${canary.replace('http://', 'http://user:pw@')}${request.url}?token=abc` });
    response.end();
  });
  const http = await open(url, { headers: { authorization: new Secret('Bearer abcdef', '') } });
  const error = await errorOf(http.request({ path: '/x' }));
  assert.equal(error.kind, 'redirected');
  assert.match(error.message, /^GET \/x answered 302: a redirect to another place \(http:\/\/127\.0\.0\.1:\d+\)/);
  assert.doesNotMatch(error.message, /pw|abc/);
  for (const path of [`${canary}/next`, 'http://u:p@127.0.0.1/']) assert.equal((await errorOf(http.request({ path }))).kind, 'redirected');
  // A relative path cannot become another host either: these stay here and are redirected by this server.
  for (const path of [`//${canary.slice(7)}/x`, `@${canary.slice(7)}/x`, `\\\\${canary.slice(7)}`]) await errorOf(http.request({ path }));
  assert.equal(heard, 0);
});

test('a named origin is asked by whole addresses, and does not get the headers meant for the source', async (t) => {
  const heard: (string | undefined)[] = [];
  const login = await serve(t, (request, response) => {
    heard.push(request.headers['x-token']?.toString());
    response.end('{"ok":true}');
  });
  const base_url = await serve(t, (_request, response) => void response.end('{}'));
  const http = await open(base_url, { origins: [login], headers: { 'X-Token': 'for-the-source' } });
  assert.deepEqual((await http.request({ path: `${login}/token` })).json, { ok: true });
  assert.deepEqual(heard, [undefined]);
});

test('a redirect that would drop the body of a POST is refused, 307 keeps it, 303 asks for the result', async (t) => {
  const asked: string[] = [];
  const url = await serve(t, async (request, response) => {
    asked.push(`${request.method} ${request.url} ${await bodyOf(request)}`);
    const status = Number(request.url?.slice(1));
    if (status > 0) response.writeHead(status, { location: '/end' });
    response.end('{}');
  });
  const http = await open(url);
  for (const path of ['/307', '/303']) await http.request({ method: 'POST', path, json: { a: 1 } });
  const error = await errorOf(http.request({ method: 'POST', path: '/302', json: { a: 1 } }));
  assert.equal(error.kind, 'redirected');
  assert.deepEqual(asked, ['POST /307 {"a":1}', 'POST /end {"a":1}', 'POST /303 {"a":1}', 'GET /end ', 'POST /302 {"a":1}']);
});

test('a host that is not there is unreachable, with what to check', async () => {
  const effects = fakeTime();
  const refused = await errorOf((await open('http://127.0.0.1:1', {}, effects)).request({ path: '/x' }));
  assert.equal(refused.kind, 'unreachable');
  assert.match(
    refused.message,
    /^GET \/x got no answer from 127\.0\.0\.1:1: the connection was refused \(ECONNREFUSED\)\. Check host and port/,
  );
  const unknown = await errorOf((await open('http://no-such-host.invalid', { retry_budget_ms: 0 }, effects)).request({ path: '/x' }));
  assert.equal(unknown.kind, 'unreachable');
  assert.match(unknown.message, /DNS/);
});

test('a base_url or header that cannot be used is refused before anything is sent', async () => {
  for (const base of ['ftp://host', 'nonsense', 'https://user:hunter2@host', 'https://host/?a=1', 'https://host/#x']) {
    const error = await errorOf(open(base));
    assert.match(error.message, /^base_url /);
    assert.doesNotMatch(error.message, /hunter2/);
  }
  const http = await open('http://127.0.0.1:1', { headers: { SEC: new Secret('abcdef\n', '') } });
  const error = await errorOf(http.request({ path: '/x' }));
  assert.match(error.message, /The header SEC holds a line break/);
  assert.equal(http.stats.requests, 0);
});

test('a proxy named by the environment is not used', async (t) => {
  let heard = 0;
  const proxy = await serve(t, (_request, response) => {
    heard += 1;
    response.end('"proxy"');
  });
  const url = await serve(t, (_request, response) => void response.end('"source"'));
  const before = { ...process.env };
  Object.assign(process.env, { http_proxy: proxy, HTTP_PROXY: proxy, all_proxy: proxy, NO_PROXY: '', no_proxy: '' });
  t.after(() => {
    for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  const answer = await (await open(url)).request({ path: '/' });
  assert.deepEqual([answer.json, heard], ['source', 0]);
});

test('plain http to another machine is warned about', async () => {
  const effects = fakeTime();
  await open('http://siem.example', {}, effects);
  await open('https://siem.example', {}, effects);
  assert.deepEqual(
    effects.events.map((event) => event.event),
    ['http.plain'],
  );
});
