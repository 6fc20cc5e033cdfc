import type { Part } from './icu.ts';
import { english, type Language } from './language.ts';
import { type Kind, printers } from './print.ts';
import { begin, setApart } from './turn.ts';

/** What a place in a message may be filled with. A number is a count; a string is data and is never translated. */
export type Argument = Words | number | readonly Words[];
export type Arguments = Readonly<Record<string, Argument>>;

/**
 * Something said to a reader, before it is known in which language he reads: a message in English, which is its own
 * key, and what fills its places. As a text, and so in `report.json`, it is English.
 */
export class Phrase {
  readonly message: string;
  readonly args: Arguments;

  constructor(message: string, args: Arguments) {
    this.message = message;
    this.args = args;
    Object.freeze(this);
  }

  toString(): string {
    return read(this, english);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A plain string is data (a title, a name), a phrase is ours. */
export type Words = string | Phrase;

/** A phrase of a message written here: the extraction finds it by this call, so it must be a literal. */
export function say(message: string, args: Arguments = {}): Phrase {
  return new Phrase(message, args);
}

/** A phrase of a text that was marked as a message elsewhere. */
export function phrase(marked: string, args: Arguments = {}): Phrase {
  return new Phrase(marked, args);
}

/** What a typed value is said as: no message of its own, printed as each language does. No message can look like it. */
export function quantityPhrase(kind: Kind, args: Arguments): Phrase {
  return new Phrase(`{=${kind}}`, args);
}

/** Done to data on its way into a page; what is ours needs nothing done. */
export type Guard = (data: string) => string;

/** The text a reader of this language gets. Data stays what it is, but for its guard. */
export function read(words: Words, language: Language, guard: Guard = unguarded): string {
  return typeof words === 'string' ? guard(words) : begin(readPhrase(words, language, guard), language);
}

const unguarded: Guard = (data) => data;

function readPhrase({ message, args }: Phrase, language: Language, guard: Guard): string {
  if (message.startsWith('{=')) return printers[message.slice(2, -1) as Kind](args, language, (inner) => inside(inner, language, guard)); // of `quantityPhrase`
  return fill(language.parts(message), args, language, guard, undefined);
}

function fill(parts: readonly Part[], args: Arguments, language: Language, guard: Guard, counted: Argument | undefined): string {
  let text = '';
  for (const part of parts) {
    switch (part.kind) {
      case 'text':
        text += part.text;
        break;
      case 'argument':
        text += inside(argument(args, part.name), language, guard);
        break;
      case 'number':
        text += inside(counted ?? '', language, guard);
        break;
      case 'choice': {
        const value = argument(args, part.name);
        text += fill(chosen(part, value, language), args, language, guard, part.by === 'plural' ? value : counted);
      }
    }
  }
  return text;
}

function argument(args: Arguments, name: string): Argument {
  const value = args[name];
  if (value === undefined) throw new TypeError(`nothing for {${name}} was given`);
  return value;
}

function inside(value: Argument, language: Language, guard: Guard): string {
  if (typeof value === 'number') return setApart(language.count(value), language);
  if (typeof value === 'string') return guard(value);
  if (value instanceof Phrase) return setApart(readPhrase(value, language, guard), language);
  return value.map((item) => inside(item, language, guard)).join(language.comma);
}

function chosen({ by, cases }: Extract<Part, { kind: 'choice' }>, value: Argument, language: Language): readonly Part[] {
  const other = cases.get('other') ?? [];
  if (by === 'select') return cases.get(String(value)) ?? other;
  const n = typeof value === 'number' ? value : value instanceof Phrase ? Number(value.args.value) : Number.NaN;
  return cases.get(`=${n}`) ?? cases.get(language.plural(n)) ?? other;
}
