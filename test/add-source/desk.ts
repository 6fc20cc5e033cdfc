// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { addSource, type AddFlags } from '../../src/cli/add-source/index.ts';
import type { Asker } from '../../src/cli/add-source/asker.ts';
import { realEffects } from '../../src/effects.ts';
import { Secret } from '../../src/secret.ts';
import { publishFile } from '../../src/deliver/index.ts';
import { now } from '../worlds/engine.ts';

const start = `# Acme, since 2024
name: Acme   # the holding
timezone: Europe/Berlin
sources:
  siem:
    vendor: qradar
    base_url: 'https://console.example/api'
    token: \${env:TOKEN}   # of the reading account
    # ca_file: private.pem

# what they get
reports: [monthly]
mappings: {verdicts: {Noise: false_positive}}
`;

export const original = start;

export interface Place {
  dir: string;
  file: string;
  text(): Promise<string>;
}

/** A configuration with one client, whose file is written as people write. */
export async function place(t: TestContext, text = start): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-add-'));
  t.after(() => rm(dir, { recursive: true }));
  const files = {
    'soc-kpi.yaml': 'data_dir: data\nreports_dir: out\n',
    'categories.yaml': 'categories: []\n',
    'reports.yaml': 'reports:\n  monthly: { title: Month, reader: manager, period: month }\n',
    'clients/acme.yaml': text,
  };
  for (const [name, content] of Object.entries(files)) await publishFile(join(dir, name), content, realEffects.disk);
  const file = join(dir, 'clients/acme.yaml');
  return { dir, file, text: () => readFile(file, 'utf8') };
}

/** Runs the command; what it printed, and its code. */
export async function add(
  { dir }: Place,
  id: string,
  flags: AddFlags,
  env: Record<string, string> = {},
  ask?: Asker,
): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const effects = { ...realEffects, env, now: () => now, sleep: async () => {} };
  const code = await addSource({ config: dir, debug: false, effects, print: (text) => void lines.push(text) }, 'acme', id, flags, ask);
  return { code, said: lines.join('\n') };
}

/** A source's settings as somebody would give them on a command line, and the variables that hold its secrets. */
export async function asFlags(
  settings: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<{ set: string[]; env: Record<string, string> }> {
  const env: Record<string, string> = {};
  const set: string[] = [];
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (!(value instanceof Secret)) {
      set.push(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    } else if (value.reveal().includes('\n')) {
      const file = join(folder, `${key}.secret`);
      await writeFile(file, value.reveal(), { mode: 0o600 });
      set.push(`${key}=\${file:${file}}`);
    } else {
      env[`NEW_${key.toUpperCase()}`] = value.reveal();
      set.push(`${key}=\${env:NEW_${key.toUpperCase()}}`);
    }
  }
  return { set, env };
}
