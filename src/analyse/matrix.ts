import type { Facts } from './facts.ts';
import { type ColumnName, manyValued } from './findings.ts';
import { oncePerObject } from '../once.ts';
import { itemsOf, type Lists, singleLists } from './table.ts';

/** Findings created per value and day of the period. */
export type DayMatrix = ReadonlyMap<string, Float64Array>;

const shared = oncePerObject((_: Facts) => new Map<string, DayMatrix>());

/** Of the values with at least `least` findings; a finding counts once for each of its values. Shared by all that ask for the same. */
export function perDayOf(facts: Facts, column: ColumnName, least: number): DayMatrix {
  const kept = shared(facts);
  const key = `${column} ${least}`;
  const matrix = kept.get(key) ?? countDays(facts, column, least);
  kept.set(key, matrix);
  return matrix;
}

function countDays({ created, findings, period }: Facts, column: ColumnName, least: number): DayMatrix {
  const frequent = created.counts(column).flatMap(({ name, n }) => (name === undefined || n < least ? [] : [name]));
  const matrix = new Map(frequent.map((name) => [name, new Float64Array(period.days.length)]));
  const { codes, values } = created.coded(column);
  const lists = manyValued.has(column) ? findings.lists(column) : singleLists(values);
  const { place, texts } = textsWith(lists, matrix);
  const width = period.days.length;
  const cells = new Float64Array(texts.length * width);
  const days = created.coded('day').codes;
  for (let i = 0; i < codes.length; i += 1) {
    const row = place[codes[i] ?? -1] ?? -1;
    const day = days[i] ?? -1;
    if (row >= 0 && day >= 0) cells[row * width + day] = (cells[row * width + day] ?? 0) + 1; // every cell exists
  }
  texts.forEach((text, row) => {
    for (const item of itemsOf(lists, text)) addTo(matrix.get(lists.values[item] ?? ''), cells, row * width);
  });
  return matrix;
}

/** The distinct texts that hold a wanted value, numbered anew: high-cardinality columns have few of them. */
function textsWith(lists: Lists, wanted: ReadonlyMap<string, unknown>): { place: Int32Array; texts: number[] } {
  const place = new Int32Array(lists.texts.length).fill(-1);
  const isWanted = lists.values.map((value) => wanted.has(value));
  const texts: number[] = [];
  for (let text = 0; text < place.length; text += 1) {
    if (itemsOf(lists, text).some((item) => isWanted[item] === true)) place[text] = texts.push(text) - 1;
  }
  return { place, texts };
}

function addTo(sum: Float64Array | undefined, cells: Float64Array, from: number): void {
  if (sum === undefined) return;
  for (let day = 0; day < sum.length; day += 1) sum[day] = (sum[day] ?? 0) + (cells[from + day] ?? 0); // both as long as the period
}
