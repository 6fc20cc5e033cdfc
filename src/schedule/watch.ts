import type { Client } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { addressee, type Store } from '../store/index.ts';
import { due } from './due.ts';

/** Something an operator has to look at. */
export interface Alarm {
  client: string;
  kind: 'not-looked-at' | 'late' | 'held' | 'failed' | 'unknown' | 'source';
  message: string;
}

/**
 * What should have gone out and did not, read from the calendar and the ledger alone: it also notices a scheduler that
 * is not running. `grace`: how late a report may be, in milliseconds.
 */
export function alarms(client: Client, { ledger, batches }: Pick<Store, 'ledger' | 'batches'>, now: Ms, grace: Ms): Alarm[] {
  const found: Alarm[] = [];
  const add = (kind: Alarm['kind'], message: string): void => void found.push({ client: client.id, kind, message });
  for (const scheduled of client.scheduled) {
    const looked = ledger.looked(scheduled.report.id);
    if (looked === undefined)
      add('not-looked-at', `${scheduled.report.id} has a schedule, but no scheduler has looked at it yet; is it running?`);
    for (const { period, due_at } of due(scheduled, client.timezone, looked, now - grace)) {
      add('not-looked-at', `${scheduled.report.id} ${period} was due at ${iso(due_at)} and no scheduler looked; is it running?`);
    }
  }
  const waits = new Map(client.scheduled.map(({ report, collect_deadline }) => [report.id, collect_deadline]));
  for (const { report, period, state, reason, due_at } of ledger.runs()) {
    const what = `${report} ${period}`;
    const since = reason === undefined ? '' : `: ${reason}`;
    if (state === 'held' || state === 'failed') add(state, `${what} is ${state}${since}`);
    const open = state === 'due' || state === 'collected' || state === 'issued';
    const allowed = state === 'due' ? grace + (waits.get(report) ?? 0) : grace;
    if (open && due_at + allowed < now) add('late', `${what} was due at ${iso(due_at)} and is still ${state}${since}`);
  }
  for (const delivery of ledger.deliveries()) {
    const { report, period, state, reason, created_at } = delivery;
    const what = `${report} ${period} to ${addressee(delivery)}`;
    if (state === 'unknown' || state === 'failed' || state === 'held') add(state, `${what} is ${state}: ${reason}`);
    else if (state !== 'sent' && created_at + grace < now)
      add('late', `${what} waits since ${iso(created_at)}${reason === undefined ? '' : `: ${reason}`}`);
  }
  const known = batches();
  for (const source of client.sources.values()) {
    const last = known.filter((batch) => batch.source === source.id).at(-1);
    if (last !== undefined && last.status !== 'complete')
      add('source', `${source.id} was ${last.status} at ${iso(last.finished_at)}: ${last.reason}`);
  }
  return found;
}

function iso(instant: Ms): string {
  return new Date(instant).toISOString();
}
