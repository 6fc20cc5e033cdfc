import type { Client, Config } from '../config/index.ts';
import { openClientStore } from '../gather/index.ts';
import type { Ms } from '../finding.ts';
import { due, rhythmText, timetableOf } from '../schedule/index.ts';
import { type Run, type Store, StoreError } from '../store/index.ts';

/**
 * Whether there is nothing to do for a client, by a look that locks nobody out: most minutes are like that, and who collects by
 * hand then is not told that the store is busy. In doubt there is something to do.
 */
export function isIdle(config: Config, client: Client, now: Ms): boolean {
  let store: Store;
  try {
    store = openClientStore(config, client.id, { read_only: true });
  } catch (error) {
    if (error instanceof StoreError) return false; // whoever opens it for writing tells
    throw error;
  }
  try {
    const { ledger } = store;
    const waits = ledger.runs({ open: true }).some((run) => canGoOn(run, now));
    const queued = ledger.deliveries({ open: true }).some(({ state, next_at }) => moving.has(state) && (next_at ?? now) <= now);
    return !(ledger.isCopy() || waits || queued || client.scheduled.some((one) => isNews(store, client, one, now)));
  } finally {
    store.close();
  }
}

/** What an outbox goes on with, or has to recover after a crash. */
const moving = new Set(['queued', 'held', 'sending', 'dot']);

/** What was held comes back as due: its data may be complete by now. */
export function canGoOn({ state, next_at }: Run, now: Ms): boolean {
  if (state === 'held') return next_at !== undefined && next_at <= now;
  return ['due', 'collected', 'issued'].includes(state) && (next_at ?? now) <= now;
}

/** A clock that was set back further than this is told. */
export const steppedBack: Ms = 60 * 60_000;

/** Something fell due, the rhythm is another one, or the clock was set back. */
function isNews({ ledger }: Store, client: Client, scheduled: Client['scheduled'][number], now: Ms): boolean {
  const looked = ledger.looked(scheduled.report.id);
  if (looked === undefined || looked.until - now > steppedBack) return true;
  if (looked.rhythm !== rhythmText(timetableOf(scheduled, client.timezone))) return true;
  return due(scheduled, client.timezone, looked, now).length > 0;
}
