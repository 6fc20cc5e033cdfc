import type { Ms } from '../finding.ts';
import { SourceError } from '../http.ts';

interface Slices {
  from: Ms;
  /** Where to stop; asked again before each slice, as the product's clock goes on. */
  end(): Ms;
  /** How long the first one is. */
  length: Ms;
  /** How many records one should hold, about. */
  aim: number;
  /** All records between two instants, both included. */
  fetch(from: Ms, to: Ms): Promise<unknown[]>;
}

const shortest: Ms = 60_000;
const longest: Ms = 30 * 24 * 3600 * 1000;

/**
 * For products without paging, which give everything between two instants at once: slices of time that grow where little
 * happened, faster where nothing did, and are halved where an answer is too large or too slow. Slices touch, as nobody says whether an edge belongs to
 * them; what an edge gives twice is left out.
 */
export async function* slices({ from, end, length, aim, fetch }: Slices): AsyncGenerator<unknown[], void, void> {
  let before = new Set<string>();
  for (let at = from, size = length; at < end(); ) {
    const to = Math.min(at + size, end());
    let records: unknown[];
    try {
      records = await fetch(at, to);
    } catch (error) {
      if (!isTooMuch(error) || to - at <= shortest) throw error;
      size = Math.max(shortest, Math.floor((to - at) / 2));
      continue;
    }
    const texts = records.map((record) => JSON.stringify(record));
    const fresh = records.filter((_, index) => !before.has(texts[index] ?? ''));
    before = new Set(texts);
    if (fresh.length > 0) yield fresh;
    at = to;
    if (records.length > aim) size = Math.max(shortest, Math.floor(size / 2));
    else if (records.length < aim / 4) size = Math.min(longest, size * (records.length === 0 ? 8 : 2));
  }
}

function isTooMuch(error: unknown): boolean {
  if (!(error instanceof SourceError)) return false;
  return error.kind === 'timeout' || error.kind === 'too-large' || error.status === 413 || error.status === 504;
}
