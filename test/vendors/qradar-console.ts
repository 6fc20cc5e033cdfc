import { type Collection, collectSource, openConnection } from '../../src/collect.ts';
import { type Qradar, type QradarOptions, startQradar } from '../../src/demo/qradar.ts';
import type { TableRecord } from '../../src/demo/qradar-table.ts';
import type { Effects } from '../../src/effects.ts';
import { type Normalised, normaliser } from '../../src/normalise.ts';
import { Secret } from '../../src/secret.ts';
import qradar from '../../src/vendors/qradar/index.ts';
import type { CollectWindow } from '../../src/vendors/vendor.ts';
import { stillEffects } from './replay.ts';

export const day = Date.UTC(2026, 9, 1);
export const month: CollectWindow = { mode: 'created', from: day, to: Date.UTC(2026, 10, 1) };
export const effects = stillEffects(Date.UTC(2026, 10, 2));

export function offense(id: number | bigint, changes: Record<string, unknown> = {}): TableRecord {
  const at = day + Number(BigInt(id) % 100_000n) * 1000;
  return {
    id,
    description: `Offense ${id}\n`,
    status: 'OPEN',
    severity: 5,
    start_time: at,
    first_persisted_time: at,
    last_persisted_time: at,
    ...changes,
  };
}

export const offenses = (count: number): TableRecord[] => Array.from({ length: count }, (_, index) => offense(index + 1));

/** The paged reading of offenses. */
export const isList = (asked: Qradar['requests'][number]): boolean => asked.query.get('sort') === '+id';

interface Run {
  collection: Collection;
  normalised: Normalised;
}

export async function withQradar<T>(options: QradarOptions, use: (console: Qradar) => Promise<T>): Promise<T> {
  const console = await startQradar(options);
  try {
    return await use(console);
  } finally {
    await console.close();
  }
}

export async function collect(
  console: Qradar,
  window = month,
  given: Record<string, unknown> = {},
  world: Effects = effects,
): Promise<Run> {
  const settings = qradar.settings.parse({ base_url: console.url, token: new Secret(console.token, 'test'), page_size: 50, ...given });
  const records = normaliser(qradar, settings, world.now());
  const collection = await collectSource({ vendor: qradar, settings, window, effects: world, take: records.add });
  return { collection, normalised: records.finish() };
}

export async function check(console: Qradar, given: Record<string, unknown> = {}): Promise<string> {
  const settings = qradar.settings.parse({ base_url: console.url, token: new Secret(console.token, 'test'), ...given });
  return qradar.check({ http: await openConnection(qradar, settings, effects), settings, effects });
}
