// Sends what a store has queued and says so, until it is killed or done: its only use is the tests of lasting and loss.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// As the program does; what is imported after it comes from there.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compile'));
const { deliverOutbox, recoverOutbox } = await import('../../src/deliver/index.ts');
const { realEffects } = await import('../../src/effects.ts');
const { openStore } = await import('../../src/store/index.ts');
const { smtp } = await import('./mail-fixtures.ts');

const [, , path = '', port = '', ambiguous = 'hold'] = process.argv;
const store = openStore(path, 'acme');
const settings = { smtp: smtp(Number(port), { ambiguous: ambiguous === 'resend' ? 'resend' : 'hold' }) };
let now = Date.now();
const effects = {
  ...realEffects,
  now: () => now,
  log: ({ event, kind, to }: { event: string; [field: string]: unknown }) => {
    // Told only after the commit.
    if (event === 'delivery' && kind === 'sent') process.stdout.write(`${String(to)}\n`);
  },
};
recoverOutbox(store.ledger, settings, effects);
await import('nodemailer/lib/smtp-connection'); // else every kill comes while it is loaded
// And what its start has cost, in milliseconds of processor: many start at once here.
const { user, system } = process.cpuUsage();
process.stdout.write(`ready ${Math.round((user + system) / 1000)}\n`);
const open = (): boolean => store.ledger.deliveries().some(({ state }) => state === 'queued');
while (open()) {
  await deliverOutbox(store.ledger, settings, effects);
  now += 3_600_000; // what is to be tried again is due
}
store.close();
