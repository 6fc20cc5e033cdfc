import { packPhrases, restorePhrases } from '../words/index.ts';

/** An object on its way to another thread: what JSON says of it, and its phrases, of which JSON has only the English. */
export interface Carried {
  json: string;
  phrases: ReturnType<typeof packPhrases>;
}

/** Texts and numbers go as they are. */
export function carry(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return { json: JSON.stringify(value), phrases: packPhrases(value) } satisfies Carried;
}

/** The value that was carried. Its classes other than phrases are not: what the desk takes has none. */
export function arrived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { json, phrases } = value as Carried; // objects come from `carry` only
  return restorePhrases(JSON.parse(json), phrases);
}
