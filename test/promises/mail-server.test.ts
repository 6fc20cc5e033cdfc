import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { composeMail, sendBytes } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import { Secret } from '../../src/secret.ts';
import { certificate } from '../http-certificate.ts';
import { letter, smtp } from './mail-fixtures.ts';

test('M7 M9 a server not written by us takes the mail over STARTTLS, with a login and a private CA', async (t) => {
  const key = certificate({ name: 'mail', hosts: ['127.0.0.1'] });
  const got: { to: string[]; user: unknown; secure: boolean; data: Buffer }[] = [];
  const server = new SMTPServer({
    key: key.key,
    cert: key.cert,
    onAuth: ({ username, password }, _session, done) => done(null, password === 'geheim' ? { user: username } : undefined),
    onData(stream, { envelope, user, secure }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        got.push({ to: envelope.rcptTo.map(({ address }) => address), user, secure, data: Buffer.concat(chunks) });
        done();
      });
    },
  });
  server.on('error', () => {}); // a client that does not trust us
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const attachment = {
    filename: 'Bericht für Oktober.pdf',
    contentType: 'application/pdf',
    content: Buffer.from('%PDF-1.7\n'.repeat(20_000)),
  };
  const { body } = await composeMail(letter({ attachment }), smtp(0));
  const send = async (password: string, ca = key.cert) => {
    const settings = smtp(port, { tls: 'starttls', user: 'soc', ca_file: 'ca.pem', secrets: { password: new Secret(password, 'x') } });
    const effects = { ...realEffects, readFile: async () => Buffer.from(ca) };
    return (await sendBytes(settings, { to: 'a@acme.example', body, mark() {} }, effects)).kind;
  };
  assert.equal(await send('geheim'), 'sent');
  assert.equal(await send('wrong'), 'config-error');
  assert.equal(await send('geheim', certificate({ name: 'another', hosts: ['127.0.0.1'] }).cert), 'config-error');
  assert.deepEqual(
    got.map(({ to, user, secure }) => ({ to, user, secure })),
    [{ to: ['a@acme.example'], user: 'soc', secure: true }],
  );
  const mail = await PostalMime.parse(got[0]?.data ?? Buffer.alloc(0));
  assert.equal(mail.attachments[0]?.filename, 'Bericht für Oktober.pdf');
  assert.ok(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).equals(attachment.content)); // binary parts come as bytes
});
