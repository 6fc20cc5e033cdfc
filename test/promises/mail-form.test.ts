import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { composeMail, type Letter } from '../../src/deliver/index.ts';
import { Secret } from '../../src/secret.ts';
import { verifyDkim } from './dkim.ts';
import { letter, smtp } from './mail-fixtures.ts';

test('M8 nothing in a name or subject can add a header (500 texts)', async () => {
  const count = async (text: string) =>
    (await PostalMime.parse((await composeMail(letter({ subject: text, list: { id: 'monthly.acme', title: text } }), smtp(0))).body))
      .headers;
  const plain = (await count('x')).map(({ key: name }) => name);
  const nasty = fc.array(
    fc.oneof(fc.constantFrom('\r\n', '\n', '\r', '\0', '\u2028', 'Bcc: x@evil.example', '\r\n\r\n', '<', '>', '"'), fc.string()),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(nasty, async (parts) => {
      const headers = await count(`x${parts.join('')}`);
      assert.deepEqual(
        headers.map(({ key: name }) => name),
        plain,
      );
    }),
    { numRuns: 500 },
  );
});

test('M8 an attachment by path or address is never read', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-canary-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'canary.txt');
  writeFileSync(path, 'canary-4711');
  for (const where of [{ path }, { href: `file://${path}` }, { href: 'http://127.0.0.1:9/x' }, { content: { path } }]) {
    // What only another program's mistake could hand over.
    const attachment = { filename: 'x.txt', contentType: 'text/plain', ...where } as unknown as NonNullable<Letter['attachment']>;
    await assert.rejects(composeMail(letter({ attachment }), smtp(0)), /access|rejected|EFILEACCESS|EURLACCESS|argument/i);
  }
});

test('M9 a mail is well-formed: headers, parts, Cyrillic, no remote content, and DKIM that verifies', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const dkim = { domain: 'example.com', selector: 's1', private_key: new Secret(pem, 'x') };
  const subject = 'Ежемесячный отчёт о работе центра мониторинга безопасности за октябрь две тысячи двадцать шестого года';
  const attachment = { filename: 'monthly-2026-10.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') };
  const wish = letter({ subject, attachment });
  const { body } = await composeMail(wish, smtp(0, { secrets: { dkim }, unsubscribe_url: 'https://example.com/u' }));
  const mail = await PostalMime.parse(body);
  const header = (name: string) => mail.headers.find(({ key: found }) => found === name)?.value ?? '';
  assert.equal(mail.subject, subject);
  assert.match(header('list-id'), /<monthly\.acme\.example\.com>/);
  assert.match(header('list-unsubscribe'), /<https:\/\/example\.com\/u>, <mailto:soc@example\.com\?subject=/);
  assert.equal(header('list-unsubscribe-post'), 'List-Unsubscribe=One-Click');
  assert.equal(header('auto-submitted'), 'auto-generated');
  assert.equal(header('x-auto-response-suppress'), 'All');
  assert.equal(mail.date, '2026-11-01T06:00:00.000Z');
  assert.equal(mail.text?.trim(), 'All quiet.');
  assert.equal(mail.html?.trim(), '<p>All quiet.</p>');
  assert.deepEqual(
    mail.attachments.map(({ filename, mimeType }) => `${filename} ${mimeType}`),
    ['monthly-2026-10.pdf application/pdf'],
  );
  // RFC 8058, 4: a one-click that the signature does not cover is none.
  const signed = /\bh=([^;]*);/.exec(header('dkim-signature'))?.[1]?.replace(/\s/g, '').split(':') ?? [];
  for (const name of ['from', 'subject', 'date', 'message-id', 'list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'auto-submitted']) {
    assert.ok(signed.includes(name), `${name} is not signed`);
  }
  assert.ok(verifyDkim(body.toString('latin1'), publicKey.export({ type: 'spki', format: 'pem' }).toString()));
  assert.ok(
    !verifyDkim(
      body.toString('latin1').replace(/^Date: .*$/m, 'Date: Mon, 2 Nov 2026 06:00:00 +0000'),
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
  );
});
