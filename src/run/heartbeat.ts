import type { Client, Config, Heartbeat } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import { postOnce } from '../http-post.ts';
import type { Run, Store } from '../store/index.ts';

const key = ({ report, period }: Run): string => `${report} ${period}`;
const patience = 10_000;

/**
 * For a watcher that misses what does not come: calls the addresses of each report that got done since this was made, at `now`, and
 * of which nothing failed or is unknown. What goes wrong with the call is told and harms nothing.
 */
export function heartbeats(config: Config, { id, scheduled }: Client, { ledger }: Store, now: Ms): (effects: Effects) => Promise<void> {
  const done = (): Run[] => ledger.runs({ since: now }).filter(({ state }) => state === 'done');
  const before = new Set(done().map(key));
  return async (effects) => {
    const fresh = done().filter((run) => !before.has(key(run)));
    const bad = ledger.deliveries({ open: true }).filter(({ state }) => state === 'failed' || state === 'unknown');
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
