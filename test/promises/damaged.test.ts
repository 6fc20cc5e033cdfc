import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { scripted } from './smtp-script.ts';
import { firing, noticed, world } from './world.ts';

/** Overwrites the first page of a table, as a disk does that fails. */
function damage(path: string, table: string): void {
  const db = new DatabaseSync(path);
  const page = Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.rootpage);
  const size = Number(db.prepare('PRAGMA page_size').get()?.page_size);
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, (page - 1) * size, page * size);
  writeFileSync(path, bytes);
}

test('D3 a damaged page in the stores of some clients is told with its file, and the others’ reports go out', async (t) => {
  const server = await scripted(t, {});
  const place = world(t, server.port);
  const own = readFileSync(join(place.dir, 'clients/acme.yaml'), 'utf8');
  for (const id of ['bolt', 'cola', 'dora', 'emil']) writeFileSync(join(place.dir, `clients/${id}.yaml`), own);
  await place.run(noticed);
  const damaged = { acme: 'timetable', cola: 'run', dora: 'outbox' };
  for (const [id, table] of Object.entries(damaged)) damage(join(place.dir, `data/${id}.sqlite`), table);
  const told: string[] = [];
  const done = await place.run(firing, { effects: { log: ({ level, message }) => void (level === 'error' && told.push(message)) } });
  const broken = done.filter((one) => one.broken === true);
  assert.deepEqual(broken.map(({ client }) => client).sort(), Object.keys(damaged));
  for (const { client, problem } of broken) {
    assert.match(problem ?? '', new RegExp(`/data/${client}\\.sqlite .*; restore it from a backup$`));
    assert.ok(told.includes(`${client}: ${problem}`));
  }
  const others = done.filter((one) => one.broken !== true);
  assert.deepEqual(others.map(({ client, runs }) => `${client} ${runs[0]?.state}`).sort(), ['bolt done', 'emil done']);
  assert.equal(server.arrived.length, 2);
});
