import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Collection, collectSource } from '../../src/collect.ts';
import type { Finding } from '../../src/finding.ts';
import { normaliser } from '../../src/normalise.ts';
import type { CollectWindow } from '../../src/vendors/vendor.ts';
import { now } from '../worlds/engine.ts';
import type { Running, Scenario } from '../worlds/world.ts';
import { seeded } from '../../src/demo/chance.ts';
import { stillEffects } from './replay.ts';
import * as s from './scenario.ts';
import type { Put } from './scenario.ts';

type Run = (put: Put, seed?: number) => Promise<void>;

/** Where the world writes: its pattern without what it says of rotated ones. */
const written = ({ settings }: Running): string => {
  const path = String(settings.path);
  return path.endsWith('/*.log*') ? path.replace('*.log*', 'notice.log') : path.replace(/\*$/, '');
};

/** One collection, with something done after each page. */
async function read({ vendor }: Put, running: Running, window: CollectWindow, meanwhile = () => {}) {
  const settings: unknown = vendor.settings.parse(running.settings);
  const records = normaliser(vendor, settings, now);
  const collection = await collectSource({
    vendor,
    settings,
    window,
    effects: stillEffects(now),
    take(page, number) {
      records.add(page, number);
      meanwhile();
    },
  });
  const { findings, rejections } = records.finish();
  return { collection, rejections, findings: new Map(findings.map((each) => [each.native_id, each])) };
}

/** As logrotate does it: by name, or (`copytruncate`) by a copy; the one before is packed. */
function rotate(path: string, copy: boolean): void {
  const head = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');
  if (existsSync(`${path}.1`)) {
    const older = existsSync(`${path}.2.gz`) ? readFileSync(`${path}.2.gz`) : Buffer.alloc(0);
    writeFileSync(`${path}.2.gz`, Buffer.concat([older, gzipSync(readFileSync(`${path}.1`))]));
    rmSync(`${path}.1`);
  }
  if (copy) {
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, head);
  } else {
    renameSync(path, `${path}.1`);
    writeFileSync(path, head);
  }
}

const next = (collection: Collection): CollectWindow => ({ ...s.changed, from: (collection.watermark ?? s.changed.from) - 10 * s.minute });

/** Five new lines at each page, now and then a rotation of either kind; one collection more when all is quiet. */
async function grow(put: Put, seed: number): Promise<void> {
  const random = seeded(seed);
  let count = 70;
  let rotations = 0;
  await s.inWorld(put, s.items(40), { page_size: 20 }, async (running) => {
    const path = written(running);
    // What is read last lies in a file that has been renamed once already.
    rotate(path, false);
    running.items.put(...s.items(count).slice(40));
    const meanwhile = () => {
      for (let added = 0; added < 5 && count < 2000; added++) running.items.put(s.item(++count));
      if (random() > 0.3 || rotations === 4) return;
      rotations++;
      rotate(path, random() > 0.5);
    };
    const first = await read(put, running, s.changed, meanwhile);
    if (first.collection.status === 'complete') s.assertShown(put, first.findings, s.items(70), false);
    const second = await read(put, running, next(first.collection));
    s.assertComplete({ ...second, rejected: 0, slept: [] });
    s.assertShown(put, new Map<string, Finding>([...first.findings, ...second.findings]), running.items.all(), false);
  });
}

export const fileRuns: Partial<Record<Scenario, Run>> = {
  '404': (put) =>
    s.inWorld(put, s.items(3), {}, async (running) => {
      const gone = { ...running, settings: { ...running.settings, path: `${written(running)}.gone` } };
      const { collection } = await read(put, gone, s.created);
      assert.deepEqual([collection.status, collection.fetched], ['failed', 0]);
      assert.match(collection.reason ?? '', /does not exist; check the path/);
    }),

  async truncated(put) {
    const given = s.items(15);
    // A pack that was cut: what came before is there, and it is told that more is missing.
    await s.inWorld(put, given, {}, async (running) => {
      const path = written(running);
      const packed = gzipSync(readFileSync(path));
      rmSync(path);
      writeFileSync(`${path}.gz`, packed.subarray(0, packed.length - 20));
      const settings = { ...running.settings, path: `${path}.gz` };
      const { collection } = await read(put, { ...running, settings }, s.created);
      assert.notEqual(collection.status, 'complete');
      assert.match(collection.reason ?? '', /ends too early/);
    });
    if (put.vendor.family === 'file') return;
    // A line that is still being written is none yet, and nothing is wrong; later it is one.
    await s.inWorld(put, given, {}, async (running) => {
      const path = written(running);
      const whole = readFileSync(path, 'utf8');
      writeFileSync(path, whole.slice(0, -30));
      const before = await read(put, running, s.changed);
      assert.deepEqual([before.collection.status, before.rejections.length, before.findings.size], ['complete', 0, 14]);
      writeFileSync(path, whole);
      const after = await read(put, running, next(before.collection));
      s.assertShown(put, after.findings, given);
    });
  },

  'deleted during paging': async (put) => {
    for (const copy of [false, true]) {
      await s.inWorld(put, s.items(20), {}, async (running) => {
        rotate(written(running), false);
        running.items.put(...s.items(35).slice(20));
        let pages = 0;
        const { collection, findings } = await read(put, running, s.created, () => {
          if (++pages === 1) rotate(written(running), copy);
        });
        assert.deepEqual([collection.status, collection.reason], ['complete', undefined]);
        s.assertShown(put, findings, s.items(35));
      });
    }
  },

  drift: (put, seed = 1) => grow(put, seed),
};
