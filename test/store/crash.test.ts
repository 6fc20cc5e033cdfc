import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore, type Store } from '../../src/store/index.ts';
import { batch, finding, folder } from './fixtures.ts';

const appender = join(import.meta.dirname, 'appender.ts');

/** Runs the appender and kills it after it acknowledged `wanted` batches and a moment; yields the last acknowledged one. */
async function killedAppender(path: string, first: number, wanted: number, moment: number): Promise<number> {
  const child = spawn(process.execPath, [appender, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
    if (said.split('\n').length > wanted) setTimeout(() => child.kill('SIGKILL'), moment);
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  return Number(said.split('\n').at(-2));
}

function titles(store: Store): Map<string, string | undefined> {
  const view = store.view({ as_of: Number.MAX_SAFE_INTEGER });
  const { codes, values } = view.text('title');
  const cold = view.cold(Array.from({ length: view.rows }, (_, row) => row));
  return new Map(cold.map(({ native_id }, row) => [native_id, values[codes[row] ?? -1]]));
}

test('after kill -9 everything acknowledged is there, nothing is half there, and repeating adds nothing', async (t) => {
  const path = join(folder(t), 'acme.db');
  let acknowledged = 0;
  for (let kill = 0; kill < 15; kill++) {
    acknowledged = await killedAppender(path, acknowledged + 1, 1 + (kill % 9), (kill * 5) % 17);

    const store = openStore(path, 'acme');
    const cursor = Number(store.cursor('qradar'));
    const found = titles(store);
    assert.deepEqual(store.check(), []);
    // The batch under way may have been committed before its acknowledgement got out.
    assert.ok(cursor === acknowledged || cursor === acknowledged + 1, `acknowledged ${acknowledged}, cursor ${cursor}`);
    assert.equal(found.size, 50 * cursor + 10);
    for (let n = 1; n <= cursor; n++) {
      assert.equal(found.get(`${n}-0`), `batch ${Math.min(n + 1, cursor)}`);
      assert.equal(found.get(`${n}-49`), `batch ${n}`);
    }
    const before = store.stats().observations;
    const again = Array.from({ length: 50 }, (_, i) => finding(`${cursor}-${i}`, { title: `batch ${cursor}` }));
    assert.equal(store.append(batch(cursor * 1_000), again, []).stored, 0);
    assert.equal(store.stats().observations, before);
    store.close();
    acknowledged = cursor;
  }
});
