import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { composeMail } from '../../src/deliver/index.ts';
import { Secret } from '../../src/secret.ts';
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
  assert.ok(verifyDkim(body.toString('latin1'), publicKey.export({ type: 'spki', format: 'pem' }).toString()));
  assert.ok(
    !verifyDkim(
      body.toString('latin1').replace(/^Date: .*$/m, 'Date: Mon, 2 Nov 2026 06:00:00 +0000'),
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
  );
});

/** RFC 6376 with relaxed/relaxed and rsa-sha256, written for this test alone. */
function verifyDkim(message: string, publicKey: string): boolean {
  const end = message.indexOf('\r\n\r\n');
  const fields = message
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const body = message
    .slice(end + 4)
    .replace(/[ \t]+\r\n/g, '\r\n')
    .replace(/[ \t]+/g, ' ')
    .replace(/(\r\n)*$/, '\r\n');
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? '';
  const tag = (name: string) => new RegExp(`[;:]\\s*${name}=([^;]*)`).exec(signature)?.[1]?.replace(/\s/g, '') ?? '';
  if (createHash('sha256').update(body, 'latin1').digest('base64') !== tag('bh')) return false;
  const relaxed = (field: string) =>
    `${field.slice(0, field.indexOf(':')).toLowerCase().trim()}:${field
      .slice(field.indexOf(':') + 1)
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  const signed = tag('h')
    .split(':')
    .flatMap((name) => fields.filter((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`)).map(relaxed));
  const own = relaxed(signature).replace(/b=[^;]*$/, 'b=');
  return verify('sha256', Buffer.from([...signed, own].join('\r\n'), 'latin1'), publicKey, Buffer.from(tag('b'), 'base64'));
}
