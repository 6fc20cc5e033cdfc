import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openStore, type Store, StoreError } from '../../src/store/index.ts';
import { batch, finding, folder } from './fixtures.ts';

/** A store with merged and fresh segments of two batches each. */
function filled(path: string): Store {
  const store = openStore(path, 'acme');
  const many = (title: string) =>
    Array.from({ length: 40 }, (_, i) => finding(`${i}`, { title, entities: [{ type: 'ip', value: `10.0.0.${i}` }] }));
  store.append(batch(10_000), many('first'), []);
  store.append(batch(20_000), many('second'), []);
  store.compact({ keep_history_from: 0 });
  store.append(batch(30_000), many('third'), []);
  return store;
}

const refused = (message: RegExp, busy: boolean) => (error: unknown) =>
  error instanceof StoreError && message.test(error.message) && error.busy === busy;

test('a second writer is refused as busy, here and in another process; readers work meanwhile', (t) => {
  const path = join(folder(t), 'acme.db');
  const store = filled(path);
  const other = `import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/index.ts'))};
    try { openStore(${JSON.stringify(path)}, 'acme'); console.log('opened'); } catch (error) { console.log(error.name, error.busy); }`;

  assert.throws(() => openStore(path, 'acme'), refused(/another process/, true));
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', other], { encoding: 'utf8' }).trim(), 'StoreError true');

  const reader = openStore(path, 'acme', { read_only: true });
  const view = reader.view({ as_of: 99_000 });
  assert.deepEqual([view.find('39'), view.find('new')], [[{ source: 'qradar', row: 39 }], []]);
  store.append(batch(40_000), [finding('new', { children: [{ product: 'a:b', id: 'x:1' }, { id: '2' }] })], []);
  assert.deepEqual(view.find('new'), []);
  const later = store.view({ as_of: 99_000 });
  assert.deepEqual([later.find('new'), later.text('children').values], [[{ source: 'qradar', row: 40 }], ['a b:x:1\u001f:2']]);
  assert.deepEqual(store.view({ as_of: 30_000 }).find('new'), [{ source: 'qradar', row: -1 }]);
  store.compact({ keep_history_from: 99_000 });
  assert.equal(view.rows, 40); // a snapshot
  assert.deepEqual(view.text('title').values, ['third']);
  assert.equal(view.cold([39])[0]?.native_id, '39');
  assert.equal(reader.view({ as_of: 99_000 }).rows, 41);
  assert.throws(() => reader.append(batch(50_000), [], []), refused(/reading only/, false));
  reader.close();
  store.close();
  openStore(path, 'acme').close();
});

test("another client's file, a newer version, another program's and a missing one are refused in words", (t) => {
  const at = folder(t);
  const path = join(at, 'acme.db');
  filled(path).close();
  assert.throws(() => openStore(path, 'globex'), refused(/belongs to client "acme", not to "globex"/, false));
  assert.throws(() => openStore(path, 'globex', { read_only: true }), refused(/belongs to client "acme"/, false));

  const db = new DatabaseSync(path);
  db.exec("UPDATE meta SET value = '99' WHERE name = 'schema'");
  db.close();
  assert.throws(() => openStore(path, 'acme'), refused(/newer soc-kpi \(schema 99/, false));

  const foreign = new DatabaseSync(join(at, 'foreign.db'));
  foreign.exec('CREATE TABLE notes (text TEXT)');
  foreign.close();
  assert.throws(() => openStore(join(at, 'foreign.db'), 'acme'), refused(/another program/, false));
  writeFileSync(join(at, 'text.db'), 'no database at all, but long enough to be looked at as one'.repeat(20));
  assert.throws(() => openStore(join(at, 'text.db'), 'acme'), refused(/cannot be used/, false));
  assert.throws(() => openStore(join(at, 'none.db'), 'acme', { read_only: true }), refused(/does not exist yet/, false));
  assert.equal(existsSync(join(at, 'none.db')), false);
});

test('a flipped bit anywhere in what was observed is found and named, and never served', (t) => {
  const path = join(folder(t), 'acme.db');
  filled(path).close();
  const db = new DatabaseSync(path);
  const parts = db.prepare('SELECT rowid AS id, segment, name, data FROM part').all();
  const put = db.prepare('UPDATE part SET data = ? WHERE rowid = ?');
  let flipped = 0;
  for (const { id: rowid, segment, data } of parts) {
    const id = Number(rowid);
    const bytes = Buffer.from(data as Uint8Array); // a BLOB of a STRICT table
    for (let at = (id * 7) % 41; at < bytes.length; at += 41) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      put.run(bytes, id);
      const store = openStore(path, 'acme', { read_only: true });
      const problems = store.check();
      assert.equal(problems.length, 1);
      assert.ok(problems[0]?.startsWith(`segment ${segment} (`), String(problems[0]));
      const read = () => {
        const view = store.view({ as_of: 99_000 });
        return [view.text('title'), view.text('entities'), view.number('created_at'), view.cold([0, 39])];
      };
      // Only the zstd header has bits that change nothing; whatever else is read is refused.
      if (segment === parts.at(-1)?.segment && at > 8) assert.throws(read, refused(/is damaged; run doctor/, false));
      store.close();
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      put.run(bytes, id);
      flipped++;
    }
  }
  assert.ok(flipped > 50, `${flipped} bits`);
  db.close();
});

test('a backup is one sound file with the same content, and none is left when it fails', async (t) => {
  const at = folder(t);
  const store = filled(join(at, 'acme.db'));
  t.after(() => store.close());

  await store.backup(join(at, 'copy.db'));
  await assert.rejects(store.backup(join(at, 'missing', 'copy.db')));

  assert.deepEqual(
    readdirSync(at).filter((name) => name.startsWith('copy')),
    ['copy.db'],
  );
  const copy = openStore(join(at, 'copy.db'), 'acme', { read_only: true });
  t.after(() => copy.close());
  const [a, b] = [store, copy].map((one) => one.view({ as_of: 15_000 }));
  assert.ok(a !== undefined && b !== undefined);
  assert.deepEqual([b.text('title'), b.number('created_at'), b.cold([3])], [a.text('title'), a.number('created_at'), a.cold([3])]);
  assert.deepEqual(copy.batches(), store.batches());
  assert.deepEqual(copy.check(), []);
});
