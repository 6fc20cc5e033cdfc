import { resolve } from 'node:path';
import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { Secret } from '../secret.ts';
import { didYouMean } from '../suggest.ts';
import { explainIssues, problemAt } from './explain.ts';
import { idRule, idShape, locale, recipient, reference, safeAddress, text } from './files.ts';
import { misplacedReferences, resolveReferences } from './references.ts';
import { ConfigError, type Place } from './types.ts';
import type { Path, YamlFile } from './yaml.ts';

/** Where an edition may go besides a mailbox, as it stands in YAML: the first key says which, and names it for the ledger. */

const name = z.string().regex(idShape, idRule).describe('How status and the ledger call it');
const localeOf = locale.optional().describe("How figures and dates are written; absent: the client's");
const caFile = text.optional().describe('The private CA that signed the server, relative to the configuration');
const secretAddress = reference.describe('Who knows the address may post there, so it is a reference');
const files = z.array(z.enum(['html', 'pdf', 'csv', 'json'])).min(1);

const webhook = z.strictObject({
  webhook: name,
  url: safeAddress,
  secret: reference.describe('Key of the HMAC-SHA256 signature'),
  ambiguous: z
    .enum(['hold', 'resend'])
    .default('hold')
    .describe('When the answer was lost: hold and tell; or resend, for a receiver that honours the Idempotency-Key'),
  ca_file: caFile,
  locale: localeOf,
});

const slack = z.strictObject({ slack: name, url: secretAddress, locale: localeOf });
const teams = z.strictObject({ teams: name, url: secretAddress, locale: localeOf });

const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a host key is written as ssh-keygen -lf shows it: SHA256: and 43 characters');

const sftp = z
  .strictObject({
    sftp: name,
    host: text,
    port: z.int().min(1).max(65_535).default(22),
    user: text,
    password: reference.optional(),
    private_key: reference.optional(),
    passphrase: reference.optional(),
    host_key: z
      .union([fingerprint, z.array(fingerprint).min(1)])
      .describe('The only keys the server may show; several while one is exchanged'),
    directory: text.default('.').describe('On the server; it must be there'),
    files: files.default(['pdf']),
  })
  .refine(({ password, private_key }) => password !== undefined || private_key !== undefined, {
    path: ['private_key'],
    error: 'is missing; give private_key or password',
  });

const s3 = z.strictObject({
  s3: name,
  endpoint: safeAddress.describe('Asked with the bucket in the path'),
  region: text.default('us-east-1'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket'),
  access_key_id: reference,
  secret_access_key: reference,
  prefix: z
    .string()
    .regex(/^(?!\/)(?!.*(^|\/)\.{1,2}(\/|$))[\w.\-/]*$/, 'has letters, digits and . _ - / only, and does not start with /')
    .optional()
    .describe("Before every key; absent: the client's id and /"),
  files: files.default(['html', 'pdf', 'csv', 'json']),
  ca_file: caFile,
});

const folder = z.strictObject({
  folder: name,
  path: text.describe('Served by a web server; becomes a link to the newest copy of the whole archive. Relative to the configuration'),
});

/** By the key that says which it is. */
export const placeForms = { webhook, slack, teams, sftp, s3, folder };
export const recipientForms = { to: recipient, ...placeForms };
type Kind = keyof typeof recipientForms;
const kinds = Object.keys(recipientForms) as Kind[]; // the keys of the literal above

/** Of what kind an entry of `recipients` is; what is wrong is added to `problems`. */
export function kindOf(item: object, file: YamlFile, at: Path, problems: string[]): Kind | undefined {
  const found = kinds.filter((kind) => kind in item);
  if (found.length === 1) return found[0];
  const hint =
    Object.keys(item)
      .map((key) => didYouMean(key, kinds))
      .find((words) => words !== '') ?? '';
  const wrong =
    found.length === 0 ? `is no recipient; it starts with one of ${kinds.join(', ')}${hint}` : `is several at once: ${found.join(', ')}`;
  problems.push(problemAt(file, at, wrong));
  return undefined;
}

interface Where {
  client: string;
  locale: string;
  dir: string;
  file: YamlFile;
  at: Path;
}

/** A place; its secrets may be missing until something is delivered. What is wrong is added to `problems`. */
export async function readPlace(
  kind: keyof typeof placeForms,
  item: object,
  { client, locale: usual, dir, file, at }: Where,
  effects: Effects,
  problems: string[],
): Promise<Place | undefined> {
  const parsed = placeForms[kind].safeParse(item);
  if (!parsed.success) {
    problems.push(...explainIssues(parsed.error.issues, placeForms[kind], file, at));
    return undefined;
  }
  const secrets = Object.fromEntries(Object.entries(item).filter(([key]) => secretKeys.has(key) && !(kind === 'webhook' && key === 'url')));
  const open = Object.fromEntries(Object.entries(item).filter(([key]) => !(key in secrets)));
  for (const path of misplacedReferences(open)) {
    problems.push(problemAt(file, [...at, ...path], 'a reference stands only for a secret'));
  }
  const references = await resolveReferences(secrets, dir, effects);
  const unresolved = references.flatMap(({ path, found }) =>
    'problem' in found ? [problemAt(file, [...at, ...path], found.problem)] : [],
  );
  return {
    ...shapeOf(parsed.data, client, dir),
    locale: ('locale' in parsed.data ? parsed.data.locale : undefined) ?? usual,
    unresolved,
    secret(key) {
      if (unresolved.length > 0) throw new ConfigError(unresolved);
      const reference = references.find(({ path }) => path[0] === key);
      return reference !== undefined && 'value' in reference.found ? new Secret(reference.found.value, reference.origin) : undefined;
    },
  };
}

const secretKeys = new Set(['url', 'secret', 'password', 'private_key', 'passphrase', 'access_key_id', 'secret_access_key']);

type Shape<T> = T extends Place ? Omit<T, 'locale' | 'unresolved' | 'secret'> : never;

function shapeOf(data: z.infer<(typeof placeForms)[keyof typeof placeForms]>, client: string, dir: string): Shape<Place> {
  const trust = 'ca_file' in data && data.ca_file !== undefined ? { ca_file: resolve(dir, data.ca_file) } : {};
  if ('webhook' in data) return { channel: 'webhook', name: data.webhook, url: data.url, ambiguous: data.ambiguous, ...trust };
  if ('slack' in data) return { channel: 'slack', name: data.slack };
  if ('teams' in data) return { channel: 'teams', name: data.teams };
  if ('folder' in data) return { channel: 'folder', name: data.folder, path: resolve(dir, data.path) };
  if ('s3' in data) {
    const { endpoint, region, bucket, prefix = `${client}/` } = data;
    return { channel: 's3', name: data.s3, endpoint: endpoint.replace(/\/*$/, ''), region, bucket, prefix, files: data.files, ...trust };
  }
  const { host, port, user, host_key, directory } = data;
  return { channel: 'sftp', name: data.sftp, host, port, user, host_keys: [host_key].flat(), directory, files: data.files };
}
