import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Part, parseMessage } from './icu.ts';

/** The languages there are words for. English is the language of the messages themselves. */
export const languages = ['en', 'de', 'fr', 'es', 'ar', 'ja'] as const;
type Code = (typeof languages)[number];

/** Translations by message. */
export type Catalogue = Readonly<Record<string, string>>;

/** One reader's language: its words, and how his locale writes numbers and dates. */
export interface Language {
  code: string;
  /** What Intl is asked with: a locale, in the calendar of the report, with the digits that were chosen. */
  locale: string;
  /** For the page's `lang`. */
  tag: string;
  dir: 'ltr' | 'rtl';
  /** Which digits numbers are written with, by CLDR's name: "latn", "arab". */
  digits: string;
  /** Between the items of a list. */
  comma: string;
  semicolon: string;
  /** The message in this language, ready to be filled. */
  parts(message: string): readonly Part[];
  count(value: number): string;
  plural(value: number): string;
  numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat;
  dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat;
}

/** The language of a locale; `undefined` where there are no words for it. @throws RangeError for what is no locale. */
export function codeOf(locale: string): Code | undefined {
  const { language } = new Intl.Locale(locale);
  return languages.find((code) => code === language);
}

const open = new Map<string, Language>();

/** @throws RangeError for a locale there are no words for; the configuration has refused it before. */
export function languageOf(locale: string): Language {
  const known = open.get(locale);
  if (known !== undefined) return known;
  const code = codeOf(locale);
  if (code === undefined) throw new RangeError(`there are no words for the locale "${locale}"`);
  const language = createLanguage(locale, code === 'en' ? {} : readCatalogue(code));
  open.set(locale, language);
  return language;
}

export function readCatalogue(code: string): Catalogue {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'catalogues', `${code}.json`), 'utf8')); // our own file, held by a test
}

const commas: Readonly<Record<string, [comma: string, semicolon: string]>> = { ar: ['، ', '؛ '], ja: ['、', '；'] };

/** A language from a catalogue at hand. What the catalogue lacks is said in English: the build sees to it that it lacks nothing. */
export function createLanguage(locale: string, catalogue: Catalogue | ((message: string) => string)): Language {
  const wanted = new Intl.Locale(locale);
  // A report's days are those of the Gregorian calendar; some locales have another by default.
  const asked = new Intl.Locale(wanted, { calendar: 'gregory' }).toString();
  const translate =
    typeof catalogue === 'function'
      ? catalogue
      : (message: string) => (Object.hasOwn(catalogue, message) ? catalogue[message] : undefined) ?? message;
  const [comma, semicolon] = commas[wanted.language] ?? [', ', '; '];
  // What is rounded to nothing has no sign: "-0" is no figure.
  const numbers = remember((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(asked, { signDisplay: 'negative', ...options }));
  const rules = new Intl.PluralRules(asked);
  const parsed = new Map<string, readonly Part[]>();
  const digits = new Intl.NumberFormat(asked).resolvedOptions().numberingSystem;
  return {
    code: wanted.language,
    locale: asked,
    tag: wanted.baseName,
    dir: wanted.language === 'ar' ? 'rtl' : 'ltr',
    digits,
    comma,
    semicolon,
    parts(message) {
      const parts = parsed.get(message) ?? asWritten(parseMessage(translate(message)), wanted.language, digits);
      parsed.set(message, parts);
      return parts;
    },
    count: (value) => numbers({ maximumFractionDigits: Number.isInteger(value) ? 0 : 1 }).format(value),
    plural: (value) => rules.select(value),
    numbers,
    dates: remember((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(asked, options)),
  };
}

/** Numbers that a message itself has are written as those beside it: "9 of 10", and in English "95%", as Intl has it. */
function asWritten(parts: readonly Part[], code: string, digits: string): readonly Part[] {
  if (digits !== 'arab' && code !== 'en') return parts;
  const written = (text: string) =>
    code === 'en'
      ? text.replace(/(?<=\d|^) %/g, '%')
      : text.replace(/(?<![A-Za-z\d])\u200e?\d+(?:\u200e?%\u200e?)?(?![A-Za-z\d])/g, arabic);
  return parts.map((part) => {
    if (part.kind === 'text') return { ...part, text: written(part.text) };
    if (part.kind !== 'choice') return part;
    return { ...part, cases: new Map([...part.cases].map(([name, inside]) => [name, asWritten(inside, code, digits)])) };
  });
}

/** The percent sign of these digits goes with a mark that keeps it beside them. */
function arabic(number: string): string {
  const written = number.replace(/^\u200e/, '').replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));
  return written.replace(/\u200e?%\u200e?/, '٪\u061c');
}

/** A formatter takes longer to make than to use. */
function remember<Options extends object, Made>(make: (options: Options) => Made): (options: Options) => Made {
  const made = new Map<string, Made>();
  return (options) => {
    const name = JSON.stringify(options);
    const known = made.get(name) ?? make(options);
    made.set(name, known);
    return known;
  };
}

/** What a phrase is where nobody reads it: in `report.json`, in logs. */
export const english = createLanguage('en-GB', {});
