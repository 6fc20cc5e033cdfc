import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, type Config, loadConfig } from '../config/index.ts';
import { localText } from '../period.ts';
import { openClientStore } from '../gather/index.ts';
import { announce } from '../schedule/index.ts';
import { addressee, type Store } from '../store/index.ts';
import type { Shell } from './shell.ts';
import { openFaults } from './status.ts';
import { allAlarms, lineOf, tell } from './watch.ts';

const day = 24 * 60 * 60_000;
const grace = 30 * 60_000;

/**
 * The operators' daily page: what went out since yesterday, what is to be looked at, what is due by tomorrow, and how the
 * sources stand. It comes on quiet days, too: a page that is missing is itself a sign.
 */
export async function digest(shell: Shell, flags: { mail?: true; offline?: true }): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const now = shell.effects.now();
  const found = await allAlarms(config, grace, shell, flags);
  const stores = [...config.clients.values()].map((client) => readStore(config, client, now));
  const coming = announce(config.clients.values(), now, 24).filter(({ at }) => Date.parse(at) <= now + day);
  const chapters = [
    { title: 'To look at', lines: found.map(lineOf), none: 'nothing' },
    { title: 'Went out since yesterday', lines: stores.flatMap(({ sent }) => sent), none: 'nothing' },
    {
      title: 'Due by tomorrow',
      lines: coming.map(
        ({ client, report, period, local, recipients }) => `${local}  ${client} ${report} ${period}, to ${recipients} recipients`,
      ),
      none: 'nothing',
    },
    { title: 'Sources', lines: stores.flatMap(({ sources }) => sources), none: 'none' },
  ];
  const lines = chapters.flatMap(({ title, lines: own, none }) => [
    title,
    ...(own.length === 0 ? [none] : own).map((line) => `  ${line}`),
    '',
  ]);
  for (const line of lines) shell.print(line);
  const subject = found.length === 0 ? 'soc-kpi today: all is well' : `soc-kpi today: ${found.length} things to look at`;
  if (flags.mail === true) await tell(config, subject, lines, shell);
  return found.length === 0 ? 0 : 3;
}

interface StoreLines {
  sent: string[];
  sources: string[];
}

/** A store that is not there or cannot be read is an alarm already. */
function readStore(config: Config, client: Client, now: number): StoreLines {
  const never = { sent: [], sources: [...client.sources.keys()].map((source) => `${client.id} ${source}: never collected`) };
  if (!existsSync(join(config.data_dir, `${client.id}.sqlite`))) return never;
  try {
    const store = openClientStore(config, client.id, { read_only: true });
    try {
      return linesOf(store, client, now);
    } finally {
      store.close();
    }
  } catch {
    return never;
  }
}

function linesOf({ ledger, batches }: Store, client: Client, now: number): StoreLines {
  const at = (instant: number): string => localText(instant, client.timezone);
  const fresh = ledger.deliveries().filter(({ state, changed_at }) => state === 'sent' && changed_at > now - day);
  const known = batches();
  return {
    sent: fresh.map((one) => `${at(one.changed_at)}  ${client.id} ${one.report} ${one.period} r${one.revision} to ${addressee(one)}`),
    sources: [...client.sources.keys()].map((source) => {
      const own = known.filter((batch) => batch.source === source);
      const last = own.at(-1);
      const complete = own.filter(({ status }) => status === 'complete').map(({ window_to }) => window_to);
      if (last === undefined) return `${client.id} ${source}: never collected`;
      const since = complete.length === 0 ? 'never complete' : `last complete for ${at(Math.max(...complete))}`;
      const open = openFaults(own).length;
      const holes = open === 0 ? '' : `; ${open} not complete, see soc-kpi status`;
      return `${client.id} ${source}: ${last.status} at ${at(last.finished_at)}, ${since}${holes}`;
    }),
  };
}
