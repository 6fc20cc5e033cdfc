// Sends what a store has queued and says so, until it is killed or done: its only use is the tests of lasting and loss.
import { deliverOutbox, recoverOutbox } from '../../src/deliver/index.ts';
import { realEffects } from '../../src/effects.ts';
import { openStore } from '../../src/store/index.ts';
import { smtp } from './mail-fixtures.ts';

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
process.stdout.write('ready\n');
const open = (): boolean => store.ledger.deliveries().some(({ state }) => state === 'queued');
while (open()) {
  await deliverOutbox(store.ledger, settings, effects);
  now += 3_600_000; // what is to be tried again is due
}
store.close();
