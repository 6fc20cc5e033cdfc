// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { generateKeyPairSync, hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { send } from '../../src/cli/send.ts';
import { realEffects } from '../../src/effects.ts';
import { certificate } from '../http-certificate.ts';
import { verifyDkim } from '../promises/dkim.ts';
import { firing, hour, noticed, world } from '../promises/world.ts';
import { mailServer, noPostfix } from './postfix.ts';

test(
  'Debian’s postfix takes a report over STARTTLS, signed, and what arrives is what was stored',
  noPostfix === undefined ? {} : { skip: noPostfix },
  async (t) => {
    const tls = certificate({ name: 'mail', hosts: ['127.0.0.1'] });
    const { port, inbox } = await mailServer(t, tls);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const place = world(t, port);
    writeFileSync(join(place.dir, 'ca.pem'), tls.cert);
    writeFileSync(join(place.dir, 'dkim.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const main = join(place.dir, 'soc-kpi.yaml');
    const dkim = 'dkim: { domain: example.com, selector: s1, private_key: "${file:dkim.pem}" }';
    writeFileSync(main, readFileSync(main, 'utf8').replace('tls: none,', `tls: starttls, ca_file: ca.pem, ${dkim},`));
    await place.run(noticed);
    const [done] = await place.run(firing);
    assert.match(`${done?.deliveries[0]?.state}: ${done?.deliveries[0]?.reason}`, /^sent: 250 2\.0\.0 Ok: queued as /);
    const said: string[] = [];
    const shell = {
      config: place.dir,
      debug: false,
      effects: { ...realEffects, now: () => firing + hour },
      print: (text: string) => void said.push(text),
    };
    assert.equal(await send(shell, { test: 'boss@acme.example' }), 0, said.join());
    for (let tries = 0; inbox().length < 2 && tries < 100; tries++) await delay(100);
    const mails = await Promise.all(inbox().map(async (bytes) => ({ bytes, mail: await PostalMime.parse(bytes) })));
    assert.deepEqual(mails.map(({ mail }) => mail.subject).sort(), ['Day, Acme, 2 November 2026', 'Test of soc-kpi']);
    const report = mails.find(({ mail }) => mail.subject !== 'Test of soc-kpi');
    assert.ok(report);
    const issued = readFileSync(join(place.dir, 'reports/acme/daily/2026-11-02/r1/index.html'));
    const attached = report.mail.attachments.find(({ disposition }) => disposition === 'attachment');
    assert.equal(hash('sha256', Buffer.from(attached?.content as ArrayBuffer)), hash('sha256', issued)); // binary parts come as bytes
    assert.match(report.bytes.toString('latin1'), /^Received: .*\n\tby mail\.acme\.example \(Postfix\) with ESMTPS /m);
    const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const signed = report.bytes.toString('latin1').replace(/\r?\n/g, '\r\n');
    assert.ok(verifyDkim(signed.slice(signed.indexOf('DKIM-Signature:')), key), 'the signature survives the way');
  },
);
