import { join, relative } from 'node:path';
import { type Client, type Config, loadConfig, type NewSource, parseYaml, type Source, withSource } from '../../config/index.ts';
import { publishFile } from '../../deliver/index.ts';
import type { Effects } from '../../effects.ts';
import { didYouMean } from '../../suggest.ts';
import { loadVendor, vendorNames } from '../../vendors/index.ts';
import type { AnyVendor } from '../../vendors/vendor.ts';
import { askSource } from '../ask-source.ts';
import { UsageError } from '../failure.ts';
import { clientOf, type Shell } from '../shell.ts';
import { type Asker, terminal } from './asker.ts';
import { has, type Question, put, questionsOf, settingsOf, readValue } from './questions.ts';
import { describe, isFingerprint, unvouched } from './trust.ts';

export interface AddFlags {
  vendor?: string;
  set?: string[];
  as?: string;
  trust?: string;
  untested?: true;
}

/**
 * Adds a source to a client's file, after it has answered. 0 added; 2 it cannot be meant so; 3 it did not answer, nothing was
 * written.
 */
export async function addSource(
  shell: Shell,
  clientId: string,
  id: string,
  flags: AddFlags,
  ask: Asker | undefined = terminal(),
): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const client = clientOf(config, clientId);
  if (client.sources.has(id)) throw new UsageError(`${clientId} has a source "${id}" already; give this one another id`);
  const vendor = await vendorOf(flags.vendor, ask);
  const settings = await settingsAsked(vendor, flags.set ?? [], { client: clientId, source: id }, ask);
  const list = await listOf(client, vendor, flags.as, ask);
  const file: ClientFile = { path: join(config.dir, 'clients', `${clientId}.yaml`), text: '' };
  file.text = await textOf(file.path, shell.effects);
  const wanted: NewSource = { id, settings: { vendor: vendor.id, ...settings }, ...(list === undefined ? {} : { list }) };
  const tested = await tried(config, clientId, wanted, file, flags, shell, ask);
  if (tested === undefined) return 3;
  await write(file, tested, config, shell);
  shell.print(`added ${clientId}/${id} to ${file.path}`);
  for (const problem of tested.source.unresolved) shell.print(`to be set before it is collected: ${problem}`);
  return 0;
}

interface ClientFile {
  path: string;
  text: string;
}

async function vendorOf(given: string | undefined, ask: Asker | undefined): Promise<AnyVendor> {
  const name = given ?? (await ask?.({ text: `product (${vendorNames.join(', ')})`, choices: vendorNames }));
  if (name === undefined) throw new UsageError(`--vendor is missing; there are: ${vendorNames.join(', ')}`);
  if (!vendorNames.includes(name))
    throw new UsageError(`no vendor "${name}"${didYouMean(name, vendorNames) || `; there are: ${vendorNames.join(', ')}`}`);
  return loadVendor(name);
}

/** What was given, and on a terminal what is still needed. @throws UsageError naming what is missing. */
async function settingsAsked(
  vendor: AnyVendor,
  given: readonly string[],
  names: { client: string; source: string },
  ask: Asker | undefined,
): Promise<Record<string, unknown>> {
  const settings = settingsOf(vendor, given);
  for (;;) {
    const missing = questionsOf(vendor, settings).filter(({ key, required }) => required && !has(settings, key));
    const [next] = missing;
    if (next === undefined) return settings;
    if (ask === undefined)
      throw new UsageError(`${vendor.name} needs ${missing.map(({ key }) => key).join(', ')}: give each as --set key=value`);
    put(settings, next.key, readValue(next, await ask(promptOf(next, names))));
  }
}

