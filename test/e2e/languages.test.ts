import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import PostalMime from 'postal-mime';
import { resend } from '../../src/cli/send.ts';
import { loadConfig } from '../../src/config/index.ts';
import { realEffects } from '../../src/effects.ts';
import { openPrinter } from '../../src/render/index.ts';
import { runDue } from '../../src/run/index.ts';
import { firing, hour, noticed, type World, world } from '../promises/world.ts';
import { scripted } from '../promises/smtp-script.ts';
import { pdfText } from '../render/pdf-text.ts';

const unprintable = await openPrinter().then(
  async (printer) => {
    await printer.close();
    return undefined;
  },
  (error: unknown) => `no browser here: ${String(error)}`,
);

/** The client is German; one recipient reads German, the other Spanish. Another report goes to him in French. */
const reports = `  - { report: strict, schedule: "0 6 1 * *", recipients: [{ to: second@acme.example, locale: fr-FR, format: link }] }
  - { report: daily, schedule: "0 6 * * *", recipients: [{ to: boss@acme.example, format: pdf }, { to: second@acme.example, locale: es-ES, format: pdf }] }
`;

type Reader = 'boss@acme.example' | 'second@acme.example';

/** By what each reader's language is known. */
const signs: Readonly<Record<Reader, { subject: string; question: RegExp; resent: string; print: string }>> = {
  'boss@acme.example': {
    subject: 'Day, Acme, 2. November 2026',
    question: /Was ist geschehen\?/i,
    resent: 'Erneut gesendet',
    print: 'report.pdf',
  },
  'second@acme.example': {
    subject: 'Day, Acme, 2 de noviembre de 2026',
    question: /¿Qué ocurrió\?/i,
    resent: 'Reenviado',
    print: 'report.es.pdf',
  },
};

test(
  'each recipient gets mail, subject, page and PDF in his own language, and again when it is sent again',
  unprintable === undefined ? {} : { skip: unprintable },
  async (t) => {
    const server = await scripted(t, {});
    const place = await placed(t, server.port);
    const edition = join(place.dir, 'reports/acme/daily/2026-11-02/r1');
    for (const [name, lang] of [
      ['index.html', 'de-DE'],
      ['index.es.html', 'es-ES'],
    ] as const)
      assert.match(readFileSync(join(edition, name), 'utf8'), new RegExp(`<html lang="${lang}"`), name);
    assert.deepEqual(
      server.arrived.map(({ to }) => to),
      Object.keys(signs),
    );
    for (const { to, data } of server.arrived) await speaks(to as Reader, data, edition); // only these two get any
    const shell = { config: place.dir, debug: false, effects: { ...realEffects, now: () => firing + hour }, print: () => {} };
    assert.equal(await resend(shell, 'acme/daily/2026-11-02', { to: 'second@acme.example', reason: 'se perdió' }), 0);
    assert.equal(server.arrived.length, 3);
    const again = server.arrived[2];
    assert.ok(again !== undefined && again.to === 'second@acme.example');
    const { text = '' } = await speaks('second@acme.example', again.data, edition);
    assert.ok(text.includes(`${signs['second@acme.example'].resent}: se perdió`), text);
  },
);

/** A world in which the client's report has just gone out to both. */
async function placed(t: TestContext, port: number): Promise<World> {
  const place = world(t, port, reports);
  const own = join(place.dir, 'clients/acme.yaml');
  writeFileSync(own, readFileSync(own, 'utf8').replace('timezone:', 'locale: de-DE\ntimezone:'));
  await place.run(noticed);
  const effects = { ...realEffects, now: () => firing };
  const [done] = await runDue(await loadConfig(place.dir, effects), effects);
  assert.deepEqual(
    done?.deliveries.map(({ state }) => state),
    ['sent', 'sent'],
    JSON.stringify(done?.runs),
  );
  return place;
}

/** The mail's subject, both of its texts and the attached print, which is the edition's own, speak the reader's language alone. */
async function speaks(to: Reader, data: Buffer, edition: string) {
  const [own, other] = [signs[to], signs[to === 'boss@acme.example' ? 'second@acme.example' : 'boss@acme.example']];
  const mail = await PostalMime.parse(data);
  assert.equal(mail.subject, own.subject);
  const attached = mail.attachments.find(({ disposition }) => disposition === 'attachment');
  const pdf = Buffer.from(attached?.content as ArrayBuffer); // binary parts come as bytes
  assert.equal(hash('sha256', pdf), hash('sha256', readFileSync(join(edition, own.print))), own.print);
  for (const text of [mail.text ?? '', mail.html ?? '', await pdfText(pdf)]) {
    assert.match(text, own.question);
    assert.doesNotMatch(text, other.question);
  }
  return mail;
}
