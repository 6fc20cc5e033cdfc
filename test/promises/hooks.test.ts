import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { test } from 'node:test';
import { deliverOutbox } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import type { Place } from '../../src/config/index.ts';
import type { Store } from '../../src/store/index.ts';
import { certificate } from '../http-certificate.ts';
import { type Request, listening, message, queuedFor, said, place } from './places.ts';

const now = Date.parse('2026-11-01T06:00:00Z');
const effects = { ...realEffects, now: () => now };
const send = (store: Store, to: Place, at = now) => deliverOutbox(store.ledger, { place: () => to }, { ...effects, now: () => at });
const stateOf = ({ ledger }: Store) => ledger.deliveries()[0]?.state;
const reasonOf = ({ ledger }: Store) => ledger.deliveries()[0]?.reason ?? '';

test('a webhook is signed over its time and its bytes, and a repetition can be told by its key', async (t) => {
  const answers = [503, 200];
  const server = await listening(t, (request, response) => said(answers.shift() ?? 500)(request, response));
  const to = place({ channel: 'webhook', url: `${server.url}/in?x=1`, ambiguous: 'hold' }, { secret: 'geheim' });
  const store = await queuedFor(t, to);
  await send(store, to);
  assert.equal(stateOf(store), 'queued');
  await send(store, to, now + 60_000);
  assert.equal(server.asked.length, 1, 'not before its time');
  await send(store, to, now + 600_000);
  assert.equal(stateOf(store), 'sent');
  const [first, second] = server.asked;
  assert.ok(first && second && first.body.equals(second.body));
  assert.equal(first.headers['idempotency-key'], 'f'.repeat(32));
  assert.equal(second.headers['idempotency-key'], 'f'.repeat(32));
  for (const { headers, body, url, method } of server.asked) {
    assert.deepEqual([method, url, headers['content-type']], ['POST', '/in?x=1', 'application/json']);
    const time = headers['x-soc-kpi-timestamp'] ?? '';
    const wanted = createHmac('sha256', 'geheim')
      .update(`${time}.${body.toString('utf8')}`)
      .digest('hex');
    assert.equal(headers['x-soc-kpi-signature'], `v1=${wanted}`);
  }
  assert.equal(first.headers['x-soc-kpi-timestamp'], String(now / 1000));
  const told = JSON.parse(String(first.body));
  assert.deepEqual([told.event, told.edition.report, told.link, told.answers.length], ['report.issued', 'monthly', message().link, 3]);
  assert.doesNotMatch(JSON.stringify(store.ledger.audit()), /geheim/);
});

