import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { following, passes, rising } from '../../src/products/index.ts';

interface Row {
  id: string;
  at: number;
}
const rows = (count: number, at: (index: number) => number = (index) => index): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, at: at(index) }));
const asRow = (record: unknown): Row => record as Row; // what the fetches below give
const idOf = (record: unknown): string => asRow(record).id;

/** Ids in the order in which they were given. */
async function idsOf(pages: AsyncIterable<{ records: unknown[] }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { records } of pages) ids.push(...records.map(idOf));
  return ids;
}

function byTime(table: () => readonly Row[], size: number) {
  return async (from: number, offset: number) => {
    const matching = table()
      .filter(({ at }) => at >= from)
      .toSorted((a, b) => a.at - b.at);
    return { records: matching.slice(offset, offset + size), total: matching.length };
  };
}

test('rising gives every record once, whatever instants they share', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      async (instants, size) => {
        const table = rows(instants.length, (index) => instants[index] ?? 0);
        const given = await idsOf(rising({ from: 0, size, fetch: byTime(() => table, size), stampOf: (each) => asRow(each).at, idOf }));
        assert.deepEqual(given.toSorted(), table.map(idOf).toSorted());
      },
    ),
    { numRuns: 200 },
  );
});

test('rising loses nothing when a record goes from within a crowded instant', async () => {
  let table = rows(40, () => 7);
  let fetched = 0;
  const fetch = async (from: number, offset: number) => {
    if (++fetched === 3) table = table.filter(({ id }) => id !== 'r1');
    return byTime(() => table, 10)(from, offset);
  };
  const given = await idsOf(rising({ from: 0, size: 10, fetch, stampOf: (each) => asRow(each).at, idOf }));
  for (const { id } of table) assert.ok(given.includes(id), `${id} was lost`);
});

test('rising refuses a source that does not sort, and one that does not advance', async () => {
  const stampOf = (each: unknown) => asRow(each).at;
  const wrong = rising({ from: 5, size: 2, fetch: async () => ({ records: rows(2) }), stampOf, idOf });
  await assert.rejects(idsOf(wrong), /does not keep to filter or sort/);
  const same = rising({ from: 0, size: 2, fetch: async () => ({ records: rows(2), total: 100 }), stampOf, idOf });
  await assert.rejects(idsOf(same), /does not advance/);
});

test('passes loses nothing though records go while they are read, or says that it did', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 6 }), async (gone) => {
      let table = rows(40);
      let left = gone;
      const fetch = async (offset: number) => {
        const [next, ...others] = left;
        left = others;
        table = table.filter(({ id }) => id !== `r${next}`);
        return { records: table.slice(offset, offset + 10), total: table.length };
      };
      const given = new Set<string>();
      let incomplete: string | undefined;
      for await (const page of passes({ size: 10, fetch, idOf })) {
        for (const record of page.records) given.add(idOf(record));
        incomplete ??= page.incomplete;
      }
      assert.ok(incomplete !== undefined || table.every(({ id }) => given.has(id)), 'lost');
    }),
    { numRuns: 200 },
  );
});

test('passes gives up honestly when no two readings agree, and refuses a page for ever', async () => {
  let number = 0;
  const changing = passes({ size: 1, idOf, fetch: async (offset) => ({ records: offset < 2 ? [{ id: `x${number++}` }] : [], total: 2 }) });
  const last = (await Array.fromAsync(changing)).at(-1);
  assert.match(last?.incomplete ?? '', /did not agree/);
  await assert.rejects(idsOf(passes({ size: 2, idOf, fetch: async () => ({ records: rows(2), total: 9 }) })), /does not advance/);
});

test('following ends with the chain, and refuses a cursor that comes again', async () => {
  const chain = following<string>(async (cursor) => ({ records: [{ id: cursor ?? 'first' }], next: cursor === undefined ? 'b' : '' }));
  assert.deepEqual(await idsOf(chain), ['first', 'b']);
  await assert.rejects(idsOf(following<string>(async () => ({ records: rows(1), next: 'a' }))), /same cursor twice/);
});
