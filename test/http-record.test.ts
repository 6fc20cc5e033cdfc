import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { openRedactor } from '../src/http-record.ts';
import { Secret } from '../src/secret.ts';
import { bodyOf, errorOf, fakeTime, open, serve } from './http-loopback.ts';

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-record-'));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, 'deep', 'er');
}

async function recordings(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)));
}

test('an exchange is recorded as it can be replayed, with its big integers', async (t) => {
  const folder = await folderFor(t);
  const url = await serve(t, (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Range', 'items 0-0/1');
    response.setHeader('Date', 'Mon, 05 Oct 2026 08:00:00 GMT');
    response.setHeader('Set-Cookie', 'sid=cookievalue');
    response.setHeader('Server', 'secret-build');
    response.end('[{"id":9007199254740993,"next_token":"page2","message":"hello"}]');
  });
  const http = await open(`${url}/api`, { record_to: folder, headers: { SEC: new Secret('canary-sec-1', ''), Version: '26.0' } });
  await http.request({ path: '/siem/offenses', query: { filter: 'id > 1', api_key: 'canary-key' }, headers: { Range: 'items=0-49' } });
  const files = await recordings(folder);
  assert.deepEqual([...files.keys()], ['0001-get-api-siem-offenses.json']);
  const text = [...files.values()].join();
  assert.deepEqual(JSON.parse(text), {
    method: 'GET',
    path: '/api/siem/offenses',
    query: { filter: 'id > 1', api_key: '[secret]' },
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip, br, zstd',
      'user-agent': 'soc-kpi',
      sec: '[secret]',
      version: '26.0',
      range: 'items=0-49',
    },
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json', 'content-range': 'items 0-0/1', date: 'Mon, 05 Oct 2026 08:00:00 GMT' },
      body: [{ id: 9007199254740992, next_token: 'page2', message: 'hello' }],
    },
  });
  assert.match(text, /"id": 9007199254740993,/);
});

test('recordings of several runs stand side by side, numbered', async (t) => {
  const folder = await folderFor(t);
  let status = 429;
  const url = await serve(t, (_request, response) => {
    response.writeHead(status).end('{}');
    status = 200;
  });
  await (await open(url, { record_to: folder })).request({ path: '/' });
  await (await open(url, { record_to: folder })).request({ path: '/b' });
  const files = await recordings(folder);
  assert.deepEqual([...files.keys()], ['0001-get-root.json', '0002-get-root.json', '0003-get-b.json']);
  assert.deepEqual(
    [...files.values()].map((text) => JSON.parse(text).answer.status),
    [429, 200, 200],
  );
});

const canaries = [
  'canary-bearer-7f',
  'canary-password-1',
  'canary-client-2',
  'canary-access-3',
  'canary-refresh-4',
  'canary-query-5',
  'canary-json-6',
];

test('no secret is in any message, event, cause or recording, though the source echoes them all', async (t) => {
  const folder = await folderFor(t);
  let status = 200;
  const basic = `Basic ${Buffer.from('user:canary-password-1').toString('base64')}`;
  const url = await serve(t, async (request, response) => {
    const echo = `${request.url} ${request.headers.authorization} canary-password-1 ${await bodyOf(request)}`;
    if (status === -1) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', link: `<http://x/?a=${encodeURIComponent(echo)}>` });
    if (request.url?.startsWith('/oauth2/token'))
      response.end('{"access_token":"canary-access-3","token_type":"bearer","odd":["canary-refresh-4"]}');
    else response.end(JSON.stringify({ message: echo, refresh_token: 'canary-refresh-4', data: { access_token: 'canary-access-3' } }));
  });
  const effects = fakeTime();
  const http = await open(url, { record_to: folder, headers: { Authorization: new Secret(basic, '') } }, effects);
  const bearer = { Authorization: new Secret('Bearer canary-bearer-7f', '') };
  await http.request({
    method: 'POST',
    path: '/oauth2/token',
    form: { client_id: 'id', client_secret: new Secret('canary-client-2', '') },
  });
  const request = {
    path: '/x',
    query: { token: 'canary-query-5' },
    headers: bearer,
    json: { login: { key: new Secret('canary-json-6', '') } },
  };
  await http.request({ ...request, method: 'POST' });
  await http.request({ path: '/canary-json-6/y' });
  let seen = '';
  for (status of [400, 401, 404, 500, -1]) {
    const error = await errorOf(http.request({ ...request, method: 'POST', idempotent: true }));
    seen += error.message + inspect(error, { depth: 10 });
  }
  seen += inspect(effects.events) + [...(await recordings(folder))].join('\n');
  for (const canary of [...canaries, basic.slice(6)])
    assert.ok(!seen.includes(canary), `${canary} is in ${seen.slice(seen.indexOf(canary) - 200).slice(0, 300)}`);
  for (const kept of ['/oauth2/token', '"token_type": "bearer"', '/[secret]/y', '"id"']) assert.ok(seen.includes(kept), kept);
});

test('what is not JSON is recorded as text', async (t) => {
  const folder = await folderFor(t);
  const url = await serve(t, (_request, response) => void response.end('<html>hello canary-sec-1</html>'));
  const http = await open(url, { record_to: folder, headers: { SEC: new Secret('canary-sec-1', '') } });
  await errorOf(http.request({ path: '/x' }));
  const [text = ''] = (await recordings(folder)).values();
  assert.equal(JSON.parse(text).answer.body, '<html>hello [secret]</html>');
});

test('the redactor knows a secret in every spelling, the longest first, and ignores what is too short', () => {
  const redactor = openRedactor();
  for (const secret of ['s3cret/+"x', 's3cret/+"xtended', 'abc', 'ApiToken 0123456']) redactor.learn(secret);
  assert.equal(
    redactor.clean('s3cret/+"x s3cret%2F%2B%22x s3cret/+\\"x s3cret/+"xtended abc 0123456'),
    `${'[secret] '.repeat(4)}abc [secret]`,
  );
});