const faults: [string, Parameters<typeof listening>[1], string][] = [
  ['200', said(200), 'sent'],
  ['202', said(202, ''), 'sent'],
  ['204', (_request, response) => void response.writeHead(204).end(), 'sent'],
  ['301 to elsewhere', (_request, response) => void response.writeHead(301, { location: 'https://evil.example/' }).end(), 'held'],
  ['400', said(400, 'invalid_payload'), 'failed'],
  ['401', said(401), 'held'],
  ['403', said(403, 'invalid_token'), 'held'],
  ['404', said(404, 'no_service'), 'held'],
  ['410', said(410, 'channel_is_archived'), 'held'],
  ['413', said(413), 'failed'],
  ['429', said(429), 'queued'],
  ['500', said(500, 'rollup_error'), 'queued'],
  ['502', said(502), 'unknown'],
  ['503', said(503), 'queued'],
  ['504', said(504), 'unknown'],
  ['cut off before the answer', (_request, _response, socket) => void socket.destroy(), 'unknown'],
  ['a line of nonsense', (_request, _response, socket) => void socket.end('nonsense\r\n\r\n'), 'unknown'],
  ['half an answer', (_request, _response, socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nx'), 'unknown'],
];

test(`what came of a post is in its class (${faults.length} faults, three channels)`, async (t) => {
  for (const channel of ['webhook', 'slack', 'teams'] as const) {
    for (const [name, answer, state] of faults) {
      const server = await listening(t, answer);
      const to = place({ channel, url: server.url, ambiguous: 'hold' }, { url: server.url, secret: 'geheim' });
      const store = await queuedFor(t, to);
      await send(store, to);
      assert.equal(stateOf(store), state, `${channel}: ${name}: ${reasonOf(store)}`);
      await send(store, to, now + 30 * 60_000);
      const tries = state === 'queued' ? 2 : 1;
      assert.equal(server.asked.length, tries, `${channel}: ${name}`);
    }
  }
});

test('an answer that was lost is held and told, or sent again where the receiver honours the key', async (t) => {
  const server = await listening(t, (request, response, socket) =>
    server.asked.length === 1 ? socket.destroy() : said(200)(request, response),
  );
  const to = place({ channel: 'webhook', url: server.url, ambiguous: 'resend' }, { secret: 'geheim' });
  const store = await queuedFor(t, to);
  await send(store, to);
  assert.equal(stateOf(store), 'queued');
  await send(store, to, now + 120_000);
  assert.equal(stateOf(store), 'sent');
  assert.deepEqual(new Set(server.asked.map(({ headers }) => headers['idempotency-key'])).size, 1);
});

test('what never left is tried again; what dies after the mark is unknown', async (t) => {
  const to = place({ channel: 'webhook', url: 'http://127.0.0.1:1/', ambiguous: 'hold' }, { secret: 'geheim' });
  const refused = await queuedFor(t, to);
  await send(refused, to);
  assert.match(`${stateOf(refused)}: ${reasonOf(refused)}`, /^queued: 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)$/);
  const died = await queuedFor(t, to);
  const [delivery] = died.ledger.deliveries();
  died.ledger.claim(delivery?.id ?? 0, now);
  died.ledger.mark(delivery?.id ?? 0, now);
  died.ledger.recover({ who: 'test', at: now });
  await send(died, to, now + 3_600_000);
  assert.equal(stateOf(died), 'unknown');
});

test('TLS is verified: another CA is refused before a byte leaves, the right one serves', async (t) => {
  const { key, cert } = certificate({ name: 'hook', hosts: ['127.0.0.1'] });
  let posts = 0;
  const server = createTlsServer({ key, cert }, (request, response) => {
    posts++;
    request.resume().on('end', () => response.end('ok'));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  const to = (more: object) => place({ channel: 'webhook', url, ambiguous: 'hold', ...more }, { secret: 'geheim' });
  const blind = await queuedFor(t, to({}));
  await send(blind, to({}));
  assert.match(
    `${stateOf(blind)}: ${reasonOf(blind)}`,
    /^held: the webhook settings do not work: 127\.0\.0\.1:\d+ shows a certificate nobody vouches for/,
  );
  assert.equal(posts, 0);
  const trusting = await queuedFor(t, to({}));
  await deliverOutbox(trusting.ledger, { place: () => to({ ca_file: 'ca.pem' }) }, { ...effects, readFile: async () => Buffer.from(cert) });
  assert.equal(stateOf(trusting), 'sent', reasonOf(trusting));
  const unsafe = await queuedFor(t, to({}));
  await deliverOutbox(
    unsafe.ledger,
    { place: () => to({ ca_file: 'ca.pem' }) },
    { ...effects, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  );
  assert.equal(stateOf(unsafe), 'held');
  assert.equal(posts, 1);
});

const hostile = {
  title: '<!channel> *bold* <https://evil.example|click> [click](https://evil.example)',
  remarks: ['<at>everyone</at> {{DATE(2026-01-01T00:00:00Z)}} :rotating_light: _x_ ~y~ `z`'],
  answers: [{ question: 'What happened?', answer: '**bold** ![x](https://evil.example/x.png) <@U123> &lt;' }],
};

test('hostile text is inert in Slack: it stands in plain text only, and what is markup is escaped', async (t) => {
  const server = await listening(t, said(200));
  const to = place({ channel: 'slack' }, { url: server.url });
  const store = await queuedFor(t, to, { message: { ...hostile, link: 'https://reports.example.com/a?b=1&c=<d>' } });
  await send(store, to);
  const posted = bodyOf(server.asked);
  const texts: { type: string; text: string; emoji?: boolean }[] = posted.blocks.map((block: { text: object }) => block.text);
  const markup = texts.filter(({ type }) => type !== 'plain_text');
  assert.deepEqual(markup, [
    { type: 'mrkdwn', text: '<https://reports.example.com/a?b=1&amp;c=&lt;d&gt;|Read the whole report>', verbatim: true },
  ]);
  assert.ok(texts.filter(({ type }) => type === 'plain_text').every(({ emoji }) => emoji === false));
  assert.equal(posted.mrkdwn, false);
  assert.doesNotMatch(posted.text, /[<>]/);
  assert.ok(texts.some(({ text }) => text.includes('*bold*')) || texts.some(({ text }) => text.includes('**bold**')));
});

test('hostile text is inert in Teams: it stands in text runs only, which know no Markdown', async (t) => {
  const server = await listening(t, said(202, ''));
  const to = place({ channel: 'teams' }, { url: server.url });
  const store = await queuedFor(t, to, { message: hostile });
  await send(store, to);
  const card = bodyOf(server.asked).attachments[0].content;
  assert.equal(bodyOf(server.asked).attachments[0].contentType, 'application/vnd.microsoft.card.adaptive');
  for (const block of card.body) {
    assert.equal(block.type, 'RichTextBlock');
    for (const run of block.inlines) assert.equal(run.type, 'TextRun');
  }
  assert.deepEqual(card.actions, [{ type: 'Action.OpenUrl', title: 'Read the whole report', url: message().link }]);
  assert.doesNotMatch(JSON.stringify(card), /\{\{/);
});

test('Teams that says in a 200 that it was refused is not believed', async (t) => {
  const server = await listening(
    t,
    said(200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x'),
  );
  const to = place({ channel: 'teams' }, { url: server.url });
  const store = await queuedFor(t, to);
  await send(store, to);
  assert.equal(stateOf(store), 'queued');
});

test('the address of a chat is a secret: it stands in no reason, no log and no audit line', async (t) => {
  const logged: string[] = [];
  const quiet = { ...effects, log: (event: object) => void logged.push(JSON.stringify(event)) };
  for (const [path, answer] of [['/services/T0/B0/geheim', said(404, 'no_service')]] as const) {
    const server = await listening(t, answer);
    for (const url of [`${server.url}${path}`, `http://127.0.0.1:1${path}`, `http://evil.example${path}`, `no address ${path}`]) {
      const to = place({ channel: 'slack' }, { url });
      const store = await queuedFor(t, to);
      await deliverOutbox(store.ledger, { place: () => to }, quiet);
      assert.notEqual(stateOf(store), 'sent');
      assert.doesNotMatch(JSON.stringify([store.ledger.deliveries(), store.ledger.audit(), logged]), /geheim/);
    }
  }
});

test('who is not in the configuration any more gets nothing, and it is told', async (t) => {
  const server = await listening(t, said(200));
  const to = place({ channel: 'slack' }, { url: server.url });
  const store = await queuedFor(t, to);
  await deliverOutbox(store.ledger, { place: () => undefined }, effects);
  assert.equal(`${stateOf(store)}: ${reasonOf(store)}`, 'failed: slack one is not configured any more');
  assert.equal(server.asked.length, 0);
});

function bodyOf(asked: readonly Request[]) {
  return JSON.parse(String(asked[0]?.body));
}
