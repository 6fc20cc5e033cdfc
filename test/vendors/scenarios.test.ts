import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadVendor, vendorNames } from '../../src/vendors/index.ts';
import { type Scenario, scenarios, type World } from '../worlds/world.ts';
import { drift } from './drift.ts';
import { fileRuns } from './file-scenarios.ts';
import type { Put } from './scenario.ts';
import { runs } from './scenario-runs.ts';

const seeds = Number(process.env.SOC_KPI_SEEDS ?? 25);
/** One vendor only, for whoever is writing it. */
const names = vendorNames.filter((name) => (process.env.SOC_KPI_VENDOR ?? name) === name);
const marks = new Map<string, string>();

for (const name of names) {
  const put = await open(name);
  if (put === undefined) continue;
  for (const scenario of scenarios) {
    const key = `${name} ${scenario}`;
    if (put.world.inapplicable?.[scenario] !== undefined) {
      marks.set(key, '–');
      continue;
    }
    test(`${name}: ${scenario}`, async () => {
      marks.set(key, '✗');
      await run(put, scenario);
      marks.set(key, '✓');
    });
  }
}

test('every vendor has a world', async () => {
  const without: string[] = [];
  for (const name of names) if ((await open(name)) === undefined) without.push(name);
  assert.deepEqual(without, []);
});

test('the matrix', (t) => {
  for (const [index, scenario] of scenarios.entries()) t.diagnostic(`${String(index + 1).padStart(2)} ${scenario}`);
  t.diagnostic(`${' '.repeat(20)}${scenarios.map((_, index) => String(index + 1).padStart(3)).join('')}`);
  const shown = names.filter((name) => marks.has(`${name} none`));
  for (const name of shown) {
    const row = scenarios.map((scenario) => (marks.get(`${name} ${scenario}`) ?? ' ').padStart(3)).join('');
    t.diagnostic(`${name.padEnd(20)}${row}`);
  }
  assert.ok(shown.length > 0);
});

test('what cannot apply says why', async (t) => {
  for (const name of names) {
    for (const [scenario, reason] of Object.entries((await open(name))?.world.inapplicable ?? {})) {
      assert.ok(reason.length > 10, `${name}: ${scenario} has no reason`);
      t.diagnostic(`${name}: ${scenario} does not apply: ${reason}`);
    }
  }
});

async function open(name: string): Promise<Put | undefined> {
  const path = join(import.meta.dirname, `../worlds/${name}.ts`);
  if (!existsSync(path)) return undefined;
  const { default: world }: { default: World } = await import(path);
  assert.equal(world.vendor, name);
  return { world, vendor: await loadVendor(name) };
}

async function run(put: Put, scenario: Scenario): Promise<void> {
  // What happens to files happens to no API: they are renamed, cut and written on.
  const own = put.vendor.connection === undefined ? fileRuns[scenario] : undefined;
  if (scenario !== 'drift') return (own ?? runs[scenario])(put);
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      await (own ?? drift)(put, seed);
    } catch (cause) {
      throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}
