import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../src/config/index.ts';
import { holesOf } from '../../src/run/holes.ts';
import type { Batch, Run } from '../../src/store/index.ts';

const at = (instant: string): number => Date.parse(instant);
const now = at('2026-10-12T06:00:00Z');

function batch(from: string, to: string, more: Partial<Batch> = {}): Batch {
  const window = { window_from: at(from), window_to: at(to), started_at: at(to), finished_at: at(to) };
  return { source: 'siem', mode: 'created', status: 'complete', ...window, ...more } as unknown as Batch; // of a batch no more is asked
}

function run(period: string): Run {
  return { period, zone: 'UTC' } as unknown as Run; // of a run no more is asked
}

const sources = new Map([['siem', { id: 'siem', required: true }]]);
const client = { id: 'acme', timezone: 'UTC', sources } as unknown as Client; // of a client no more is asked

function lacking(batches: readonly Batch[], ...periods: string[]): string[][] {
  return holesOf(batches, client, periods.map(run), now).map(({ days }) => days.days.map(({ date }) => date));
}

test('a day that two reports need is asked for once; what is whole, or has not begun, is not asked for', () => {
  const batches = [batch('2026-10-05T00:00Z', '2026-10-08T00:00Z'), batch('2026-10-09T00:00Z', '2026-10-12T00:00Z')];
  assert.deepEqual(lacking(batches, '2026-W41', '2026-10-08'), [['2026-10-08']]);
  assert.deepEqual(lacking(batches, '2026-W41'), [['2026-10-08']]);
  assert.deepEqual(lacking(batches, '2026-10-09'), []);
  assert.deepEqual(lacking(batches, '2026-10-13'), []);
  assert.deepEqual(lacking(batches), []);
});

test('what came incomplete within the hour is not asked for again, what failed is', () => {
  const tried = (status: Batch['status'], minutes: number) => [
    batch('2026-10-08T00:00Z', '2026-10-09T00:00Z', { status, finished_at: now - minutes * 60_000 }),
  ];
  assert.deepEqual(lacking(tried('partial', 30), '2026-10-08'), []);
  assert.deepEqual(lacking(tried('partial', 61), '2026-10-08'), [['2026-10-08']]);
  assert.deepEqual(lacking(tried('failed', 1), '2026-10-08'), [['2026-10-08']]);
});
