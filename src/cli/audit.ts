import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { openClientStore } from '../gather/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, type Shell } from './shell.ts';

/** `verify`: exit code 3 when a log is not whole. `list`: the lines, oldest first. */
export async function audit(shell: Shell, what: string, flags: { client?: string }): Promise<number> {
  if (what !== 'verify' && what !== 'list') throw new UsageError(`audit ${what}: there are verify and list`);
  const config = await loadConfig(shell.config, shell.effects);
  const clients = flags.client === undefined ? [...config.clients.values()] : [clientOf(config, flags.client)];
  let broken = 0;
  for (const { id } of clients) {
    if (!existsSync(join(config.data_dir, `${id}.sqlite`))) continue;
    const store = openClientStore(config, id, { read_only: true });
    try {
      const lines = store.ledger.audit();
      const problem = store.ledger.verifyAudit();
      if (what === 'list')
        for (const { at, who, what: done, subject, detail } of lines)
          shell.print(`${new Date(at).toISOString()}  ${id}  ${who}  ${done}  ${subject}  ${detail}`);
      // The last line's seal: written down elsewhere, it proves later that nothing was exchanged as a whole.
      shell.print(
        problem === undefined
          ? `${id}: ${lines.length} lines, whole; the last is sealed ${lines.at(-1)?.hash ?? 'not yet'}`
          : `${id}: ${problem}`,
      );
      if (problem !== undefined) broken++;
    } finally {
      store.close();
    }
  }
  return broken === 0 ? 0 : 3;
}
