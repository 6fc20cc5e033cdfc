import { type Collection, collectSource } from '../../src/collect.ts';
import { type Normalised, normaliser } from '../../src/normalise.ts';
import type { AnyVendor, CollectWindow } from '../../src/vendors/vendor.ts';
import { now } from '../worlds/engine.ts';
import { stillEffects } from './replay.ts';

/** One collection of a vendor that reads files, as the main job does it. */
export async function collectFiles(
  vendor: AnyVendor,
  declared: Record<string, unknown>,
  window: CollectWindow,
): Promise<{ collection: Collection; normalised: Normalised }> {
  const settings: unknown = vendor.settings.parse(declared);
  const records = normaliser(vendor, settings, now);
  const collection = await collectSource({ vendor, settings, window, effects: stillEffects(now), take: records.add });
  return { collection, normalised: records.finish() };
}
