import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { type ClientRun, type RunOptions, runDue } from '../../src/run/index.ts';
import type { Press } from '../../src/press/index.ts';
import { buildReport } from '../../src/run/report.ts';
import { collectClient } from '../../src/gather/index.ts';
import { deliverOutbox } from '../../src/deliver/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';

export const hour = 3_600_000;
export const day = 24 * hour;
/** When the schedule is first seen, and the next morning's firing of the daily report. */
export const noticed = Date.parse('2026-11-02T12:00:00Z');
export const firing = Date.parse('2026-11-03T05:00:00Z');

export const entry = 'report: daily, schedule: "0 6 * * *", recipients: [{ to: boss@acme.example, format: html }]';
/** `more`: further sources as YAML. */
const files = (port: number, reports: string, more: string): Record<string, string> => ({
  'soc-kpi.yaml': `data_dir: data\nreports_dir: reports\nsmtp: { host: 127.0.0.1, port: ${port}, tls: none, from: soc@example.com }\n`,
  'categories.yaml': 'categories:\n  - category: Logon\n    when: { field: title, matches: logon }\n',
  'reports.yaml':
    'reports:\n  daily: { title: Day, reader: engineer, period: day }\n  strict: { title: Strict, reader: engineer, period: day, incomplete: hold }\n',
  'clients/acme.yaml':
    'name: Acme\ntimezone: Europe/Berlin\nhistory_days: 5\ncontacts: [boss@acme.example, second@acme.example]\nsources:\n  siem:\n    vendor: file\n' +
    '    path: "alerts/*.csv"\n    time: { format: iso }\n    columns: { id: id, title: title, created_at: at }\n' +
    `${more}reports:\n${reports}`,
  'alerts/day.csv': 'id,title,at\n1,logon failed,2026-11-02T08:00:00Z\n2,virus,2026-11-02T09:00:00Z\n',
});

export interface World {
  dir: string;
  copy(t: TestContext): World;
  run(now: number, more?: RunOptions & { effects?: Partial<Effects> }): Promise<ClientRun[]>;
  store(): Store;
}

/** A folder with a configuration whose daily report is due every morning at six. */
export function world(t: TestContext, port: number, reports = `  - { ${entry} }\n`, more = ''): World {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-world-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files(port, reports, more))) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return at(dir);
}

export function at(dir: string): World {
  return {
    dir,
    copy(t) {
      const other = mkdtempSync(join(tmpdir(), 'soc-kpi-world-'));
      t.after(() => rmSync(other, { recursive: true, force: true }));
      cpSync(dir, other, { recursive: true });
      return at(other);
    },
    async run(now, { effects, ...options } = {}) {
      const whole: Effects = { ...realEffects, now: () => now, ...effects };
      return runDue(await loadConfig(dir, whole), whole, { steps: withoutBrowser, ...options });
    },
    store: () => openStore(join(dir, 'data', 'acme.sqlite'), 'acme', { read_only: true }),
  };
}

/** All that a run does but printing, which takes a browser. */
export const withoutBrowser = {
  collect: collectClient,
  deliver: deliverOutbox,
  press: (): Press => ({
    start() {},
    close: async () => {},
    render: () => Promise.reject(new Error('there is no press here')),
    print: () => Promise.reject(new Error('there is no press here')),
  }),
  build: ((request, store, _printer, effects) =>
    buildReport({ ...request, formats: new Set(['html', 'json']) }, store, undefined, effects)) as typeof buildReport,
};
