import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openStore } from '../../src/store/index.ts';
import { scripted } from './smtp-script.ts';
import { Feeds, sources } from './soak-feeds.ts';
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

test(`S1 M1 C1 soak: ${days} virtual days, ${clients} clients with two sources, one file in seven is broken and one mail in five refused at first`, async (t) => {
  let mails = 0;
  const taken = new Map<string, number>();
  const server = await scripted(t, { dot: () => (mails++ % 5 === 4 ? '451 later' : '250 ok') });
  const entry =
    '  - { report: daily, schedule: "30 2 * * *", collect_deadline: 12h, recipients: [{ to: boss@acme.example, format: link }] }\n';
  const place = world(t, server.port, entry);
  // One chapter without charts: pictures for mails would be most of the time.
  writeFileSync(join(place.dir, 'reports.yaml'), 'reports:\n  daily: { title: Day, reader: engineer, period: day, chapters: [data] }\n');
  const own = readFileSync(join(place.dir, 'clients/acme.yaml'), 'utf8');
  const ids = ['acme', ...Array.from({ length: clients - 1 }, (_, n) => `client-${n + 2}`)];
  for (const id of ids) writeFileSync(join(place.dir, `clients/${id}.yaml`), own.replace(/sources:\n[\s\S]*?reports:/, sources(id)));
  const feeds = new Feeds(place.dir, ids);
  const wrong: string[] = [];
  let [computed, incomplete] = [0, 0];
  const build: typeof withoutBrowser.build = async (request, store, press, effects) => {
    const { label } = request.period;
    // One in a month is computed; the others would be most of the time. The first is copied.
    if (!label.endsWith('-02')) return copyOfFirst(request, store, press, effects);
    computed++;
    const built = await withoutBrowser.build(request, store, press, effects);
    const lacks = feeds.lacks(request.client.id, request.period.end + 2 * hour);
    if (lacks) incomplete++;
    if ((built.incomplete !== undefined) !== lacks) wrong.push(`${request.client.id} ${label}: ${built.incomplete}`);
    return built;
  };
  const tick = async (now: number): Promise<void> => {
    feeds.goOn(now);
    await place.run(now, { steps: { ...withoutBrowser, build } });
    // Counted and let go, so that what grows is the program's.
    for (const { data, accepted } of server.arrived.splice(0)) {
      const id = /^Message-ID: (.*)$/im.exec(String(data))?.[1] ?? '';
      if (accepted) taken.set(id, 1 + (taken.get(id) ?? 0));
    }
    server.commands.length = 0;
  };
  const uses: Use[] = [];
  for (let quarter = 0; quarter <= days * 4; quarter++) {
    await tick(noticed + quarter * 6 * hour);
    if (quarter > 0 && quarter % days === 0) uses.push(used());
  }
  // What waits for its next try gets it, before anything else falls due.
  feeds.calm = true;
  let [batches, failed] = [0, 0];
  for (let more = 1; more <= 10; more++) await tick(noticed + days * 24 * hour + more * hour);
  for (const id of ids) {
    const store = openStore(join(place.dir, `data/${id}.sqlite`), id, { read_only: true });
    const runs = store.ledger.runs();
    assert.equal(runs.length, days, id);
    assert.deepEqual([...new Set(runs.map(({ state }) => state))], ['done']);
    assert.deepEqual([...new Set(store.ledger.deliveries().map(({ state }) => state))], ['sent']);
    assert.equal(store.ledger.verifyAudit(), undefined);
    assert.deepEqual(store.check(), []);
    const all = store.batches();
    batches += all.length;
    failed += all.filter(({ status }) => status !== 'complete').length;
    assert.equal(store.view({ as_of: Number.POSITIVE_INFINITY }).rows, feeds.offered, `${id}: a finding was lost or counted twice`);
    store.close();
  }
  assert.deepEqual(wrong, [], 'an edition is marked incomplete if and only if a source was read at no try since its day was over');
  assert.deepEqual([...new Set(taken.values())], [1], 'a mail arrived twice');
  assert.equal(taken.size, clients * days, 'a mail is missing');
  const [early, , , late] = uses;
  assert.ok(early && late);
  const slope = (late.held - early.held) / (days * 0.75);
  const resident = uses.map((use) => Math.round(use.resident)).join(', ');
  t.diagnostic(
    `${clients * days} reports (${computed} computed, ${incomplete} of them incomplete), ${failed} of ${batches} collections failed, ${taken.size} mails, ${mails} tries; ${Math.round(late.held)} MB held, ${slope.toFixed(3)} MB more a day since a quarter of it; resident after each quarter ${resident} MB; files open ${early.files} and ${late.files}`,
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
