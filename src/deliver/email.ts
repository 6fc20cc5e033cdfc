import type { Smtp } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import type { Actor, Delivery, Ledger } from '../store/index.ts';
import { type Patience, sendBytes } from './smtp.ts';

const minute: Ms = 60_000;
/** RFC 5321 4.5.4.1: half an hour at least once it goes on, and four to five days in all. */
const waits: readonly Ms[] = [2 * minute, 10 * minute, 30 * minute];
const patienceInAll: Ms = 4 * 24 * 60 * minute;

/**
 * Sends what is queued and due of one client's ledger, each mail to one recipient, in the order in which they were queued.
 * A fault of the settings stops the round: trying the same password for every mail locks accounts.
 */
export async function deliverMail(ledger: Ledger, smtp: Smtp, effects: Effects, wait?: Patience): Promise<void> {
  for (const delivery of ledger.deliveries()) {
    if (delivery.channel !== 'email' || (delivery.state !== 'queued' && delivery.state !== 'held')) continue;
    if (!ledger.claim(delivery.id, effects.now())) continue;
    effects.failpoint('outbox.claimed');
    if ((await deliver(ledger, delivery, smtp, effects, wait)) === 'stop') return;
  }
}

async function deliver(ledger: Ledger, delivery: Delivery, smtp: Smtp, effects: Effects, wait?: Patience): Promise<'stop' | 'go on'> {
  const { id, recipient: to } = delivery;
  const stored = ledger.body(id);
  const actor = (): Actor => ({ who: 'schedule', at: effects.now() });
  if (stored === undefined) {
    ledger.settle(id, { state: 'failed', reason: 'its bytes are not in the store any more' }, actor());
    return 'go on';
  }
  const mark = (): void => ledger.mark(id, effects.now());
  const { kind, reason } = await sendBytes(smtp, { to, body: stored.body, mark }, effects, wait);
  if (kind === 'too-large' && stored.small !== undefined) {
    ledger.settle(id, { state: 'queued', reason, small: true }, actor());
    if (!ledger.claim(id, effects.now())) return 'go on';
    return deliver(ledger, { ...delivery, degraded: true }, smtp, effects, wait);
  }
  ledger.settle(id, outcome(kind, reason, delivery, smtp, effects.now()), actor());
  effects.failpoint('outbox.after_commit');
  effects.log({ level: kind === 'sent' ? 'info' : 'warn', event: 'mail', message: `mail to ${to}: ${kind}: ${reason}`, kind, to });
  return kind === 'config-error' ? 'stop' : 'go on';
}

type Kind = Awaited<ReturnType<typeof sendBytes>>['kind'];

function outcome(kind: Kind, reason: string, { attempts, created_at }: Delivery, smtp: Smtp, now: Ms): Parameters<Ledger['settle']>[1] {
  switch (kind) {
    case 'sent':
      return { state: 'sent', reason };
    case 'permanent':
    case 'too-large':
      return { state: 'failed', reason };
    case 'config-error':
      return { state: 'held', reason: `the mail settings do not work: ${reason}`, next_at: now + 60 * minute };
    case 'unknown':
      return smtp.ambiguous === 'resend' ? { state: 'queued', reason, next_at: now + minute } : { state: 'unknown', reason };
    case 'retry':
      if (now - created_at > patienceInAll) return { state: 'failed', reason: `given up after four days: ${reason}` };
      return { state: 'queued', reason, next_at: now + (waits[attempts] ?? 60 * minute) };
  }
}
