import assert from 'node:assert/strict';
import { type Collection, collectSource } from '../../src/collect.ts';
import type { Finding } from '../../src/finding.ts';
import { normaliser } from '../../src/normalise.ts';
import type { AnyVendor, CollectWindow } from '../../src/vendors/vendor.ts';
import { now } from '../worlds/engine.ts';
import type { Item, Running, World, WorldOptions } from '../worlds/world.ts';
import { stillEffects } from './replay.ts';

export const day = Date.UTC(2026, 9, 1);
export const minute = 60_000;
/** As the main job does it: each incremental collection begins so long before the last one's watermark. */
const overlap = 10 * minute;
export const created: CollectWindow = { mode: 'created', from: day, to: Date.UTC(2026, 10, 1) };
export const changed: CollectWindow = { mode: 'changed', from: day, to: now };
export const pageSize = 10;

export interface Put {
  world: World;
  vendor: AnyVendor;
}

interface Ran {
  collection: Collection;
  findings: ReadonlyMap<string, Finding>;
  rejected: number;
  slept: readonly number[];
}

export function item(number: number, changes: Partial<Item> = {}): Item {
  const at = day + number * minute;
  return { id: String(number), created: at, changed: at + 5000, title: `Item ${number}`, severity: 3, status: 'open', ...changes };
}

export const items = (count: number, changes: Partial<Item> = {}): Item[] =>
  Array.from({ length: count }, (_, index) => item(index + 1, changes));

export async function inWorld<T>(
  { world }: Put,
  given: readonly Item[],
  options: WorldOptions,
  use: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await world.start(given, { page_size: pageSize, ...options });
  try {
    return await use(running);
  } finally {
    await running.close();
  }
}

/** One collection over HTTP, as the main job does it, that waits for nothing. */
export async function collect({ vendor }: Put, running: Running, window: CollectWindow): Promise<Ran> {
  const slept: number[] = [];
  const effects = { ...stillEffects(now), random: () => 0.5, sleep: async (ms: number) => void slept.push(ms) };
  const settings: unknown = vendor.settings.parse(running.settings);
  const records = normaliser(vendor, settings, now);
  const collection = await collectSource({ vendor, settings, window, effects, take: records.add, max_pages: 2000 });
  const { findings, rejections } = records.finish();
  return { collection, findings: new Map(findings.map((each) => [each.native_id, each])), rejected: rejections.length, slept };
}

/** The next incremental collection after one: from its watermark, or from where it began when it gave none. */
export function next({ collection }: Ran): CollectWindow {
  return { ...changed, from: collection.watermark === undefined ? changed.from : collection.watermark - overlap };
}

export function assertComplete({ collection }: Ran): void {
  assert.deepEqual([collection.status, collection.reason], ['complete', undefined]);
}

/** Each item is there as it is now; with `only`, nothing else is. */
export function assertShown({ world }: Put, findings: ReadonlyMap<string, Finding>, given: readonly Item[], only = true): void {
  const shows = world.shows ?? ((finding, each) => finding.title === each.title.replaceAll('\u0000', '\u2400'));
  const lost = given.filter((each) => {
    const finding = findings.get(nativeOf(world, each));
    return finding === undefined || !shows(finding, each);
  });
  assert.deepEqual(
    lost.map(({ id, title }) => `${id} ${title}`),
    [],
    'lost or out of date',
  );
  if (only) assert.equal(findings.size, given.length);
}

export function nativeOf(world: World, each: Item): string {
  return world.native?.(each) ?? each.id;
}

/** Findings of several collections, the later one's version winning as in the store. */
export function merged(...runs: readonly Ran[]): Map<string, Finding> {
  return new Map(runs.flatMap(({ findings }) => [...findings]));
}

/** Runs the hook at the nth page asked for, once. */
export function atPage(world: World, nth: number, hook: NonNullable<WorldOptions['before']>): NonNullable<WorldOptions['before']> {
  let pages = 0;
  return (asked, known) => {
    if (world.isPage(asked) && ++pages === nth) hook(asked, known);
  };
}
