// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references as people write them into YAML.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { collect } from '../../src/cli/collect.ts';
import { report } from '../../src/cli/report.ts';
import { openPress } from '../../src/press/index.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { status } from '../../src/cli/status.ts';
import { type Effects, realEffects } from '../../src/effects.ts';

/** A folder with a whole configuration in it, and the commands as a person would give them there. */
export interface Desk {
  dir: string;
  collect(...days: string[]): Promise<Answer>;
  status(): Promise<Answer>;
  report(period: string, formats?: string): Promise<Answer & { folder: string }>;
}

interface Answer {
  code: number;
  said: string;
}

export const files = (source: string): Record<string, string> => ({
  'soc-kpi.yaml': 'data_dir: data\nreports_dir: reports\n',
  'categories.yaml': 'categories:\n  - category: Logon\n    when: { field: title, matches: logon }\n',
  'reports.yaml': 'reports:\n  monthly:\n    title: Month\n    reader: engineer\n    period: month\n    incomplete: send-marked\n',
  'clients/acme.yaml': `name: Acme\ntimezone: Europe/Berlin\nsources:\n  siem:\n${source}reports: [monthly]\nmappings:\n  escalated: { field: verdict_raw, equals: Escalated }\n`,
});

export const qradarSource = '    vendor: qradar\n    base_url: ${env:URL}\n    token: ${env:TOKEN}\n';

/** `now` is the program's clock; nothing is waited for. */
export async function desk(
  t: TestContext,
  settings: { files: Record<string, string>; env?: Record<string, string>; now: string },
): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'soc-kpi-e2e-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(settings.files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const effects: Effects = {
    ...realEffects,
    env: settings.env ?? {},
    now: () => Date.parse(settings.now),
    sleep: async () => {},
  };
  const run = async (work: (shell: Shell) => Promise<number>): Promise<Answer> => {
    const lines: string[] = [];
    const code = await work({ config: dir, debug: false, effects, print: (text) => void lines.push(text) });
    return { code, said: lines.join('\n') };
  };
  return {
    dir,
    collect: (from, to) => run((shell) => collect(shell, from === undefined || to === undefined ? {} : { from, to })),
    status: () => run((shell) => status(shell, {})),
    async report(period, format = 'html,csv,json') {
      const folder = join(dir, 'out');
      // Only a press prints.
      const press = format.includes('pdf') ? openPress() : undefined;
      try {
        return { ...(await run((shell) => report(shell, 'acme', 'monthly', { period, format, out: folder }, press))), folder };
      } finally {
        await press?.close();
      }
    },
  };
}
