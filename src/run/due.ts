import type { Client, Config, ScheduledReport } from '../config/index.ts';
import { deliverOutbox, recoverOutbox } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import { parsePeriod } from '../period.ts';
import { openPress, type Press } from '../press/index.ts';
import { due, rhythmText, timetableOf } from '../schedule/index.ts';
import { type Actor, type Delivery, type Run, type Store, StoreError } from '../store/index.ts';
import { publishArchive } from './archive.ts';
import { collectClient, openClientStore } from '../gather/index.ts';
import { collectFor } from './coverage-wait.ts';
import { heartbeats } from './heartbeat.ts';
import { canGoOn, isIdle, steppedBack } from './idle.ts';
import { mailsOf } from './mails.ts';
import { parcelsOf, placesFor, waysOf } from './parcels.ts';
import { buildReport, formats, HeldError } from './report.ts';
import { inLittleSpace } from './small-heaps.ts';
import { turns } from './turns.ts';

/** The steps that reach outside; tests put others in their place. */
export interface Steps {
  collect: typeof collectClient;
  build: typeof buildReport;
  deliver: typeof deliverOutbox;
  press: typeof openPress;
}
const realSteps: Steps = { collect: collectClient, build: buildReport, deliver: deliverOutbox, press: openPress };

export interface RunOptions {
  steps?: Steps;
  /** Clients that another call is still busy with; kept up to date. */
  busy?: Set<string>;
  signal?: AbortSignal;
}

/** What became of one client. `problem`: why nothing could be done; `broken`: it is not only that another process is at it. */
export interface ClientRun {
  client: string;
  runs: Run[];
  deliveries: Delivery[];
  problem?: string;
  broken?: true;
}

const minute: Ms = 60_000;
/** Collecting and delivering wait for the network, so a few clients at a time. */
const atOnce = 4;
/** One report is computed while another is printed; each more would only keep its findings in memory. */
const [builtAtOnce, computedAtOnce] = [2, 1];

/**
 * Everything that is due now, for every client: collect, report, deliver. Each step is a row in the ledger, so a call
 * after a crash goes on where the last one stopped. A client that fails does not hold up the others.
 */
export async function runDue(
  config: Config,
  effects: Effects,
  { steps = realSteps, busy = new Set(), signal }: RunOptions = {},
): Promise<ClientRun[]> {
  const waiting = [...config.clients.values()].filter((client) => !busy.has(client.id));
  const done: ClientRun[] = [];
  const press = sharedPress(config, effects, steps.press);
  const turn = turns(builtAtOnce);
  const computing = turns(computedAtOnce);
  const worker = async (): Promise<void> => {
    for (let client = waiting.shift(); client !== undefined && signal?.aborted !== true; client = waiting.shift()) {
      busy.add(client.id);
      try {
        done.push(await runClient(config, client, { steps, turn, computing, press: press.open }, effects));
      } catch (error) {
        // A damaged store, or a fault of ours: told, and the others go on.
        const problem = error instanceof Error ? error.message : String(error);
        effects.log({ level: 'error', event: 'client', message: `${client.id}: ${problem}`, client: client.id });
        done.push({ client: client.id, runs: [], deliveries: [], problem, broken: true });
      } finally {
        busy.delete(client.id);
      }
    }
  };
  try {
    await inLittleSpace(() => Promise.all(Array.from({ length: atOnce }, worker)));
  } finally {
    await press.close();
  }
  return done;
}

/** One thread and one browser for all, started when the first report is built. */
function sharedPress(config: Config, effects: Effects, openPress: Steps['press']): { open(): Press; close(): Promise<void> } {
  let opened: Press | undefined;
  return {
    open() {
      opened ??= openPress(effects, config.browser ?? {});
      return opened;
    },
    close: async () => opened?.close(),
  };
}

interface Means {
  steps: Steps;
  turn: ReturnType<typeof turns>;
  computing: ReturnType<typeof turns>;
  press(): Press;
}

async function runClient(config: Config, client: Client, means: Means, effects: Effects): Promise<ClientRun> {
  if (isIdle(config, client, effects.now())) return { client: client.id, runs: [], deliveries: [] };
  let store: Store;
  try {
    store = openClientStore(config, client.id, { failpoint: effects.failpoint });
  } catch (error) {
    if (!(error instanceof StoreError && error.busy)) throw error;
    effects.log({ level: 'warn', event: 'busy', message: `${client.id}: ${error.message}`, client: client.id });
    return { client: client.id, runs: [], deliveries: [], problem: error.message };
  }
  try {
    const before = effects.now();
    const beat = heartbeats(config, client, store, before);
    recoverOutbox(store.ledger, waysOf(config, client), effects);
    store.ledger.allow(client.contacts);
    materialise(store, client, effects);
    const collected = await collectFor(store, client, openRuns(store, client, effects.now()), means.steps.collect, config.dir, effects);
    for (const run of openRuns(store, client, effects.now())) await advance(config, client, store, run, means, effects);
    await means.steps.deliver(store.ledger, waysOf(config, client), effects);
    await beat(effects);
    await collected?.ended;
    const changed = { since: before };
    return { client: client.id, runs: store.ledger.runs(changed), deliveries: store.ledger.deliveries(changed) };
  } finally {
    store.close();
  }
}

