import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Smtp } from '../../src/config/index.ts';
import { composeMail, type Letter } from '../../src/deliver/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';

export const smtp = (port: number, more: Partial<Smtp> = {}): Smtp => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  from: 'soc@example.com',
  size_limit_mb: 7,
  ambiguous: 'hold',
  unresolved: [],
  secrets: {},
  ...more,
});

export const letter = (more: Partial<Letter> = {}): Letter => ({
  to: 'a@acme.example',
  subject: 'Monthly report',
  text: 'All quiet.',
  html: '<p>All quiet.</p>',
  date: Date.parse('2026-11-01T06:00:00Z'),
  identity: ['acme', 'monthly', '2026-10', 1, more.to ?? 'a@acme.example', 0],
  list: { id: 'monthly.acme', title: 'Monthly report for Acme' },
  ...more,
});

/** A store with one issued edition whose mails to the given addresses are queued. */
export async function queued(t: TestContext, recipients: readonly string[], body?: Buffer, small?: Buffer): Promise<Store> {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-mail-'));
  const store = openStore(join(dir, 'acme.sqlite'), 'acme');
  t.after(() => {
    store.close();
    rmSync(dir, { recursive: true });
  });
  await enqueue(store, recipients, body, small);
  return store;
}

/** An edition of which only its name matters. */
export const october = {
  report: 'monthly',
  period: '2026-10',
  as_of: 1,
  built_at: 1,
  status: 'complete',
  path: '',
  digest: '',
} as const;

/** Issues an edition and queues its mails. */
export async function enqueue(store: Store, recipients: readonly string[], body?: Buffer, small?: Buffer): Promise<void> {
  store.ledger.allow(recipients);
  const edition = store.addEdition(october);
  const mails = await Promise.all(
    recipients.map(async (recipient) => {
      const composed = await composeMail(letter({ to: recipient }), smtp(0));
      return { channel: 'email', recipient, copy: 0, degraded: false, message_id: composed.message_id, body: body ?? composed.body, small };
    }),
  );
  store.ledger.enqueue(edition, mails, { who: 'test', at: 0 });
}
