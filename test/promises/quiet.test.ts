import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { createServer as createPlainServer } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { TLSSocket } from 'node:tls';
import PostalMime from 'postal-mime';
import { digest } from '../../src/cli/digest.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { status } from '../../src/cli/status.ts';
import { watch } from '../../src/cli/watch.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { certificateEnd } from '../../src/http-certificate.ts';
import { certificate } from '../http-certificate.ts';
import { listening, said } from './places.ts';
import { scripted } from './smtp-script.ts';
import { firing, hour, noticed, type World, world } from './world.ts';

function shellAt({ dir }: World, now: number, more: Partial<Effects> = {}): { shell: Shell; lines: string[] } {
  const lines: string[] = [];
  const effects: Effects = { ...realEffects, now: () => now, ...more };
  return { shell: { config: dir, debug: false, effects, print: (text) => void lines.push(text) }, lines };
}

const daily = (more: string): string =>
  `  - { report: daily, schedule: "0 6 * * *", recipients: [{ to: boss@acme.example, format: link }]${more} }\n`;

test('S9 a day on which nothing happened has its report all the same, and it says zero because it knows', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  await place.run(noticed);
  writeFileSync(join(place.dir, 'alerts/day.csv'), 'id,title,at\n');
  await place.run(firing);
  assert.equal(server.arrived.length, 1);
  const mail = await PostalMime.parse(server.arrived[0]?.data ?? Buffer.alloc(0));
  assert.match(mail.text ?? '', /0 findings were created/);
});

test('S9 a heartbeat is called once after each report that went out as it should, its own address and the common one', async (t) => {
  const [mails, pulse] = [await scripted(t, {}), await listening(t, said(200))];
  const place = world(t, mails.port, daily(`, heartbeat_url: "${pulse.url}/daily"`));
  writeFileSync(
    join(place.dir, 'soc-kpi.yaml'),
    `${readFileSync(join(place.dir, 'soc-kpi.yaml'), 'utf8')}heartbeat_url: ${pulse.url}/all\n`,
  );
  const called = () => pulse.asked.map(({ method, url }) => `${method} ${url}`).sort();
  await place.run(noticed);
  assert.deepEqual(called(), []);
  await place.run(firing);
  assert.deepEqual(called(), ['GET /all', 'GET /daily']);
  await place.run(firing + hour);
  assert.equal(called().length, 2);
});

test('S9 no heartbeat for a mail of which nobody knows, and one that cannot be called blocks nothing and prints no address', async (t) => {
  const [lost, pulse] = [await scripted(t, { dot: 'drop' }), await listening(t, said(200))];
  const unsure = world(t, lost.port, daily(`, heartbeat_url: "${pulse.url}/geheim"`));
  await unsure.run(noticed);
  await unsure.run(firing);
  assert.equal(pulse.asked.length, 0);
  const logged: string[] = [];
  const log = (event: object): void => void logged.push(JSON.stringify(event));
  for (const answer of [said(500), undefined]) {
    const mails = await scripted(t, {});
    const address = answer === undefined ? 'http://127.0.0.1:1' : (await listening(t, answer)).url;
    const place = world(t, mails.port, daily(`, heartbeat_url: "${address}/geheim"`));
    await place.run(noticed);
    const [done] = await place.run(firing, { effects: { log } });
    assert.deepEqual([done?.runs[0]?.state, mails.arrived.length], ['done', 1]);
  }
  const told = logged.filter((line) => line.includes('"heartbeat"'));
  assert.equal(told.length, 2);
  assert.doesNotMatch(logged.join(), /geheim/);
});

test('the digest says what went out, what is to be looked at, what is due and how the sources stand, and is mailed on quiet days', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port, daily(''));
  writeFileSync(join(place.dir, 'soc-kpi.yaml'), `${readFileSync(join(place.dir, 'soc-kpi.yaml'), 'utf8')}operators: [ops@soc.example]\n`);
  await place.run(noticed);
  await place.run(firing);
  const { shell, lines } = shellAt(place, firing + hour);
  assert.equal(await digest(shell, { mail: true }), 0, lines.join('\n'));
  const mail = await PostalMime.parse(server.arrived[1]?.data ?? Buffer.alloc(0));
  assert.equal(mail.subject, 'soc-kpi today: all is well');
  assert.match(
    mail.text ?? '',
    /To look at\n {2}nothing\n\nWent out since yesterday\n {2}2026-11-03 06:00.* {2}acme daily 2026-11-02 r1 to boss@acme\.example\n\nDue by tomorrow\n {2}2026-11-04T06:00\+01:00\[Europe\/Berlin\] {2}acme daily 2026-11-03, to 1 recipients\n\nSources\n {2}acme siem: complete at /,
  );
  const late = shellAt(place, firing + 30 * hour);
  assert.equal(await digest(late.shell, {}), 3);
  assert.ok(late.lines.some((line) => line.includes('acme: not-looked-at: daily 2026-11-03 was due')));
});

