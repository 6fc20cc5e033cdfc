import { type Argument, Phrase, phrase, type Words } from './phrase.ts';

/** A phrase as JSON keeps it: text, number, list, or a message with what fills it. */
type Packed = string | number | readonly Packed[] | { message: string; args: Record<string, Packed> };

/** The phrases of a value by their place in it ("/kpis/VOL-01/name"), for a file beside the one that has them in English. */
export function packPhrases(value: unknown): Record<string, Packed> {
  const found: Record<string, Packed> = {};
  walk(value, '', found);
  return found;
}

function walk(value: unknown, place: string, found: Record<string, Packed>): void {
  if (value instanceof Phrase) found[place] = pack(value);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) walk(inner, `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
  }
}

function pack(value: Argument): Packed {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (!(value instanceof Phrase)) return value.map(pack);
  return { message: value.message, args: Object.fromEntries(Object.entries(value.args).map(([name, inner]) => [name, pack(inner)])) };
}

/** Puts the phrases back where their English stands. Places that are not there are left: the two files belong together. */
export function restorePhrases<Value>(value: Value, packed: Readonly<Record<string, Packed>>): Value {
  for (const [place, words] of Object.entries(packed)) {
    const keys = place
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let holder: unknown = value;
    for (const key of keys) holder = inside(holder, key);
    if (typeof inside(holder, last) === 'string') (holder as Record<string, Words>)[last] = unpack(words) as Words; // a text is there
  }
  return value;
}

function inside(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Record<string, unknown>)[key]; // it has it
}

function unpack(value: Packed): Argument {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if ('message' in value)
    return phrase(value.message, Object.fromEntries(Object.entries(value.args).map(([name, inner]) => [name, unpack(inner)])));
  return value.map(unpack) as Words[]; // lists are of words
}
