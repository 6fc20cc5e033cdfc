import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { collectClient } from '../../src/gather/index.ts';
import { openStore } from '../../src/store/index.ts';
import { scripted } from './smtp-script.ts';
import { hour, noticed, withoutBrowser, world } from './world.ts';

const days = Number(process.env.SOC_KPI_SOAK ?? 10);
const clients = Number(process.env.SOC_KPI_SOAK_CLIENTS ?? 2);

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

interface Use {
  /** What is really held: the garbage collector takes its time where there is plenty of memory. */
  held: number;
  resident: number;
  files: number;
}

function used(): Use {
  if (typeof collectGarbage === 'function') collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: (heapUsed + external) / 1024 ** 2, resident: rss / 1024 ** 2, files: readdirSync('/proc/self/fd').length };
}

test(`S1 M1 soak: ${days} virtual days, ${clients} clients, a tick every six hours, one mail in five refused at first`, async (t) => {
  let mails = 0;
  const taken = new Map<string, number>();
  const server = await scripted(t, { dot: () => (mails++ % 5 === 4 ? '451 later' : '250 ok') });
  const entry = '  - { report: daily, schedule: "30 2 * * *", recipients: [{ to: boss@acme.example, format: link }] }\n';
  const place = world(t, server.port, entry);
  // One chapter without charts: pictures for mails would be most of the time.
  writeFileSync(join(place.dir, 'reports.yaml'), 'reports:\n  daily: { title: Day, reader: engineer, period: day, chapters: [data] }\n');
  const own = readFileSync(join(place.dir, 'clients/acme.yaml'), 'utf8');
  const ids = ['acme', ...Array.from({ length: clients - 1 }, (_, n) => `client-${n + 2}`)];
  for (const id of ids) writeFileSync(join(place.dir, `clients/${id}.yaml`), own);
  const build: typeof withoutBrowser.build = async (request, store, press, effects) =>
    request.period.label === '2026-11-02'
      ? withoutBrowser.build(request, store, press, effects)
      : copyOfFirst(request, store, press, effects);
  const collect = (async () => []) as typeof collectClient;
  let early: Use | undefined;
  for (let tick = 0; tick <= days * 4; tick++) {
    await place.run(noticed + tick * 6 * hour, { steps: { ...withoutBrowser, collect, build } });
    if (tick === days) early = used();
    // Counted and let go, so that what grows is the program's.
    for (const { data, accepted } of server.arrived.splice(0)) {
      const id = /^Message-ID: (.*)$/im.exec(String(data))?.[1] ?? '';
      if (accepted) taken.set(id, 1 + (taken.get(id) ?? 0));
    }
    server.commands.length = 0;
  }
  for (const id of ids) {
    const store = openStore(join(place.dir, `data/${id}.sqlite`), id, { read_only: true });
    const runs = store.ledger.runs();
    assert.equal(runs.length, days, id);
    assert.deepEqual([...new Set(runs.slice(0, -1).map(({ state }) => state))], ['done']);
    assert.equal(store.ledger.verifyAudit(), undefined);
    assert.deepEqual(store.check(), []);
    store.close();
  }
  assert.deepEqual([...new Set(taken.values())], [1], 'a mail arrived twice');
  assert.ok(taken.size >= clients * (days - 1));
  const late = used();
  assert.ok(early);
  const slope = (late.held - early.held) / (days * 0.75);
  t.diagnostic(
    `${clients * days} reports, ${taken.size} mails; ${Math.round(late.held)} MB held (${Math.round(late.resident)} MB resident), ${slope.toFixed(3)} MB more a day since a quarter of it; files open ${early.files} and ${late.files}`,
  );
  // In a short run it is still filling what is kept for the next report.
  if (days > 100) assert.ok(slope < 0.2, `${slope} MB a day`);
  assert.ok(late.files <= early.files + 4, `files open: ${early.files}, then ${late.files}`);
});

/** A build that takes no time: the first report's files under another period. */
const copyOfFirst: typeof withoutBrowser.build = async (request, store) => {
  const [first] = store.editions();
  assert.ok(first);
  const { revision: _, ...edition } = first;
  const entered = store.addEdition({ ...edition, period: request.period.label, as_of: request.as_of, built_at: request.as_of });
  return { folder: first.path, files: [], incomplete: undefined, edition: entered };
};
