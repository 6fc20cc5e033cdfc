import type { Smtp, Place } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import { type Actor, addressee, type Delivery, type Ledger } from '../store/index.ts';
import type { Attempted, Parcel } from './channel.ts';
import { sendParcel } from './channels.ts';
import { type Patience, sendBytes } from './smtp.ts';

const minute: Ms = 60_000;
/** RFC 5321 4.5.4.1: half an hour at least once it goes on, and four to five days in all. The other channels wait alike. */
const waits: readonly Ms[] = [2 * minute, 10 * minute, 30 * minute];
const patienceInAll: Ms = 4 * 24 * 60 * minute;

/** By which ways one client's deliveries can go. */
export interface Ways {
  smtp?: Smtp;
  /** Where a delivery that is no mail goes, by today's configuration; undefined: nowhere any more. */
  place?(delivery: Delivery): Place | undefined;
}

/** One way to one receiver, as far as trying is concerned. */
interface Way {
  ambiguous: 'hold' | 'resend';
  send(parcel: Parcel): Promise<Attempted>;
}

/**
 * Sends what is queued and due of one client's ledger, in the order in which it was queued. A fault of the settings stops
 * the round for all that goes the same way: trying the same password for every mail locks accounts.
 */
export async function deliverOutbox(ledger: Ledger, ways: Ways, effects: Effects, wait?: Patience): Promise<void> {
  const stopped = new Set<string>();
  for (const delivery of ledger.deliveries({ open: true })) {
    if (delivery.state !== 'queued' && delivery.state !== 'held') continue;
    const way = wayOf(delivery, ways, effects, wait);
    const key = delivery.channel === 'email' ? 'email' : addressee(delivery);
    if (way === undefined || stopped.has(key) || !ledger.claim(delivery.id, effects.now())) continue;
    effects.failpoint('outbox.claimed');
    if ((await attempt(ledger, delivery, way, effects)) === 'stop') stopped.add(key);
  }
}

/** The mails alone. */
export function deliverMail(ledger: Ledger, smtp: Smtp, effects: Effects, wait?: Patience): Promise<void> {
  return deliverOutbox(ledger, { smtp }, effects, wait);
}

/**
 * After a crash, or when the store was restored from a backup: says of each delivery under way what is known of it. What may
 * have arrived goes again only where the settings prefer that to a gap; what a backup does not know never goes by itself.
 */
export function recoverOutbox(ledger: Ledger, ways: Ways, effects: Effects, who = 'schedule'): void {
  const actor = { who, at: effects.now() };
  if (ledger.isCopy()) ledger.distrust(actor);
  for (const delivery of ledger.recover(actor)) {
    if (delivery.state !== 'dot' || wayOf(delivery, ways, effects)?.ambiguous !== 'resend') continue;
    const reason = 'interrupted after it was handed over; it goes again, as the settings say';
    ledger.settle(delivery.id, { state: 'queued', reason }, actor);
  }
}

/** undefined: not now, because nothing is said of this way at all. */
function wayOf(delivery: Delivery, { smtp, place }: Ways, effects: Effects, wait?: Patience): Way | undefined {
  if (delivery.channel === 'email') {
    if (smtp === undefined) return undefined;
    return { ambiguous: smtp.ambiguous, send: ({ body, mark }) => sendBytes(smtp, { to: delivery.recipient, body, mark }, effects, wait) };
  }
  if (place === undefined) return undefined;
  const found = place(delivery);
  if (found === undefined)
    return { ambiguous: 'hold', send: async () => ({ kind: 'permanent', reason: `${addressee(delivery)} is not configured any more` }) };
  return { ambiguous: found.channel === 'webhook' ? found.ambiguous : 'hold', send: (parcel) => sendParcel(found, parcel, effects) };
}

async function attempt(ledger: Ledger, delivery: Delivery, way: Way, effects: Effects): Promise<'stop' | 'go on'> {
  const { id } = delivery;
  const stored = ledger.body(id);
  const actor = (): Actor => ({ who: 'schedule', at: effects.now() });
  if (stored === undefined) {
    ledger.settle(id, { state: 'failed', reason: 'its bytes are not in the store any more' }, actor());
    return 'go on';
  }
  const mark = (): void => ledger.mark(id, effects.now());
  const { kind, reason } = await way.send({ id: delivery.message_id, body: stored.body, mark });
  if (kind === 'too-large' && stored.small !== undefined) {
    ledger.settle(id, { state: 'queued', reason, small: true }, actor());
    if (!ledger.claim(id, effects.now())) return 'go on';
    return attempt(ledger, { ...delivery, degraded: true }, way, effects);
  }
  ledger.settle(id, outcome(kind, reason, delivery, way, effects.now()), actor());
  effects.failpoint('outbox.after_commit');
  const to = addressee(delivery);
  effects.log({
    level: kind === 'sent' ? 'info' : 'warn',
    event: 'delivery',
    message: `${delivery.channel} to ${to}: ${kind}: ${reason}`,
    kind,
    to,
  });
  return kind === 'config-error' ? 'stop' : 'go on';
}

function outcome(kind: Attempted['kind'], reason: string, delivery: Delivery, way: Way, now: Ms): Parameters<Ledger['settle']>[1] {
  const { attempts, created_at, channel } = delivery;
  switch (kind) {
    case 'sent':
      return { state: 'sent', reason };
    case 'permanent':
    case 'too-large':
      return { state: 'failed', reason };
    case 'config-error':
      return {
        state: 'held',
        reason: `the ${channel === 'email' ? 'mail' : channel} settings do not work: ${reason}`,
        next_at: now + 60 * minute,
      };
    case 'unknown':
      return way.ambiguous === 'resend' ? { state: 'queued', reason, next_at: now + minute } : { state: 'unknown', reason };
    case 'retry':
      if (now - created_at > patienceInAll) return { state: 'failed', reason: `given up after four days: ${reason}` };
      return { state: 'queued', reason, next_at: now + (waits[attempts] ?? 60 * minute) };
  }
}
