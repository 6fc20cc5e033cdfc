import { openConnection } from '../collect.ts';
import type { Source } from '../config/index.ts';
import type { Effects } from '../effects.ts';

/** What a live source answers to one cheap question: its own line, or what is wrong and what it needs. */
export async function askSource(
  source: Source,
  dir: string,
  effects: Effects,
): Promise<{ detail: string } | { problem: string; error: unknown }> {
  try {
    const http = await openConnection(source.vendor, source.settings, effects, { base_dir: dir });
    return { detail: await source.vendor.check({ http, settings: source.settings, effects, base_dir: dir }) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problem: `${said}\n      it needs: ${source.vendor.permissions.join('; ')}`, error };
  }
}
