import { say, type Words } from '../words/index.ts';
import { compileFilter, type Filter, type FilterColumns } from '../filter/index.ts';
import { type Severity, type Verdict, verdicts } from '../finding.ts';
import { listSeparator } from '../store/columns.ts';
import type { View } from '../store/index.ts';
import { type Coded, countBy, rename } from './table.ts';

/** Most severe first, as every list of severities is ordered. */
export const severityNames: ReadonlyMap<Severity, string> = new Map([
  [6, 'Fatal'],
  [5, 'Critical'],
  [4, 'High'],
  [3, 'Medium'],
  [2, 'Low'],
  [1, 'Informational'],
  [99, 'Other'],
  [0, 'Unknown'],
]);

export function severityColumn(view: View): Coded {
  const values = [...severityNames.values()];
  const unknown = values.length - 1;
  const places = new Int32Array(Math.max(...severityNames.keys()) + 1).fill(unknown);
  for (const [place, id] of [...severityNames.keys()].entries()) places[id] = place;
  const ids = view.number('severity');
  const codes = new Int32Array(view.rows);
  for (let row = 0; row < view.rows; row += 1) {
    const id = ids[row] ?? Number.NaN;
    codes[row] = id >= 0 && id < places.length ? (places[id] ?? unknown) : unknown;
  }
  return { codes, values };
}

/** The client's reading of the product's own word, else the product's verdict; -1 where nobody judged. */
export function verdictColumn(view: View, mapped: ReadonlyMap<string, Verdict>): Coded {
  const given = view.text('verdict');
  const raw = view.text('verdict_raw');
  const byWord = new Map([...mapped].map(([word, verdict]) => [word.toLowerCase(), verdicts.indexOf(verdict)]));
  const givenCode = Int32Array.from(given.values, (value) => verdicts.indexOf(value as Verdict)); // -1 for a text that is none
  const rawCode = Int32Array.from(raw.values, (value) => byWord.get(value.toLowerCase()) ?? -1);
  const codes = new Int32Array(view.rows);
  for (let row = 0; row < view.rows; row += 1) {
    const own = rawCode[raw.codes[row] ?? -1] ?? -1;
    codes[row] = own >= 0 ? own : (givenCode[given.codes[row] ?? -1] ?? -1);
  }
  return { codes, values: verdicts };
}

/** 1, 0, or -1 where it is not known. The client's rule decides where there is one; otherwise the product's own field. */
export function escalatedColumn(view: View, rule: Filter | undefined, zone: string): Int8Array {
  if (rule !== undefined) return new Int8Array(compileFilter(rule, { zone })(view));
  const given = view.number('escalated');
  const codes = new Int8Array(view.rows);
  for (let row = 0; row < view.rows; row += 1) codes[row] = Number.isNaN(given[row] ?? Number.NaN) ? -1 : (given[row] ?? -1);
  return codes;
}

/** Titles come with line breaks and trailing blanks, which are no difference to a reader; the list separator in one would split it. */
export function tidy(text: string): string | undefined {
  const plain = text.replaceAll(listSeparator, ' ').replace(/\s+/g, ' ').trim();
  return plain === '' ? undefined : plain;
}

/** Analysts under pseudonyms, "Analyst A" being who has most; people's names are not for clients. */
export function pseudonyms(analysts: Coded): Coded {
  const ranked = countBy(analysts).flatMap(({ name }) => name ?? []);
  const letters = new Map(ranked.map((name, rank) => [name, `Analyst ${letter(rank)}`]));
  return rename(analysts, (name) => letters.get(name));
}

/** A pseudonym in the reader's language; any other name is data. */
export function analystWords<None extends null | undefined>(name: string | None): Words | None {
  if (name === null || name === undefined) return name;
  const found = /^Analyst ([A-Z]+)$/.exec(name)?.[1];
  return found === undefined ? name : say('Analyst {letter}', { letter: found });
}

/** 0 A … 25 Z, 26 AA, as spreadsheet columns. */
function letter(rank: number): string {
  const last = String.fromCharCode(65 + (rank % 26));
  return rank < 26 ? last : letter(Math.floor(rank / 26) - 1) + last;
}

/** 1 for each value that the filter does not name. */
export function unnamed(values: readonly string[], filter: Filter): Uint8Array {
  return compileFilter(filter)(oneTextColumn(values)).map((named) => 1 - named);
}

/** Distinct texts as the rows of a column, under whatever field name the filter uses. */
function oneTextColumn(values: readonly string[]): FilterColumns {
  const codes = Int32Array.from(values.keys());
  return { rows: values.length, text: () => ({ codes, values }), number: () => undefined };
}
