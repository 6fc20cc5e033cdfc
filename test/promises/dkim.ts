import { createHash, verify } from 'node:crypto';

/** RFC 6376 with relaxed/relaxed and rsa-sha256, written for the tests alone. */
export function verifyDkim(message: string, publicKey: string): boolean {
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
