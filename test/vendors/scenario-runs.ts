import assert from 'node:assert/strict';
import { now } from '../worlds/engine.ts';
import type { Quirk, Scenario, World, WorldOptions } from '../worlds/world.ts';
import * as s from './scenario.ts';
import type { Put } from './scenario.ts';

type Run = (put: Put) => Promise<void>;

/** Both windows give exactly these items. */
async function both(put: Put, given: ReturnType<typeof s.items>, options: WorldOptions = {}): Promise<void> {
  for (const window of [s.created, s.changed]) {
    await s.inWorld(put, given, options, async (running) => {
      const ran = await s.collect(put, running, window);
      s.assertComplete(ran);
      s.assertShown(put, ran.findings, given);
      // What an export holds, its settings say.
      for (const { kind } of ran.findings.values())
        assert.ok(put.vendor.delivers?.includes(kind) ?? put.vendor.id === 'file', `it does not say that it gives ${kind}s`);
    });
  }
}

function refused(status: number): Run {
  return async (put) => {
    const faults = [{ when: put.world.isPage, reply: put.world.failure(status) }];
    await s.inWorld(put, s.items(3), { faults }, async (running) => {
      const { collection, findings } = await s.collect(put, running, s.created);
      assert.deepEqual([collection.status, findings.size, collection.watermark], ['failed', 0, undefined]);
      assert.match(collection.reason ?? '', new RegExp(String(status)));
      assert.ok(collection.requests < 10, 'it went on asking');
    });
  };
}

/** Fails twice with this, then works. */
function passing(status: number, headers: Record<string, string>, waited: number): Run {
  return async (put) => {
    const faults = [{ when: put.world.isPage, times: 2, reply: put.world.failure(status, headers) }];
    const given = s.items(15);
    await s.inWorld(put, given, { faults }, async (running) => {
      const ran = await s.collect(put, running, s.created);
      s.assertComplete(ran);
      s.assertShown(put, ran.findings, given);
      const retried = ran.slept.filter((ms) => ms >= waited);
      assert.ok(ran.collection.retries === 2 && retried.length >= 2, `retries ${ran.collection.retries}, waited ${ran.slept}`);
    });
  };
}

/** From the second page on. */
function later(put: Put): World['isPage'] {
  let pages = 0;
  return (asked) => put.world.isPage(asked) && ++pages > 1;
}

function stuck(page: number): Run {
  return (put) =>
    s.inWorld(put, s.items(35), { stuck_at: page }, async (running) => {
      const { collection } = await s.collect(put, running, s.created);
      assert.notEqual(collection.status, 'complete');
      assert.ok(collection.requests < 40, 'it went on asking');
      assert.equal(collection.watermark, undefined);
    });
}

function quirk(kind: Quirk, check: (ran: Awaited<ReturnType<typeof s.collect>>, id: string) => void): Run {
  return async (put) => {
    const given = s.items(12).map((each) => (each.id === '7' ? { ...each, quirk: kind } : each));
    await s.inWorld(put, given, {}, async (running) => {
      const ran = await s.collect(put, running, s.created);
      assert.notEqual(ran.collection.status, 'failed', ran.collection.reason ?? '');
      const others = given.filter((each) => each.quirk === undefined);
      s.assertShown(put, ran.findings, others, false);
      check(ran, s.nativeOf(put.world, s.item(7)));
    });
  };
}

const emptied = (kind: Quirk): Run =>
  quirk(kind, ({ findings, rejected }, id) => {
    const finding = findings.get(id);
    assert.ok(finding !== undefined, 'a record was dropped for fields it need not have');
    assert.deepEqual([finding.severity, finding.verdict, finding.closed_at, rejected], [0, null, undefined, 0]);
  });

/** Two collections, with something done in between or meanwhile: the store then shows all that is there. */
async function twice(put: Put, options: WorldOptions, meanwhile: (running: Parameters<Parameters<typeof s.inWorld>[3]>[0]) => void) {
  await s.inWorld(put, s.items(35), options, async (running) => {
    const first = await s.collect(put, running, s.changed);
    assert.notEqual(first.collection.status, 'failed', first.collection.reason ?? '');
    meanwhile(running);
    const second = await s.collect(put, running, s.next(first));
    s.assertComplete(second);
    s.assertShown(put, s.merged(first, second), running.items.all(), false);
  });
}

const hostile = `<script>alert(1)</script>{{7*7}}\${7*7}=cmd|' /C calc'!A0 \u202Egnp\u0000 "'&\\ ';--`;

