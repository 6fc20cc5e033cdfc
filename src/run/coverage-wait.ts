import type { Client } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import type { Batch, Run, Store } from '../store/index.ts';
import type { collectClient } from '../gather/index.ts';
import { holesOf } from './holes.ts';

const pause: Ms = 5 * 60_000;

/**
 * Collects once for all runs that wait for it what changed and then the days that their periods still lack, and lets those go on
 * whose sources are complete or whose deadline is over. Never waits past the deadline; `ended` resolves when a collection that was
 * too slow is over, too.
 */
export async function collectFor(
  store: Store,
  client: Client,
  runs: readonly Run[],
  collect: typeof collectClient,
  base_dir: string,
  effects: Effects,
): Promise<{ ended: Promise<unknown> } | undefined> {
  const waiting = runs.filter(({ state }) => state === 'due' || state === 'held');
  if (waiting.length === 0) return undefined;
  effects.failpoint('fetch.before_request');
  const collecting = collectAll(store, client, waiting, collect, base_dir, effects).then(
    (batches) => missing(client, batches),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const deadlines = waiting.map((run) => deadlineOf(client, run));
  const lacking = await inTime(collecting, Math.max(...deadlines) - effects.now(), effects);
  const now = effects.now();
  for (const [index, run] of waiting.entries()) {
    const deadline = deadlines[index] ?? now;
    const goesOn = lacking === undefined || now >= deadline;
    const to = goesOn
      ? { state: 'collected' as const, as_of: now }
      : { state: 'due' as const, reason: `waits for its sources: ${lacking}`, next_at: Math.min(now + pause, deadline) };
    store.ledger.move(run, to, { who: 'schedule', at: now });
  }
  return { ended: collecting };
}

async function collectAll(
  store: Store,
  client: Client,
  waiting: readonly Run[],
  collect: typeof collectClient,
  base_dir: string,
  effects: Effects,
): Promise<Batch[]> {
  const changed = await collect(store, client, { base_dir }, effects);
  // A source that does not answer at all is not asked for day after day.
  const down = new Set(changed.filter(({ status }) => status === 'failed').map(({ source }) => source));
  const mended: Batch[] = [];
  for (const { source, days } of holesOf(store.batches(), client, waiting, effects.now())) {
    if (!down.has(source)) mended.push(...(await collect(store, client, { base_dir, sources: [source], days }, effects)));
  }
  return [...changed, ...mended];
}

function deadlineOf(client: Client, run: Run): Ms {
  const scheduled = client.scheduled.find(({ report }) => report.id === run.report);
  return run.due_at + (scheduled?.collect_deadline ?? 0);
}

/** A slow source gets a minute at least, for a report that is late already. */
async function inTime(collecting: Promise<string | undefined>, left: Ms, effects: Effects): Promise<string | undefined> {
  const timer = new AbortController();
  const late = effects.sleep(Math.max(left, 60_000), timer.signal).then(
    () => 'its sources have not answered by the deadline',
    () => undefined,
  );
  try {
    return await Promise.race([collecting, late]);
  } finally {
    timer.abort();
  }
}

/** What required sources did not give completely, in words. */
function missing(client: Client, batches: readonly Batch[]): string | undefined {
  const lacking = batches.filter(({ source, status }) => status !== 'complete' && client.sources.get(source)?.required !== false);
  return lacking.length === 0 ? undefined : lacking.map(({ source, status, reason }) => `${source} ${status}: ${reason}`).join('; ');
}
