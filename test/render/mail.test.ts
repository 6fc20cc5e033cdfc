import assert from 'node:assert/strict';
import { test } from 'node:test';
import PostalMime from 'postal-mime';
import { composeMail } from '../../src/deliver/index.ts';
import { renderMail } from '../../src/render/index.ts';
import { letter, smtp } from '../promises/mail-fixtures.ts';
import { sampleAnalysis } from './sample.ts';

const wish = {
  locale: 'en-GB',
  attached: 'monthly-2026-10.pdf',
  link: 'https://reports.example.com/acme/monthly/2026-10/r1/',
  branding: { classification: 'TLP:AMBER', colour: '#1f4e79' },
};

test('the text and the HTML of a mail say the same: answers, figures with n, target and change, decisions, blind spots', async () => {
  const { text, html } = await renderMail(sampleAnalysis(), wish);
  const words = html.replace(/<style>.*?<\/style>|<title>.*?<\/title>|<!--.*?-->/gs, ' ').replace(/<[^>]+>/g, ' ');
  const shown = words
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const squeeze = (given: string) => given.replace(/\s+/g, ' ');
  const missing = text
    .split(/\n|; |\d\. (?=\p{Lu})|: |attached: |\.$| \(incomplete\)|Read it at /mu)
    .map((piece) => squeeze(piece).trim())
    .filter((piece) => piece !== '' && !squeeze(shown).includes(piece));
  assert.deepEqual(missing, []);
  for (const part of ['TLP:AMBER', 'What happened?', 'Blind spots.', 'n = 1,950', 'before: 3.1%', 'probably rose by 36 %', 'incomplete']) {
    assert.ok(squeeze(shown).includes(part), `the HTML lacks ${part}`);
    assert.ok(squeeze(text).includes(part), `the text lacks ${part}`);
  }
  assert.match(text, /target \S+/);
});

test('a mail brings its small charts along as PNGs at twice their size, and asks for nothing from elsewhere', async () => {
  const rendered = await renderMail(sampleAnalysis(), wish);
  const attachment = { filename: 'monthly-2026-10.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') };
  const { body } = await composeMail(letter({ ...rendered, attachment }), smtp(0));
  const mail = await PostalMime.parse(body);
  const html = mail.html ?? '';
  const asked = [...html.matchAll(/<img src="([^"]*)" alt="([^"]*)" width="(\d+)" height="(\d+)"/g)];
  assert.ok(asked.length > 0, 'the sample has a figure with a past');
  assert.equal(asked.length, [...html.matchAll(/<img\b/g)].length);
  for (const [, source = '', alt = '', width, height] of asked) {
    const part = mail.attachments.find(({ contentId }) => `cid:${contentId?.slice(1, -1)}` === source);
    assert.ok(part, `${source} is not in the mail`);
    assert.equal(part.disposition, 'inline');
    assert.notEqual(alt, '');
    const png = Buffer.from(part.content as ArrayBuffer); // binary parts come as bytes
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * Number(width), 2 * Number(height)]);
  }
  const addresses = [...html.matchAll(/(?:src|href|background)="([^"]*)"/g)].map(([, address]) => address);
  assert.deepEqual(
    addresses.filter((address) => !address?.startsWith('cid:')),
    [wish.link],
  );
  assert.doesNotMatch(html, /url\(|@import|<link|<script|<form/i);
  assert.deepEqual(
    mail.attachments.filter(({ disposition }) => disposition === 'attachment').map(({ filename }) => filename),
    ['monthly-2026-10.pdf'],
  );
  const again = await composeMail(letter({ ...(await renderMail(sampleAnalysis(), wish)), attachment }), smtp(0));
  assert.ok(again.body.equals(body), 'the same mail has the same bytes');
});

test('hostile text stays text in both parts, and a client without a colour gets ours', async () => {
  const analysis = sampleAnalysis();
  analysis.client.name = '<img src="https://evil.example/x.png" onerror=alert(1)>\r\nBcc: x@evil.example\u202e';
  const { html, text, subject } = await renderMail(analysis, { locale: 'en-GB', resent: '</td><script>alert(1)</script>' });
  assert.doesNotMatch(html, /<script|<img src="(?!cid:)/);
  assert.ok(html.includes('&lt;img src=&quot;https://evil.example/x.png&quot;'));
  assert.doesNotMatch(`${text}${html}${subject}`, /\u202e|\r/);
  assert.doesNotMatch(subject, /\n/);
  assert.match(html, /border-top:6px solid #0b4f8a;/);
  assert.match(text, /The whole report is too large for this mail/);
});