function actorAt(at: Ms): Actor {
  return { who: 'schedule', at };
}

/** Writes down what fell due before anything is done about it. */
function materialise(store: Store, client: Client, effects: Effects): void {
  effects.failpoint('tick.before_materialise');
  // What fell due after the backup was made may have gone out already.
  const copy = store.ledger.isCopy();
  for (const scheduled of client.scheduled) {
    const now = effects.now();
    const { id } = scheduled.report;
    const looked = store.ledger.looked(id);
    const rhythm = rhythmText(timetableOf(scheduled, client.timezone));
    if (looked !== undefined && looked.until - now > steppedBack) {
      const message = `${client.id}: the clock was set back from ${new Date(looked.until).toISOString()}; nothing is due twice`;
      effects.log({ level: 'warn', event: 'clock_regression', message, client: client.id });
    }
    const fallen = due(scheduled, client.timezone, looked, now).map((run) => (copy ? { ...run, mail: false } : run));
    if (looked === undefined || looked.rhythm !== rhythm || fallen.length > 0) {
      store.ledger.enter(id, { until: now, rhythm }, fallen, actorAt(now));
    }
  }
  if (copy) store.ledger.trust(actorAt(effects.now()));
  effects.failpoint('tick.after_insert');
}

/** What can be gone on with now, in each report's order. */
function openRuns(store: Store, client: Client, now: Ms): Run[] {
  const open = store.ledger.runs({ open: true }).filter((run) => canGoOn(run, now));
  const back = (run: Run): boolean => scheduleOf(client, run)?.catchup.order === 'newest-first';
  return [...open.filter((run) => !back(run)), ...open.filter(back).reverse()];
}

function scheduleOf(client: Client, { report }: Pick<Run, 'report'>): ScheduledReport | undefined {
  return client.scheduled.find((scheduled) => scheduled.report.id === report);
}

async function advance(config: Config, client: Client, store: Store, run: Run, means: Means, effects: Effects): Promise<void> {
  const scheduled = scheduleOf(client, run);
  if (scheduled === undefined) {
    store.ledger.move(
      run,
      { state: 'skipped', reason: `${run.report} is not scheduled for ${client.id} any more` },
      actorAt(effects.now()),
    );
    return;
  }
  effects.failpoint('run.claimed');
  try {
    if (run.state === 'collected') await build(config, client, store, run, scheduled, means, effects);
    const [issued] = store.ledger.runs({ report: run.report, period: run.period });
    if (issued?.state === 'issued') await queue(config, client, store, issued, scheduled, effects);
  } catch (error) {
    fail(store, run, error, effects);
  }
}

async function build(
  config: Config,
  client: Client,
  store: Store,
  run: Run,
  { report }: ScheduledReport,
  means: Means,
  effects: Effects,
): Promise<void> {
  if (run.as_of === undefined) throw new Error(`${run.report} ${run.period} was collected at no known time`);
  const period = parsePeriod(run.period, run.zone);
  const request = { config, client, report, period, as_of: run.as_of, formats: new Set(formats), issue: true };
  await means.turn(() => means.steps.build(request, store, means.press(), effects, means.computing));
  effects.failpoint('run.after_done');
}

async function queue(
  config: Config,
  client: Client,
  store: Store,
  run: Run,
  { recipients, places }: ScheduledReport,
  effects: Effects,
): Promise<void> {
  const edition = store
    .editions()
    .find(({ report, period, revision }) => report === run.report && period === run.period && revision === run.revision);
  if (edition === undefined) throw new Error(`there is no edition r${run.revision} of ${run.report} ${run.period}`);
  const { smtp } = config;
  const mails =
    smtp === undefined || !run.mail
      ? []
      : await mailsOf({ ...config, smtp }, client, edition, recipients, { copy: 0, date: edition.built_at });
  await publishArchive(config, client, store, effects);
  const parcels = await parcelsOf(config, client, edition, placesFor(places, run.mail), { copy: 0 });
  effects.failpoint('outbox.before_insert');
  store.ledger.enqueue(edition, [...mails, ...parcels], actorAt(effects.now()));
  effects.failpoint('outbox.after_insert');
}

const mostAttempts = 5;

/** A report that must not go out is held and tried again every hour, for its data may come; other faults wear off or do not. */
function fail(store: Store, seen: Run, error: unknown, effects: Effects): void {
  const now = effects.now();
  const [run = seen] = store.ledger.runs({ report: seen.report, period: seen.period });
  const reason = error instanceof Error ? error.message : String(error);
  const attempts = run.attempts + 1;
  const held = error instanceof HeldError;
  effects.log({ level: 'error', event: held ? 'held' : 'failed', message: `${run.report} ${run.period}: ${reason}` });
  if (held) store.ledger.move(run, { state: 'held', reason, next_at: now + 60 * minute }, actorAt(now));
  else if (attempts >= mostAttempts) store.ledger.move(run, { state: 'failed', reason, attempts }, actorAt(now));
  else store.ledger.move(run, { state: run.state, reason, attempts, next_at: now + attempts * 5 * minute }, actorAt(now));
}
