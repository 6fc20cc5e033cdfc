import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type QradarOptions, startQradar } from '../../src/demo/qradar.ts';
import { certificate } from '../http-certificate.ts';
import { desk, files, qradarSource } from './desk.ts';

const now = '2026-11-01T06:00:00Z';
const at = (text: string): number => Date.parse(text);
const created = at('2026-10-05T10:00:00Z');

function offense(id: number, changes: Record<string, unknown> = {}) {
  return {
    id,
    description: 'Logon failures\n',
    status: 'OPEN',
    severity: 5,
    start_time: created,
    last_updated_time: created,
    first_persisted_time: created,
    last_persisted_time: created,
    rules: [{ id: 1, type: 'CRE_RULE' }],
    categories: [],
    log_sources: [],
    ...changes,
  };
}

async function console_(t: TestContext, options: Partial<QradarOptions> = {}) {
  const qradar = await startQradar({ offenses: [offense(1), offense(2), offense(3)], ...options });
  t.after(() => qradar.close());
  return qradar;
}

const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Sign in</title></html>' };
const offenses = (asked: { path: string }): boolean => asked.path.endsWith('/siem/offenses');

const samePage = { status: 200, headers: { 'content-range': 'items 0-0/9' }, body: JSON.stringify([offense(1)]) };
const { id: _, ...noId } = offense(2);

/** Each: what goes wrong, what the batch becomes, what is said of it, how the command ends. */
const faults: [
  string,
  { options?: Partial<QradarOptions>; token?: string; url?: string; state: 'failed' | 'partial'; says: RegExp; code: number },
][] = [
  ['a wrong token', { token: 'wrong', state: 'failed', says: /401/, code: 3 }],
  ['an unknown host', { url: 'https://console.invalid/api', state: 'failed', says: /console\.invalid|reach/i, code: 3 }],
  [
    'an HTML login page with status 200',
    { options: { faults: [{ when: offenses, reply: html }] }, state: 'failed', says: /JSON|login/i, code: 3 },
  ],
  ['truncated JSON', { options: { faults: [{ when: offenses, cut: true }] }, state: 'failed', says: /cut|truncated|half|ended/i, code: 3 }],
  [
    '429 without Retry-After',
    { options: { faults: [{ when: offenses, reply: { status: 429, body: '{}' } }] }, state: 'failed', says: /429/, code: 3 },
  ],
  [
    'a record with a date of 1970',
    {
      options: { offenses: [offense(1), offense(2, { first_persisted_time: 1000, start_time: 1000 })] },
      state: 'partial',
      says: /1970/,
      code: 1,
    },
  ],
  [
    'a page that repeats for ever',
    { options: { faults: [{ when: offenses, reply: samePage }] }, state: 'partial', says: /advance|twice|repeat|again/i, code: 1 },
  ],
  ['a record without id', { options: { offenses: [offense(1), noId] }, state: 'partial', says: /id/, code: 1 }],
];

for (const [name, { options, token, url, state, says, code }] of faults) {
  test(`${name} ends in a ${state} batch with its reason, and what is stored stays`, async (t) => {
    const good = await console_(t);
    const bad = await console_(t, options);
    const env = { URL: good.url, TOKEN: good.token };
    const place = await desk(t, { files: files(qradarSource), env, now });
    assert.equal((await place.collect()).code, 0);
    const before = JSON.parse(await readFile(join((await place.report('2026-10')).folder, 'report.json'), 'utf8'));
    Object.assign(env, { URL: url ?? bad.url, TOKEN: token ?? bad.token });

    const collected = await place.collect();
    assert.equal(collected.code, code);
    assert.match(collected.said, new RegExp(`${state} .*`));
    assert.match(collected.said, says);
    const shown = await place.status();
    assert.match(shown.said, new RegExp(`${state} .*: `));
    assert.match(shown.said, says);
    assert.doesNotMatch(collected.said + shown.said, new RegExp(good.token), 'a token was printed');
    const after = JSON.parse(await readFile(join((await place.report('2026-10')).folder, 'report.json'), 'utf8'));
    assert.equal(before.kpis['VOL-01'].value, 3);
    assert.equal(after.kpis['VOL-01'].value, 3, 'what was stored is still there');
  });
}

test('a day whose collection failed marks the report, and collecting it again heals it', async (t) => {
  const down = { when: offenses, times: 8, reply: { status: 503, body: '{}' } };
  const qradar = await console_(t, { faults: [down] });
  const place = await desk(t, { files: files(qradarSource), env: { URL: qradar.url, TOKEN: qradar.token }, now });
  assert.equal((await place.collect('2026-10-05', '2026-10-05')).code, 3);
  const marked = await place.report('2026-10');
  assert.equal(marked.code, 1);
  assert.notEqual(JSON.parse(await readFile(join(marked.folder, 'report.json'), 'utf8')).kpis['VOL-01'].status, 'ok');
  assert.equal((await place.collect('2026-10-01', '2026-10-31')).code, 0);
  const healed = await place.report('2026-10');
  assert.equal(healed.code, 0);
  const { kpis } = JSON.parse(await readFile(join(healed.folder, 'report.json'), 'utf8'));
  assert.deepEqual([kpis['VOL-01'].status, kpis['VOL-01'].value], ['ok', 3]);
});

for (const [name, until, says] of [
  ['an expired', '20250101000000Z', /expired/i],
  ['a foreign', undefined, /ca_file|unknown|issuer|self/i],
] as const) {
  test(`${name} certificate is refused and named`, async (t) => {
    const { key, cert } = certificate({ name: 'console', hosts: ['127.0.0.1'], ...(until === undefined ? {} : { until }) });
    const server = createServer({ key, cert }, (_, response) => response.end('[]'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const place = await desk(t, { files: files(qradarSource), env: { URL: `https://127.0.0.1:${port}/api`, TOKEN: 'a-token' }, now });
    const collected = await place.collect();
    assert.equal(collected.code, 3);
    assert.match(collected.said, says);
  });
}
