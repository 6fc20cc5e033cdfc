import type { Client, Config, Heartbeat } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { postOnce } from '../http-post.ts';
import type { Run, Store } from '../store/index.ts';

const key = ({ report, period }: Run): string => `${report} ${period}`;
const patience = 10_000;

/**
 * For a watcher that misses what does not come: calls the addresses of each report that got done since this was made, and
 * of which nothing failed or is unknown. What goes wrong with the call is told and harms nothing.
 */
export function heartbeats(config: Config, { id, scheduled }: Client, { ledger }: Store): (effects: Effects) => Promise<void> {
  const isDone = ({ state }: Run): boolean => state === 'done';
  const before = new Set(ledger.runs().filter(isDone).map(key));
  return async (effects) => {
    const fresh = ledger.runs().filter((run) => isDone(run) && !before.has(key(run)));
    const bad = ledger.deliveries().filter(({ state }) => state === 'failed' || state === 'unknown');
    const well = fresh.filter(
      (run) => !bad.some(({ report, period, revision }) => key(run) === `${report} ${period}` && run.revision === revision),
    );
    const calls = well.flatMap((run) => {
      const own = scheduled.find(({ report }) => report.id === run.report)?.heartbeat;
      return [own, config.heartbeat].flatMap((heartbeat) =>
        heartbeat === undefined ? [] : [call(heartbeat, `${id} ${key(run)}`, effects)],
      );
    });
    await Promise.all(calls);
  };
}

async function call(heartbeat: Heartbeat, what: string, effects: Effects): Promise<void> {
  const tell = (message: string): void => effects.log({ level: 'warn', event: 'heartbeat', message: `heartbeat of ${what}: ${message}` });
  try {
    const answer = await postOnce({ method: 'GET', url: heartbeat.address(), deadline_ms: patience }, effects);
    if ('lost' in answer) tell(answer.reason);
    else if (answer.status >= 300) tell(`answered ${answer.status}`);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
  }
}
