import type { Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { openClientStore } from '../gather/index.ts';
import { StoreError } from '../store/index.ts';

/** Who read what on which day. */
interface Reading {
  client: string;
  /** "monthly 2026-10 r1", or the archive. */
  subject: string;
  at: number;
}

/** More that nobody could write down are not kept. */
const mostWaiting = 1000;

/**
 * Notes in each client's audit log what was read of it: one line for each edition and day, whoever of its readers it was, since
 * they share a token. A store that somebody writes to is not waited for; the line comes with the next reading, or when the
 * portal stops.
 */
export function openReadings(config: Config, effects: Effects) {
  const known = new Set<string>();
  const waiting = new Map<string, Reading>();
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const keyOf = ({ client, subject, at }: Reading): string => `${client} ${subject} ${dayOf(at)}`;

  const write = (client: string, readings: readonly Reading[]): void => {
    const store = openClientStore(config, client);
    try {
      // Another portal, or this one before it was started again, may have been faster.
      const lines = store.ledger.audit().filter(({ what }) => what === 'read');
      const there = new Set(lines.map(({ subject, at }) => keyOf({ client, subject, at })));
      for (const reading of readings) {
        const { subject, at } = reading;
        if (!there.has(keyOf(reading))) store.ledger.note('read', subject, 'by the portal', { who: client, at });
        waiting.delete(keyOf(reading));
      }
    } finally {
      store.close();
    }
  };
  const flush = (): void => {
    for (const [client, readings] of Map.groupBy(waiting.values(), (reading) => reading.client)) {
      try {
        write(client, readings);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        effects.log({ level: 'debug', event: 'portal', message: `${error.message}; what was read is noted later` });
      }
    }
  };
  return {
    note(client: string, subject: string): void {
      const reading = { client, subject, at: effects.now() };
      const key = keyOf(reading);
      if (known.has(key) && waiting.size === 0) return;
      if (!known.has(key) && waiting.size < mostWaiting) waiting.set(key, reading);
      // Those of the days before are not asked for again.
      if (known.size > mostWaiting) known.clear();
      known.add(key);
      flush();
    },
    close: flush,
  };
}
