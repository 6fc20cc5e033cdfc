import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from '../collect.ts';
import type { Client, Config, Source } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Ms, Rejection } from '../finding.ts';
import { normaliser } from '../normalise.ts';
import type { Period } from '../period.ts';
import { type Batch, type OpenOptions, openStore, type Store } from '../store/index.ts';
import type { CollectWindow } from '../vendors/vendor.ts';
import { frugally } from './frugal.ts';
export { frugally } from './frugal.ts';

/** Changes are asked for again from a little before the last one seen: some consoles store whole seconds, and late. */
const overlap: Ms = 10 * 60 * 1000;

/** Half a day of 15-minute collections: merging rewrites what is open, so it is not done each time. */
const manyFresh = 48;

export function openClientStore(config: Config, client: string, options: OpenOptions = {}): Store {
  if (options.read_only !== true) mkdirSync(config.data_dir, { recursive: true });
  return openStore(join(config.data_dir, `${client}.sqlite`), client, options);
}

export interface CollectOptions {
  /** Only these sources. */
  sources?: readonly string[];
  /** These local days afresh instead of what changed since last time. */
  days?: Period;
  /** Folder for redacted recordings. */
  record_to?: string;
  /** Folder that relative paths in the settings start from: the configuration's. */
  base_dir: string;
}

/** Collects each source; one batch a window. A source that fails is a failed batch, not an exception. */
export async function collectClient(store: Store, client: Client, options: CollectOptions, effects: Effects): Promise<Batch[]> {
  const sources = [...client.sources.values()].filter((source) => options.sources?.includes(source.id) ?? true);
  const batches = await frugally(() => Promise.all(sources.map((source) => collectWindows(store, client, source, options, effects))));
  if (store.stats().fresh >= manyFresh) store.compact({ keep_history_from: daysBefore(effects.now(), client) });
  return batches.flat();
}

async function collectWindows(store: Store, client: Client, source: Source, options: CollectOptions, effects: Effects): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (const window of windowsOf(store, client, source, options.days, effects.now())) {
    batches.push(await collectWindow(store, source, window, options, effects));
  }
  return batches;
}

/** Asked-for days one by one, so that a day that fails leaves the others whole; otherwise all that changed since last time. */
function windowsOf(store: Store, client: Client, source: Source, days: Period | undefined, now: Ms): CollectWindow[] {
  if (days !== undefined)
    return days.days.filter((day) => day.start < now).map((day) => ({ mode: 'created', from: day.start, to: Math.min(day.end, now) }));
  const cursor = store.cursor(source.id);
  const from = cursor === undefined ? daysBefore(now, client) : Number(cursor) - overlap;
  return [{ mode: 'changed', from, to: now }];
}

async function collectWindow(
  store: Store,
  source: Source,
  window: CollectWindow,
  options: CollectOptions,
  effects: Effects,
): Promise<Batch> {
  const { vendor, settings } = source;
  // Only here: a report from the store needs nothing that speaks to the network.
  const { collectSource } = await import('../collect.ts');
  const records = normaliser(vendor, settings, effects.now());
  const collected = await collectSource({
    vendor,
    settings,
    window,
    effects,
    base_dir: options.base_dir,
    take: (page, number) => {
      records.add(page, number);
      effects.log({
        level: 'info',
        event: 'page',
        message: `${source.id}: page ${number}, ${page.records.length} records`,
        source: source.id,
        page: number,
      });
    },
    ...(options.record_to === undefined ? {} : { record_to: options.record_to }),
  });
  const { findings, rejections } = records.stream();
  const { status, reason } = withRejections(collected, rejections);
  // Unreadable records do not hold the cursor back: asking again would bring the same ones for ever.
  const cursor = window.mode === 'changed' && collected.status === 'complete' ? (collected.watermark ?? window.from) : undefined;
  const batch = store.append(
    {
      source: source.id,
      mode: window.mode,
      window_from: Math.max(window.from, collected.since ?? window.from),
      window_to: window.to,
      started_at: collected.started_at,
      finished_at: collected.finished_at,
      status,
      reason,
      expected: collected.expected,
      fetched: collected.fetched,
      rejected: rejections.length,
      requests: collected.requests,
    },
    findings,
    rejections,
    cursor === undefined ? undefined : String(cursor),
  );
  report(batch, effects);
  return batch;
}

/** A record that could not be read is missing from every figure, so what was collected is not complete. */
function withRejections(collected: Collection, rejections: readonly Rejection[]): Pick<Batch, 'status' | 'reason'> {
  const first = rejections[0];
  if (first === undefined) return collected;
  const unread = `${rejections.length} of ${collected.fetched} records could not be read, the first at ${first.place}: ${first.reason}`;
  if (collected.status !== 'complete') return { status: collected.status, reason: `${collected.reason}; ${unread}` };
  return { status: 'partial', reason: unread };
}

function report(batch: Batch, effects: Effects): void {
  const level = batch.status === 'complete' ? 'info' : 'warn';
  const message = `${batch.source}: ${batch.status}, ${batch.fetched} records, ${batch.stored} new or changed${batch.reason === undefined ? '' : `: ${batch.reason}`}`;
  const { source, status, fetched, stored, rejected } = batch;
  effects.log({ level, event: 'batch', message, source, status, fetched, stored, rejected, reason: batch.reason ?? null });
}

/** The start of the remembered past: how far back a first collection reaches and as-of views stay exact. */
function daysBefore(now: Ms, client: Client): Ms {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(client.timezone);
  return local.subtract({ days: client.history_days }).startOfDay().epochMilliseconds;
}
