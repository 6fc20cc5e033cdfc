import { Phrase } from '../words/index.ts';

/**
 * What JSON would keep of a value, as it can be sent to another thread: a page shows what `report.json` says. A phrase travels as a
 * Map, as nothing else that is sent is one; its English is not made for that.
 */
export function carry(value: unknown): unknown {
  if (value instanceof Phrase) return new Map<string, unknown>(Object.entries({ message: value.message, args: carry(value.args) }));
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null; // -0 is 0 there
  return within(value, carry);
}

/** The value that was carried. Its classes other than phrases are not: what the desk takes has none. */
export function arrived(value: unknown): unknown {
  if (value instanceof Map) return new Phrase(value.get('message'), arrived(value.get('args')) as Phrase['args']); // `carry` made it of these
  return within(value, arrived);
}

function within(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  for (const entry of entries) entry[1] = change(entry[1]);
  // Entries, not a copy by assignment: a key named __proto__ must stay a key.
  return Object.fromEntries(entries);
}
