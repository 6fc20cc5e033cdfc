import { loadConfig } from '../config/index.ts';
import { openClientStore } from '../gather/index.ts';
import { clientOf, type Shell } from './shell.ts';

/** A consistent copy of one client's store, checked after it is written. */
export async function backup(shell: Shell, clientId: string, file: string): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const store = openClientStore(config, clientOf(config, clientId).id, { read_only: true, failpoint: shell.effects.failpoint });
  try {
    await store.backup(file);
  } finally {
    store.close();
  }
  shell.print(`${file}: written and checked; to restore, stop soc-kpi and put it in place of the client's file in ${config.data_dir}`);
  return 0;
}
