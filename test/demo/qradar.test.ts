import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type QradarOptions, startQradar } from '../../src/demo/qradar.ts';
import { parseFilter, testOf } from '../../src/demo/qradar-filter.ts';
import { openTable } from '../../src/demo/qradar-table.ts';

const offenses = [
  { id: 1, status: 'OPEN', severity: 3, closing_user: null, rules: [{ id: 9, type: 'CRE_RULE' }] },
  { id: 2, status: 'CLOSED', severity: 8, closing_user: 'a b' },
  { id: 3, status: 'CLOSED', severity: 5 },
];

async function ask(path: string, headers: Record<string, string> = {}, options: Partial<QradarOptions> = {}) {
  const console = await startQradar({ offenses, ...options });
  try {
    const answer = await fetch(`${console.url}/${path}`, { headers: { SEC: console.token, ...headers } });
    const json: unknown = await answer.json();
    return { status: answer.status, range: answer.headers.get('content-range'), deprecated: answer.headers.get('deprecated'), json };
  } finally {
    await console.close();
  }
}

const list = (query: Record<string, string>) => `siem/offenses?${new URLSearchParams({ fields: 'id', ...query })}`;
const codeOf = (json: unknown): unknown => Object(json).code;

test('filters, as in the documentation', () => {
  const matching = (filter: string) => offenses.filter(testOf(parseFilter(filter), () => true)).map((each) => each.id);
  assert.deepEqual(matching('status=CLOSED'), [2, 3]);
  assert.deepEqual(matching('severity > 3 and severity <= 8'), [2, 3]);
  assert.deepEqual(matching('id in (1,3) or closing_user = "a b"'), [1, 2, 3]);
  assert.deepEqual(matching('(id = 1 or id = 2) and severity < 8'), [1]);
  assert.deepEqual(matching('id = 1 or id = 2 and severity < 8'), [1], 'and binds closer than or');
  assert.deepEqual(matching('closing_user != "a b"'), [1, 3], 'null is unequal');
  assert.deepEqual(matching('closing_user > "a"'), [2], 'null is neither more nor less');
  for (const wrong of ['', 'id >', 'id ! 3', '(id = 1', 'id = 1 severity = 2', 'id in ()', 'id = "open'])
    assert.throws(() => parseFilter(wrong), { name: 'FilterError' }, wrong);
});

test('ranges: within, over the end, beyond, unreadable', async () => {
  assert.deepEqual(await ask(list({ sort: '+id' }), { Range: 'items=0-1' }), {
    status: 200,
    range: 'items 0-1/3',
    deprecated: null,
    json: [{ id: 1 }, { id: 2 }],
  });
  assert.equal((await ask(list({}), { Range: 'items=1-99' })).range, 'items 1-2/3');
  const beyond = await ask(list({}), { Range: 'items=3-9' });
  assert.deepEqual([beyond.status, beyond.range, beyond.json], [200, 'items */3', []]);
  assert.equal((await ask(list({}), { Range: 'items=x' })).status, 416);
  assert.equal((await ask(list({ sort: '-severity' }))).range, null);
});

test('what is refused, and with which code', async () => {
  assert.equal((await ask('siem/offenses', { SEC: 'wrong' })).status, 401);
  const missing = await ask('siem/offenses/77');
  assert.deepEqual([missing.status, codeOf(missing.json)], [404, 1002]);
  const filter = await ask(list({ filter: 'nonsense = 1' }));
  assert.deepEqual([filter.status, codeOf(filter.json)], [422, 1010]);
  const sort = await ask(list({ sort: 'id' }));
  assert.deepEqual([sort.status, codeOf(sort.json)], [422, 1030]);
  assert.equal((await ask('siem/offenses', { Version: '3.0' })).status, 422);
  const versions = [{ id: 1, version: '19.0', deprecated: true, removed: false }];
  assert.equal((await ask('siem/offenses', { Version: '19.0' }, { versions })).deprecated, '19.0');
});

test('fields, sorting, one offense, and reasons that are hidden unless asked for', async () => {
  assert.deepEqual((await ask(list({ sort: '-severity', fields: 'id,severity,rules(id)' }))).json, [
    { id: 2, severity: 8 },
    { id: 3, severity: 5 },
    { id: 1, severity: 3, rules: [{ id: 9 }] },
  ]);
  assert.deepEqual((await ask('siem/offenses/2?fields=status')).json, { status: 'CLOSED' });
  const closingReasons = [
    { id: 1, is_deleted: true, is_reserved: false },
    { id: 2, is_deleted: false, is_reserved: true },
    { id: 3, is_deleted: false, is_reserved: false },
  ];
  const reasons = async (query: string) =>
    Object((await ask(`siem/offense_closing_reasons?fields=id&${query}`, {}, { closingReasons })).json).length;
  assert.deepEqual(
    [await reasons(''), await reasons('include_deleted=true'), await reasons('include_deleted=true&include_reserved=true')],
    [1, 2, 3],
  );
});

test('a page by its keyset is what a scan of everything finds', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
  fc.assert(
    fc.property(
      ids,
      fc.integer({ min: -1, max: 61 }),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 0, max: 9 }),
      (all, after, least, size) => {
        const records = all.map((id) => ({ id, severity: (id * 7) % 11 }));
        const table = openTable(records, () => true);
        const scan = records.filter((each) => each.id > after && each.severity >= least).sort((a, b) => a.id - b.id);
        const page = table.select({ filter: `severity >= ${least} and id > ${after}`, sort: '+id', from: 0, to: size });
        assert.deepEqual(page, { total: scan.length, records: scan.slice(0, size + 1) });
        table.put({ id: 1000, severity: 10 });
        assert.equal(
          table.select({ filter: `severity >= ${least} and id > ${after}`, sort: '+id', from: 0, to: size }).total,
          scan.length + 1,
        );
      },
    ),
  );
});
