import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { CategoryRule } from '../categories.ts';
import type { Effects } from '../effects.ts';
import { checkFilter } from '../filter/index.ts';
import { readClient } from './client.ts';
import { explainIssues, problemAt } from './explain.ts';
import { categories, idRule, idShape, main, reports } from './files.ts';
import { readHeartbeat } from './heartbeat.ts';
import { readPortal } from './portal.ts';
import { readSmtp } from './smtp.ts';
import { type Client, type Config, ConfigError, type ReportDefinition } from './types.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/**
 * Reads the configuration folder: soc-kpi.yaml, categories.yaml, reports.yaml and clients/<id>.yaml.
 * Missing variables and secret files are no error here, because a report needs none; see `secretProblems`.
 * @throws ConfigError with every problem of every file.
 */
export async function loadConfig(dir: string, effects: Effects): Promise<Config> {
  const problems: string[] = [];
  if ((await filesIn(dir, effects)) === undefined)
    throw new ConfigError([`${dir}: no such folder; give the configuration's folder with --config`]);
  const read = async <T>(name: string, schema: z.ZodType<T>) => readChecked(dir, name, schema, effects, problems);
  const settings = await read('soc-kpi.yaml', main);
  const rules = await read('categories.yaml', categories);
  const definitions = await read('reports.yaml', reports);
  const found = definitions === undefined ? undefined : reportsOf(definitions.data);
  const clients = await readClients(dir, found, effects, problems);
  const tagRules = rules === undefined ? [] : rulesOf(rules, problems);
  const smtp = settings?.data.smtp && (await readSmtp(settings.data.smtp, settings.file, dir, effects, problems));
  const served = settings?.data.portal;
  const portal = served && (await readPortal(served, settings.file, { dir, clients: [...clients.keys()] }, effects, problems));
  if (settings !== undefined && smtp === undefined) problems.push(...nobodySends(dir, clients));
  if (settings === undefined || found === undefined || problems.length > 0) throw new ConfigError(problems);
  const { data_dir, reports_dir, browser, site_url, heartbeat_url, operators } = settings.data;
  const heartbeat = heartbeat_url && (await readHeartbeat(heartbeat_url, settings.file, ['heartbeat_url'], dir, effects));
  return {
    dir,
    data_dir: resolve(dir, data_dir),
    reports_dir: resolve(dir, reports_dir),
    ...(browser === undefined ? {} : { browser: browser.path === undefined ? {} : { path: resolve(dir, browser.path) } }),
    ...(smtp === undefined ? {} : { smtp }),
    ...(portal === undefined ? {} : { portal }),
    ...(site_url === undefined ? {} : { site_url: site_url.replace(/\/*$/, '/') }),
    ...(heartbeat ? { heartbeat } : {}),
    operators,
    categories: tagRules,
    reports: found,
    clients,
  };
}

/** The variables and secret files that sources refer to and that are missing: what collecting needs and reporting does not. */
export function secretProblems(config: Config): string[] {
  return [...config.clients.values()].flatMap((client) => [...client.sources.values()].flatMap((source) => source.unresolved));
}

/** Recipients without a mail server would never get anything, and nobody would know. */
function nobodySends(dir: string, clients: ReadonlyMap<string, Client>): string[] {
  const waiting = [...clients.values()].filter(({ scheduled }) => scheduled.some(({ recipients }) => recipients.length > 0));
  return waiting.map(
    ({ id }) => `${join(dir, 'clients', `${id}.yaml`)}: reports have recipients, but soc-kpi.yaml has no smtp to send them`,
  );
}

interface Checked<T> {
  data: T;
  file: YamlFile;
}

async function readChecked<T>(
  dir: string,
  name: string,
  schema: z.ZodType<T>,
  effects: Effects,
  problems: string[],
): Promise<Checked<T> | undefined> {
  const file = await readYaml(join(dir, name), effects, problems);
  if (file === undefined) return undefined;
  const parsed = schema.safeParse(file.data);
  if (parsed.success) return { data: parsed.data, file };
  problems.push(...explainIssues(parsed.error.issues, schema, file));
  return undefined;
}

async function readYaml(path: string, effects: Effects, problems: string[]): Promise<YamlFile | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await effects.readFile(path));
    const file = parseYaml(path, text);
    problems.push(...file.problems);
    return file.problems.length > 0 ? undefined : file;
  } catch (error) {
    if (error instanceof TypeError) problems.push(`${path}: is not UTF-8 text`);
    else if (isMissing(error)) problems.push(`${path}: no such file; the example configuration has one to start from`);
    else problems.push(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function rulesOf({ data, file }: Checked<z.infer<typeof categories>>, problems: string[]): CategoryRule[] {
  return data.categories.map(({ category, when }, index) => {
    const path = ['categories', index, 'when'];
    problems.push(...checkFilter(when).map((problem) => problemAt(file, [...path, ...problem.path], problem.message)));
    return { category, when, place: file.place(['categories', index]).replace(/^.*[\\/]/, '') };
  });
}

function reportsOf(data: z.infer<typeof reports>): Map<string, ReportDefinition> {
  const entries = Object.entries(data.reports).map(([id, { chapters, ...rest }]): [string, ReportDefinition] => [
    id,
    { id, ...rest, ...(chapters === undefined ? {} : { chapters }) },
  ]);
  return new Map(entries);
}

async function readClients(
  dir: string,
  definitions: ReadonlyMap<string, ReportDefinition> | undefined,
  effects: Effects,
  problems: string[],
): Promise<Map<string, Client>> {
  const folder = join(dir, 'clients');
  const names = (await filesIn(folder, effects))?.filter((name) => !name.startsWith('.')).sort() ?? [];
  if (names.length === 0) problems.push(`${folder}: no client; there must be a file <id>.yaml for each`);
  const clients = new Map<string, Client>();
  for (const name of names) {
    const path = join(folder, name);
    const id = name.replace(/\.yaml$/, '');
    if (id === name) problems.push(`${path}: is no client; a client's file is called <id>.yaml`);
    else if (!idShape.test(id)) problems.push(`${path}: "${id}" is no client id; ${idRule}`);
    else {
      const file = await readYaml(path, effects, problems);
      const client = file && (await readClient(id, file, definitions, dir, effects, problems));
      if (client !== undefined) clients.set(id, client);
    }
  }
  return clients;
}

async function filesIn(folder: string, effects: Effects): Promise<string[] | undefined> {
  try {
    return await effects.listFiles(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new ConfigError([`${folder}: cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
