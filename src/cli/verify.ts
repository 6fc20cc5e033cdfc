import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, type Config, loadConfig } from '../config/index.ts';
import { openClientStore } from '../gather/index.ts';
import { verifyEdition } from '../run/index.ts';
import { type Store, StoreError } from '../store/index.ts';
import { clientOf, counted, type EditionName, editionNamed, editionsNamed, type Shell } from './shell.ts';

/**
 * Looks at the stores, the audit logs and the issued editions, of all clients or those that are named. Exit code 0 when all
 * is as it was written, 1 when some of it could not be looked at, 3 when something is not.
 */
export async function verify(shell: Shell, name: string | undefined, flags: { client?: string }): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const asked = name === undefined ? undefined : editionNamed(name);
  const id = asked?.client ?? flags.client;
  const clients = id === undefined ? [...config.clients.values()] : [clientOf(config, id)];
  const total: Tally = { editions: 0, problems: 0, unchecked: 0 };
  for (const client of clients) {
    if (existsSync(join(config.data_dir, `${client.id}.sqlite`))) await verifyClient(shell, config, client, asked, total);
    else shell.print(`${client.id}: has no store yet`);
  }
  const found = total.problems === 0 ? 'as they were written' : `${total.problems} things are not as they were written`;
  shell.print(
    `${counted(clients.length, 'client')}, ${counted(total.editions, 'edition')}: ${found}${total.unchecked === 0 ? '' : `, ${total.unchecked} could not be looked at`}`,
  );
  return total.problems > 0 ? 3 : total.unchecked > 0 ? 1 : 0;
}

interface Tally {
  editions: number;
  problems: number;
  unchecked: number;
}

async function verifyClient(shell: Shell, config: Config, client: Client, asked: EditionName | undefined, total: Tally): Promise<void> {
  const tell = (what: string, problems: readonly string[], unchecked: readonly string[] = []): void => {
    for (const problem of problems) shell.print(`${what}: ${problem}`);
    for (const reason of unchecked) shell.print(`${what}: not looked at: ${reason}`);
    total.problems += problems.length;
    total.unchecked += unchecked.length;
  };
  let store: Store;
  try {
    store = openClientStore(config, client.id, { read_only: true });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return tell(client.id, [error.message]);
  }
  try {
    tell(`${client.id}: store`, store.check());
    const problem = store.ledger.verifyAudit();
    tell(`${client.id}: audit log`, problem === undefined ? [] : [`${problem}; restore the store from a backup`]);
    for (const edition of asked === undefined ? store.editions() : editionsNamed(store, asked)) {
      total.editions++;
      const { problems, unchecked } = await verifyEdition(config, client, store, edition, shell.effects);
      tell(`${client.id}/${edition.report}/${edition.period}/r${edition.revision}`, problems, unchecked);
    }
  } catch (error) {
    // A store too damaged to say what was issued.
    if (!(error instanceof StoreError)) throw error;
    tell(client.id, [error.message]);
  } finally {
    store.close();
  }
}
