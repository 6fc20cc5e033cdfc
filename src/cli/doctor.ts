import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, type Config, loadConfig, type Source } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { openPrinter } from '../render/index.ts';
import { openClientStore } from '../gather/index.ts';
import { askPlaces } from './ask-places.ts';
import { askSource } from './ask-source.ts';
import { remarksOf } from './schedule.ts';
import { counted, type Shell } from './shell.ts';

/** One thing looked at: fine, or what is wrong and what to do. */
interface Finding {
  subject: string;
  problem?: string;
  detail?: string;
}

/** Scripts that alert titles come in, by a language that fontconfig knows. */
const scripts = { Latin: 'en', Cyrillic: 'ru', Greek: 'el', Arabic: 'ar', Hebrew: 'he', Japanese: 'ja', Chinese: 'zh-cn', Korean: 'ko' };

/** Checks everything a report needs, in the order in which it is needed. Exit code 3 when something is wrong. */
export async function doctor(shell: Shell, flags: { offline?: true }): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  shell.print(`ok    configuration in ${config.dir}: ${counted(config.clients.size, 'client')}, ${counted(config.reports.size, 'report')}`);
  for (const remark of remarksOf(config.clients.values())) shell.print(`      ${remark}`);
  const checks = [folder('data folder', config.data_dir), folder('reports folder', config.reports_dir), browser(config), fonts()];
  for (const client of config.clients.values()) {
    checks.push(store(config, client));
    if (flags.offline !== true) for (const source of client.sources.values()) checks.push(ask(config, client, source, shell.effects));
  }
  if (flags.offline !== true) checks.push(...askPlaces(config, shell.effects));
  let wrong = 0;
  for (const check of checks) {
    const { subject, problem, detail } = await check;
    if (problem !== undefined) wrong++;
    shell.print(problem === undefined ? `ok    ${subject}${detail === undefined ? '' : `: ${detail}`}` : `WRONG ${subject}: ${problem}`);
  }
  return wrong === 0 ? 0 : 3;
}

async function folder(subject: string, path: string): Promise<Finding> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
    return { subject, detail: path };
  } catch (error) {
    return { subject, problem: `${path} cannot be written (${textOf(error)}); make it, or let this user write there` };
  }
}

async function browser(config: Config): Promise<Finding> {
  try {
    const printer = await openPrinter(config.browser ?? {});
    await printer.close();
    return { subject: 'browser', detail: 'starts, with its sandbox' };
  } catch (error) {
    return { subject: 'browser', problem: textOf(error) };
  }
}

async function fonts(): Promise<Finding> {
  const missing: string[] = [];
  try {
    for (const [script, language] of Object.entries(scripts)) {
      const { stdout } = await promisify(execFile)('fc-list', [`:lang=${language}`, 'family']);
      if (stdout.trim() === '') missing.push(script);
    }
  } catch {
    return {
      subject: 'fonts',
      problem: 'fontconfig (fc-list) is missing, so nothing is known of the fonts; install fontconfig and the Noto fonts',
    };
  }
  if (missing.length === 0) return { subject: 'fonts', detail: Object.keys(scripts).join(', ') };
  return {
    subject: 'fonts',
    problem: `none for ${missing.join(', ')}; titles in those scripts would show boxes. Install fonts-noto-core and fonts-noto-cjk`,
  };
}

async function store(config: Config, client: Client): Promise<Finding> {
  const subject = `store of ${client.id}`;
  if (!existsSync(join(config.data_dir, `${client.id}.sqlite`))) return { subject, detail: 'not there yet; the first collect makes it' };
  try {
    const opened = openClientStore(config, client.id, { read_only: true });
    try {
      const problems = opened.check();
      const { findings, observations, segments, bytes } = opened.stats();
      if (problems.length > 0) return { subject, problem: `${problems.join('; ')}; restore the last backup and collect the days since` };
      return {
        subject,
        detail: `whole; ${findings} findings, ${observations} observations, ${segments} segments, ${Math.ceil(bytes / 1024)} KiB`,
      };
    } finally {
      opened.close();
    }
  } catch (error) {
    return { subject, problem: textOf(error) };
  }
}

async function ask(config: Config, client: Client, source: Source, effects: Effects): Promise<Finding> {
  return { subject: `source ${client.id}/${source.id} (${source.vendor.name})`, ...(await askSource(source, config.dir, effects)) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