async function tlsServer(t: TestContext, until: string): Promise<{ port: number; cert: string }> {
  const { key, cert } = certificate({ name: 'server', hosts: ['127.0.0.1'], until });
  const server = createServer({ key, cert }, (_request, response) => response.end('ok'));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, cert };
}

/** An instant some days ahead, as a certificate writes it. */
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d{3}/g, '');

test('S9 a certificate that ends within 21 days, or has, is told; one that lasts is not', async (t) => {
  const mails = await scripted(t, {});
  for (const [until, wanted] of [
    [inDays(22.5), /^all is well$/],
    [
      inDays(20.5),
      /^acme: certificate: the certificate of webhook tickets \(127\.0\.0\.1\) ends on \d{4}-\d\d-\d\d, in 20 days; renew it$/,
    ],
    [inDays(-1), /^acme: certificate: the certificate of webhook tickets \(127\.0\.0\.1\) has ended; renew it$/],
  ] as const) {
    const { port, cert } = await tlsServer(t, until);
    const hook = `{ webhook: tickets, url: "https://127.0.0.1:${port}/", secret: "\${env:HOOK}", ca_file: ca.pem }`;
    const place = world(t, mails.port, `  - { report: daily, schedule: "0 6 * * *", recipients: [${hook}] }\n`);
    writeFileSync(join(place.dir, 'ca.pem'), cert);
    await place.run(noticed);
    const { shell, lines } = shellAt(place, Date.now());
    // Only the certificate is asked about here: whatever fell due since is another alarm.
    await watch(shell, { grace: '99999999' });
    assert.match(lines.join('\n'), wanted);
  }
});

test('a mail server is asked for its certificate behind STARTTLS', async (t) => {
  const { key, cert } = certificate({ name: 'mail', hosts: ['127.0.0.1'], until: '20401231235959Z' });
  const server = createPlainServer((socket) => {
    socket.on('error', () => {});
    socket.write('220-mail\r\n220 ready\r\n');
    socket.on('data', (chunk) => {
      if (String(chunk).startsWith('EHLO')) socket.write('250-mail\r\n250-SIZE 9\r\n250 STARTTLS\r\n');
      if (!String(chunk).startsWith('STARTTLS')) return;
      socket.removeAllListeners('data');
      socket.write('220 go\r\n');
      new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {});
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const endpoint = { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0, starttls: true };
  const effects = { ...realEffects, readFile: async () => Buffer.from(cert) };
  assert.equal(await certificateEnd({ ...endpoint, ca_file: 'ca.pem' }, effects), Date.parse('2040-12-31T23:59:59Z'));
  assert.equal(await certificateEnd({ ...endpoint, port: 1 }, effects), undefined);
});

test('the metrics are Prometheus text, and come into a file whole', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port, daily(''));
  await place.run(noticed);
  await place.run(firing);
  const { shell, lines } = shellAt(place, firing + hour);
  const file = join(place.dir, 'metrics', 'soc-kpi.prom');
  assert.equal(await status(shell, { prometheus: file }), 0);
  assert.deepEqual(lines, []);
  const text = readFileSync(file, 'utf8');
  assert.deepEqual(readdirSync(join(place.dir, 'metrics')), ['soc-kpi.prom']);
  assert.ok(text.endsWith('\n') && existsSync(file));
  const typed = new Set([...text.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name]) => name));
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('#')) assert.match(line, /^# (HELP \w+ .+|TYPE \w+ gauge)$/);
    else {
      const [, name] = /^(\w+)\{\w+="[^"\\\n]*"(?:,\w+="[^"\\\n]*")*\} \d+(?:\.\d+)?$/.exec(line) ?? [];
      assert.ok(typed.has(name), line);
    }
  }
  assert.match(text, /^soc_kpi_deliveries\{client="acme",state="sent"\} 1$/m);
  assert.match(text, new RegExp(`^soc_kpi_report_last_done_seconds\\{client="acme",report="daily"\\} ${firing / 1000}$`, 'm'));
});
