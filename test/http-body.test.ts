import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { bodyOf, errorOf, fakeTime, open, serve } from './http-loopback.ts';

const mib = 1024 * 1024;

test('each compression is read, also several gzip members in one body', async (t) => {
  const text = Buffer.from('{"a":1}');
  const bodies: Record<string, Buffer> = {
    gzip: Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')]),
    'x-gzip': gzipSync(text),
    deflate: deflateSync(text),
    br: brotliCompressSync(text),
    zstd: zstdCompressSync(text),
    identity: text,
  };
  let asked: unknown;
  const url = await serve(t, (request, response) => {
    asked = request.headers['accept-encoding'];
    const name = request.url?.slice(1) ?? '';
    response.setHeader('content-encoding', name);
    response.end(bodies[name]);
  });
  const http = await open(url);
  for (const name of Object.keys(bodies)) assert.deepEqual((await http.request({ path: name })).json, { a: 1 }, name);
  assert.equal(asked, 'gzip, br, zstd');
});

test('a bomb of any compression is stopped at the cap, and memory hardly grows', async (t) => {
  const zeros = Buffer.alloc(16 * mib);
  const member = gzipSync(zeros);
  const bombs: Record<string, Buffer> = {
    // 1 GiB out of 1 MiB.
    gzip: Buffer.concat(Array.from({ length: 64 }, () => member)),
    deflate: deflateSync(zeros),
    br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    zstd: zstdCompressSync(zeros),
    identity: zeros,
  };
  const url = await serve(t, (request, response) => {
    const name = request.url?.slice(1) ?? '';
    response.setHeader('content-encoding', name);
    response.end(bombs[name]);
  });
  const http = await open(url, { max_bytes: 4 * mib });
  for (const name of Object.keys(bombs)) {
    const before = process.memoryUsage().rss;
    const error = await errorOf(http.request({ path: name }));
    const grown = process.memoryUsage().rss - before;
    assert.equal(error.kind, 'too-large', name);
    assert.match(error.message, /^GET \/\w+ sent more than 4194304 bytes \(after decompression\)\. .*max_bytes/);
    assert.ok(grown < 64 * mib, `${name}: memory grew by ${Math.round(grown / mib)} MiB`);
  }
  assert.equal(http.stats.requests, 5);
});

test('a chain of compressions, an unknown one and a false one are refused', async (t) => {
  let encoding = '';
  const url = await serve(t, (_request, response) => {
    response.setHeader('content-encoding', encoding);
    response.end(gzipSync(gzipSync('{}')));
  });
  const http = await open(url);
  for (const [name, why] of [
    ['gzip, gzip', /chain of 2 compressions/],
    [Array(10).fill('gzip').join(','), /chain of 10 compressions/],
    ['compress', /unknown compression "compress"/],
    ['br', /cannot be unpacked/],
    ['zstd', /cannot be unpacked/],
  ] as const) {
    encoding = name;
    const error = await errorOf(http.request({ path: '/x' }));
    assert.equal(error.kind, 'unexpected');
    assert.match(error.message, why);
  }
});

test('a slow drip and a silent server end at the deadline', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/silent') return;
    response.write('[');
    const drip = setInterval(() => response.write('1,'), 20);
    response.on('close', () => clearInterval(drip));
  });
  const http = await open(url, { deadline_ms: 150 });
  for (const path of ['/drip', '/silent']) {
    const from = performance.now();
    const error = await errorOf(http.request({ path }));
    assert.equal(error.kind, 'timeout');
    assert.match(error.message, /within 150 ms\. .*deadline_ms/);
    const took = performance.now() - from;
    assert.ok(took >= 140 && took < 1150, `took ${took} ms`);
  }
  assert.deepEqual(http.stats.requests, 2);
});

/** Answers every connection with these bytes and closes it. */
async function serveRaw(t: import('node:test').TestContext, answer: Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('a body that was cut off is truncated, whatever the framing, and asked for again', async (t) => {
  const half = gzipSync(JSON.stringify({ text: Array.from({ length: 500 }, (_, at) => at) })).subarray(0, 300);
  const cases: [string, Buffer][] = [
    ['length', Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2')],
    ['chunked', Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n')],
    ['until close', Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1,2')],
    ['gzip', Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${half.length}\r\n\r\n`), half])],
  ];
  for (const [name, answer] of cases) {
    const effects = fakeTime();
    const http = await open(await serveRaw(t, answer), {}, effects);
    const error = await errorOf(http.request({ path: '/x' }));
    assert.equal(error.kind, 'truncated', name);
    assert.match(error.message, /^GET \/x .*Tried 8 times\.$/);
    assert.equal(effects.slept.length, 7);
  }
});

test('what speaks no HTTP is said so', async (t) => {
  const error = await errorOf((await open(await serveRaw(t, Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')))).request({ path: '/x' }));
  assert.equal(error.kind, 'unexpected');
  assert.match(error.message, /does not speak HTTP/);
});

test('a login page with status 200 is no answer, and neither is nothing', async (t) => {
  let page = '';
  const url = await serve(t, (request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/204' ? 204 : 200;
    response.end(page);
  });
  const http = await open(url);
  assert.equal((await http.request({ path: '/204' })).json, null);
  assert.equal((await http.request({ method: 'DELETE', path: '/job' })).json, null);
  for (const [body, why] of [
    ['<!doctype html><title>Sign in</title>', /GET \/x answered 200, but it is a web page, not JSON: a login page or a proxy/],
    ['', /answered 200, but its body is empty/],
    ['["a":NaN]', /answered 200, but it is not JSON/],
  ] as const) {
    page = body;
    const error = await errorOf(http.request({ path: '/x' }));
    assert.deepEqual([error.kind, error.status], ['not-json', 200]);
    assert.match(error.message, why);
  }
  assert.equal(http.stats.retries, 0);
});

test('deep nesting, a 20 MB text, invalid UTF-8 and __proto__ are contained', async (t) => {
  const bodies: Record<string, Buffer> = {
    '/deep': Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)),
    '/long': Buffer.from(JSON.stringify({ title: 'x'.repeat(20 * mib) })),
    '/bytes': Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]),
    '/proto': Buffer.from('{"__proto__":{"polluted":true},"id":9007199254740993}'),
  };
  const url = await serve(t, async (request, response) => {
    await bodyOf(request);
    response.end(bodies[request.url ?? '']);
  });
  const effects = fakeTime();
  const http = await open(url, {}, effects);
  assert.match((await errorOf(http.request({ path: '/deep' }))).message, /nested more than 200 deep/);
  assert.equal(Object(await http.request({ path: '/long' })).json.title.length, 20 * mib);
  assert.deepEqual((await http.request({ path: '/bytes' })).json, ['\ufffd\ufffd']);
  assert.deepEqual((await http.request({ path: '/proto' })).json, { id: '9007199254740993' });
  assert.equal('polluted' in {}, false);
  const warnings = effects.events.filter((event) => event.level === 'warn');
  assert.deepEqual(
    warnings.map((event) => event.event),
    ['http.text'],
  );
});
