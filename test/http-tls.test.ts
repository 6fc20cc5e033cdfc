import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Certificate, certificate } from './http-certificate.ts';
import { errorOf, fakeTime, open, serve } from './http-loopback.ts';

const ca = certificate({ name: 'SOC test CA' });
const foreignCa = certificate({ name: 'Another CA' });
const here = ['127.0.0.1', 'localhost'];
const good = certificate({ name: 'good', issuer: ca, hosts: here });

/** Asks a TLS server that shows `shown`, trusting what stands in `trusted`. */
async function ask(t: TestContext, shown: Certificate, trusted?: string, host = '127.0.0.1'): Promise<unknown> {
  const url = await serve(t, (_request, response) => void response.end('"secure"'), shown);
  const effects = fakeTime({ readFile: async () => Buffer.from(trusted ?? '') });
  const http = await open(url.replace('127.0.0.1', host), trusted === undefined ? {} : { ca_file: 'ca.pem' }, effects);
  return (await http.request({ path: '/api/x', headers: { authorization: 'Bearer abcdef' } })).json;
}

test('a certificate of the CA in ca_file is accepted, by name and by address', async (t) => {
  assert.equal(await ask(t, good, ca.cert), 'secure');
  assert.equal(await ask(t, good, ca.cert, 'localhost'), 'secure');
});

test('a certificate can be pinned by putting it into ca_file itself', async (t) => {
  assert.equal(await ask(t, good, good.cert), 'secure');
  const alone = certificate({ name: 'alone', hosts: here });
  assert.equal(await ask(t, alone, alone.cert), 'secure');
});

test('every wrong certificate is refused, and the message says which way it is wrong', async (t) => {
  const cases: [string, Promise<unknown>, RegExp][] = [
    ['no ca_file', ask(t, good), /an unknown CA .*set ca_file/],
    ['CA of another source', ask(t, good, foreignCa.cert), /an unknown CA .*set ca_file/],
    ['self-signed', ask(t, certificate({ name: 'self', hosts: here }), ca.cert), /self-signed, from an unknown CA .*set ca_file/],
    [
      'expired',
      ask(t, certificate({ name: 'old', issuer: ca, hosts: here, until: '20210101000000Z' }), ca.cert),
      /has expired \(CERT_HAS_EXPIRED\).*set ca_file/,
    ],
    ['not yet valid', ask(t, certificate({ name: 'new', issuer: ca, hosts: here, from: '20900101000000Z' }), ca.cert), /not valid yet/],
    [
      'wrong host',
      ask(t, certificate({ name: 'other', issuer: ca, hosts: ['other.example'] }), ca.cert),
      /for another host \(wrong host name\)/,
    ],
  ];
  for (const [name, asked, why] of cases) {
    const error = await errorOf(asked);
    assert.equal(error.kind, 'tls', name);
    assert.match(error.message, why);
    assert.match(error.message, /^GET \/api\/x got no answer from 127\.0\.0\.1:\d+: /);
  }
});

test('trust in a CA stays with the source that has it', async (t) => {
  assert.equal(await ask(t, good, ca.cert), 'secure');
  assert.equal((await errorOf(ask(t, good))).kind, 'tls');
});

test('the usual roots stay trusted beside ca_file', async (t) => {
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, ca.cert]);
  t.after(() => setDefaultCACertificates(usual));
  assert.equal(await ask(t, good, foreignCa.cert), 'secure');
});

test('plain http behind https is a TLS error, and the request is not repeated', async (t) => {
  const url = await serve(t, (_request, response) => void response.end('{}'));
  const http = await open(url.replace('http:', 'https:'));
  const error = await errorOf(http.request({ path: '/x' }));
  assert.equal(error.kind, 'tls');
  assert.match(error.message, /Check that the port speaks TLS/);
  assert.equal(http.stats.requests, 1);
});

test('a ca_file that cannot be used stops the start', async () => {
  const cases: [() => Promise<Buffer>, RegExp][] = [
    [() => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })), /^ca_file ca\.pem cannot be read \(ENOENT\)/],
    [async () => Buffer.from('nothing here'), /^ca_file ca\.pem holds no certificate/],
    [async () => Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'), /holds a certificate that cannot be read/],
  ];
  for (const [readFile, why] of cases) {
    const error = await errorOf(open('https://127.0.0.1:1', { ca_file: 'ca.pem' }, fakeTime({ readFile })));
    assert.equal(error.kind, 'tls');
    assert.match(error.message, why);
  }
});

test('an environment that switches verification off stops the start', async () => {
  const error = await errorOf(open('https://127.0.0.1:1', {}, fakeTime({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })));
  assert.equal(error.kind, 'tls');
  assert.match(error.message, /^NODE_TLS_REJECT_UNAUTHORIZED=0 is set.*Unset it/);
});

test('verification stays on though the process believes that it is off', async (t) => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.after(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  assert.equal((await errorOf(ask(t, good))).kind, 'tls');
});