function promptOf(question: Question, { client, source }: { client: string; source: string }) {
  if (!question.secret) return { text: question.key, choices: question.choices };
  const name = `${client}_${source}_${question.key}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return { text: `${question.key}, a secret: where it is, \${env:NAME} or \${file:PATH}`, choices: [], suggestion: `\${env:${name}}` };
}

/** The list of `records` in which it is to stand, for a client that has those. */
async function listOf(
  client: Client,
  { delivers = ['alert', 'case'] }: AnyVendor,
  given: string | undefined,
  ask: Asker | undefined,
): Promise<NewSource['list']> {
  if (given !== undefined && given !== 'cases' && given !== 'alerts') throw new UsageError(`--as "${given}" is neither cases nor alerts`);
  if (client.records === undefined) {
    if (given !== undefined) throw new UsageError(`${client.id} does not say which source is the record for what, so --as has no place`);
    return undefined;
  }
  if (given !== undefined) return given;
  if (delivers.length === 1 && delivers[0] === 'alert') return 'alerts';
  const said = await ask?.({ text: 'is it the record for cases or for alerts', choices: ['cases', 'alerts'] });
  if (said !== 'cases' && said !== 'alerts')
    throw new UsageError(`${client.id} says which source is the record for what: give --as cases or --as alerts`);
  return said;
}

interface Tested {
  text: string;
  source: Source;
  /** A CA's certificate to be kept beside the configuration. */
  ca?: { path: string; pem: string };
}

/** The file as it would be, once the source has answered or nobody insists on it; undefined where it did not. */
async function tried(
  config: Config,
  client: string,
  wanted: NewSource,
  file: ClientFile,
  flags: AddFlags,
  shell: Shell,
  ask: Asker | undefined,
): Promise<Tested | undefined> {
  const first = await checked(config.dir, client, wanted, file, shell.effects);
  if (flags.untested === true) return first;
  const answer = await askSource(first.source, config.dir, shell.effects);
  if ('detail' in answer) {
    shell.print(`ok    ${answer.detail}`);
    return first;
  }
  shell.print(`WRONG ${answer.problem}`);
  const found = wanted.settings.ca_file === undefined ? await unvouched(answer.error, wanted.settings.base_url) : undefined;
  if (found === undefined) {
    shell.print('nothing was written; mend it, or add the source with --untested');
    return undefined;
  }
  for (const line of describe(found)) shell.print(line);
  const trusted = flags.trust === undefined ? (await ask?.(trustPrompt)) === 'yes' : isFingerprint(flags.trust, found.kept);
  if (!trusted) {
    const given = flags.trust === undefined ? '' : '--trust is not the fingerprint of that certificate; ';
    shell.print(
      `${given}nothing was written. When the product's own console shows the same fingerprint, give it: --trust ${found.kept.fingerprint}`,
    );
    return undefined;
  }
  const name = join('certificates', `${client}-${wanted.id}.pem`);
  const ca = { path: join(config.dir, name), pem: found.kept.pem };
  const withCa = { ...wanted, settings: { ...wanted.settings, ca_file: name } };
  const held = overlaid(shell.effects, ca.path, ca.pem);
  const second = await checked(config.dir, client, withCa, file, held);
  const again = await askSource(second.source, config.dir, held);
  shell.print('detail' in again ? `ok    ${again.detail}` : `WRONG ${again.problem}`);
  return 'detail' in again ? { ...second, ca } : undefined;
}

const trustPrompt = {
  text: "does the product's own console show the same fingerprint, and shall it be kept as ca_file",
  choices: ['yes', 'no'],
};

/** The changed file, read as the whole configuration would be. @throws ConfigError with what would be wrong with it. */
async function checked(dir: string, client: string, wanted: NewSource, file: ClientFile, effects: Effects): Promise<Tested> {
  const text = withSource(file.text, wanted);
  const config = await loadConfig(dir, overlaid(effects, file.path, text));
  const source = config.clients.get(client)?.sources.get(wanted.id);
  if (source === undefined) throw new Error(`${file.path}: the new source is not in it`); // loadConfig would have told what is wrong
  return { text, source };
}

/** The same world, in which one file holds something else. */
function overlaid(effects: Effects, path: string, text: string): Effects {
  return { ...effects, readFile: async (asked) => (relative(asked, path) === '' ? Buffer.from(text) : effects.readFile(asked)) };
}

async function write(file: ClientFile, { text, ca }: Tested, config: Config, { effects }: Shell): Promise<void> {
  if ((await textOf(file.path, effects)) !== file.text)
    throw new UsageError(`${file.path} was changed meanwhile; nothing was written, try again`);
  if (ca !== undefined) await publishFile(ca.path, ca.pem, effects.disk);
  await publishFile(file.path, text, effects.disk);
  await loadConfig(config.dir, effects);
}

async function textOf(path: string, effects: Effects): Promise<string> {
  const text = (await effects.readFile(path)).toString('utf8');
  const { problems } = parseYaml(path, text);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return text;
}
