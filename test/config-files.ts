// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Config, ConfigError, loadConfig } from '../src/config/index.ts';
import { type Effects, realEffects } from '../src/effects.ts';

/** A configuration that is good. */
export const good: Record<string, string> = {
  'soc-kpi.yaml': 'data_dir: ../data\nreports_dir: out\n',
  'categories.yaml': 'categories:\n  - category: Logon\n    when: { field: title, matches: logon }\n',
  'reports.yaml': 'reports:\n  monthly:\n    title: Month\n    reader: manager\n    period: month\n',
  'clients/acme.yaml':
    'name: Acme\ntimezone: Europe/Berlin\nsources:\n  siem:\n    vendor: qradar\n    base_url: https://console.example/api\n    token: ${env:TOKEN}\nreports: [monthly]\n',
};

const withToken = { ...realEffects, env: { TOKEN: 'geheim-123' }, now: () => Date.UTC(2026, 10, 26) };

/** Writes a configuration that is good but for the given files (undefined: left out), and removes it after the test. */
export async function write(t: TestContext, changes: Record<string, string | undefined> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-config-'));
  t.after(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries({ ...good, ...changes })) {
    if (text === undefined) continue;
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

export async function load(
  t: TestContext,
  changes: Record<string, string | undefined> = {},
  effects: Effects = withToken,
): Promise<Config> {
  return loadConfig(await write(t, changes), effects);
}

/** The problems of a configuration, with the folder's name taken away. */
export async function problems(t: TestContext, changes: Record<string, string | undefined>): Promise<string[]> {
  const dir = await write(t, changes);
  try {
    await loadConfig(dir, withToken);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.map((problem) => problem.replaceAll(`${dir}/`, ''));
  }
  return [];
}

/** The good client's file with more lines at its end. */
export function acme(more: string): Record<string, string> {
  return { 'clients/acme.yaml': `${good['clients/acme.yaml']}${more}` };
}
