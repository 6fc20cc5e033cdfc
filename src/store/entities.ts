import { type Entity, entityTypes } from '../finding.ts';
import { block, type Placed } from './placed.ts';
import { coder, type ItemLists } from './rows.ts';

const types: ReadonlyMap<string, Entity['type']> = new Map(entityTypes.map((type) => [type, type]));

/** An entity as one text, so that a dictionary holds each once: "actor|ip:10.0.0.1". */
export function itemOf({ type, value, role }: Entity): string {
  return `${role ?? ''}|${type}:${value}`;
}

export function entityOf(item: string): Entity {
  const bar = item.indexOf('|');
  const colon = item.indexOf(':', bar);
  const role = item.slice(0, bar);
  const type = types.get(item.slice(bar + 1, colon)) ?? 'other';
  const value = item.slice(colon + 1);
  return role === 'actor' || role === 'target' ? { type, value, role } : { type, value };
}

/** Where each row's items start in `codes`; one more than there are rows. */
export function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  let start = 0;
  for (let row = 0; row < counts.length; row++) {
    start += counts[row] ?? 0;
    starts[row + 1] = start;
  }
  return starts;
}

/** Puts the entity lists of placed rows in the order of their places; the distinct items are in no certain order. */
export function gatherEntities(rows: number, placed: readonly Placed[]): ItemLists {
  const read = placed.flatMap(({ reader, stretches }) => {
    const lists = reader.entities();
    return lists === undefined ? [] : [{ lists, stretches }];
  });
  const counts = new Int32Array(rows);
  for (const { lists, stretches } of read) {
    for (const [at, found] of stretches.entries()) putCounts(counts, found, lists.counts.subarray(at * block, (at + 1) * block));
  }
  const { codes: codesOf, values } = coder();
  const starts = startsOf(counts);
  const codes = new Int32Array(starts[rows] ?? 0);
  for (const { lists, stretches } of read) {
    const merged = codesOf(lists.values);
    const own = startsOf(lists.counts);
    for (const [at, found] of stretches.entries()) {
      const from = at * block;
      const to = Math.min(lists.counts.length, from + block);
      const first = own[from] ?? 0;
      // One type of array for all segments keeps the loop quick.
      const stored = new Int32Array(lists.codes.subarray(first, own[to]));
      putItems(codes, found, { starts, own: own.subarray(from, to + 1), stored, merged });
    }
  }
  return { counts, codes, values };
}

function putCounts(counts: Int32Array, stretches: Int32Array, own: Int32Array): void {
  for (let i = 0; i < stretches.length; i += 3) {
    const end = stretches[i + 1] ?? 0;
    const away = stretches[i + 2] ?? 0;
    for (let row = stretches[i] ?? 0; row < end; row++) counts[row + away] = own[row] ?? 0;
  }
}

/** The items of rows that stand next to each other here and there stand so, too. */
function putItems(
  codes: Int32Array,
  stretches: Int32Array,
  { starts, own, stored, merged }: Record<'starts' | 'own' | 'stored' | 'merged', Int32Array>,
): void {
  const first = own[0] ?? 0;
  for (let i = 0; i < stretches.length; i += 3) {
    const row = stretches[i] ?? 0;
    const end = (own[stretches[i + 1] ?? 0] ?? 0) - first;
    let to = starts[row + (stretches[i + 2] ?? 0)] ?? 0;
    for (let from = (own[row] ?? 0) - first; from < end; from++) codes[to++] = merged[stored[from] ?? 0] ?? -1;
  }
}