const cutForEver: Run = async (put) => {
  if (put.world.inapplicable?.['403 half-way'] !== undefined) return;
  await s.inWorld(put, s.items(35), { faults: [{ when: later(put), cut: true }] }, async (running) => {
    const { collection, findings } = await s.collect(put, running, s.created);
    assert.ok(collection.status === 'partial' && findings.size > 0 && collection.watermark === undefined, collection.status);
  });
};

const half = 30 * s.minute;
const clockIn = (skew: number): Run => {
  const clock = now + skew;
  return (put) =>
    twice(put, { clock: () => clock }, ({ items }) => items.put(s.item(36, { created: clock - s.minute, changed: clock - s.minute })));
};

export const runs: Readonly<Record<Exclude<Scenario, 'drift'>, Run>> = {
  none: (put) => both(put, []),
  one: (put) => both(put, s.items(1)),
  'many pages': (put) => both(put, s.items(35)),
  '401': refused(401),
  '403': refused(403),
  '404': refused(404),
  '403 half-way': (put) =>
    s.inWorld(put, s.items(35), { faults: [{ when: later(put), reply: put.world.failure(403) }] }, async (running) => {
      const { collection, findings } = await s.collect(put, running, s.created);
      assert.equal(collection.status, 'partial', collection.reason ?? '');
      assert.ok(findings.size > 0 && collection.watermark === undefined);
      assert.match(collection.reason ?? '', /403/);
    }),
  '429 seconds': passing(429, { 'Retry-After': '7' }, 7000),
  '429 date': passing(429, { 'Retry-After': new Date(now + 9000).toUTCString(), Date: new Date(now).toUTCString() }, 9000),
  '429 bare': passing(429, {}, 1),
  '5xx then fine': passing(503, {}, 1),
  async truncated(put) {
    await both(put, s.items(15), { faults: [{ when: put.world.isPage, times: 2, cut: true }] });
    await cutForEver(put);
  },
  'endless page': stuck(1),
  'repeated cursor': stuck(2),
  'equal timestamps': (put) => both(put, s.items(35, { created: s.day + half, changed: s.day + half })),
  'changed during paging': (put) =>
    twice(
      put,
      {
        before: s.atPage(put.world, 2, (_asked, items) => {
          for (const number of [3, 12, 30]) items.put(s.item(number, { title: `Item ${number}, changed`, changed: now - s.minute }));
        }),
      },
      () => {},
    ),
  async 'deleted during paging'(put) {
    for (const window of [s.created, s.changed]) {
      const before = s.atPage(put.world, 2, (_asked, items) => {
        for (const id of ['3', '4', '12', '20']) items.remove(id);
      });
      await s.inWorld(put, s.items(35), { before }, async (running) => {
        const ran = await s.collect(put, running, window);
        assert.notEqual(ran.collection.status, 'failed', ran.collection.reason ?? '');
        s.assertShown(put, ran.findings, running.items.all(), false);
      });
    }
  },
  'late arrival': (put) => {
    const at = now - 8 * s.minute;
    return twice(put, {}, ({ items }) => items.put(s.item(36, { created: at, changed: at })));
  },
  'duplicate id': (put) =>
    s.inWorld(put, [...s.items(35), s.item(5)], {}, async (running) => {
      const ran = await s.collect(put, running, s.created);
      assert.notEqual(ran.collection.status, 'failed', ran.collection.reason ?? '');
      s.assertShown(put, ran.findings, s.items(35));
    }),
  'missing id': quirk('missing id', ({ findings, rejected }, id) => {
    assert.ok(!findings.has(id) && rejected >= 1, `rejected ${rejected}`);
    assert.equal(findings.size, 11);
  }),
  'unknown enum': quirk('unknown enum', ({ findings }, id) => {
    const finding = findings.get(id);
    assert.ok(finding !== undefined, 'a record was dropped for a new word in it');
    const shown = finding.status === 'unknown' && finding.status_raw !== undefined;
    const weighed = [0, 99].includes(finding.severity) && finding.severity_raw !== undefined;
    assert.ok(shown || weighed, 'a new word was taken for a known one, or is not shown');
  }),
  'null fields': emptied('null fields'),
  'absent fields': emptied('absent fields'),
  'ids beyond 2^53': (put) =>
    both(
      put,
      ['992', '993', '994', '995'].map((end, index) => s.item(index, { id: `9007199254740${end}` })),
    ),
  async 'clock skew'(put) {
    await clockIn(-120 * s.minute)(put);
    await clockIn(120 * s.minute)(put);
  },
  'hostile text': (put) => both(put, [...s.items(3), s.item(4, { title: hostile })]),
  'token expires': (put) => both(put, s.items(35), { token_uses: 3 }),
};
