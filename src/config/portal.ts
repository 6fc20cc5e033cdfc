import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { Secret, secretReference } from '../secret.ts';
import { didYouMean } from '../suggest.ts';
import { problemAt } from './explain.ts';
import { resolveReferences } from './references.ts';
import { ConfigError, type Portal } from './types.ts';
import type { YamlFile } from './yaml.ts';

const reference = z.string().regex(secretReference, `must be a reference, \${env:NAME} or \${file:PATH}, never the value itself`);
const path = z.string().trim().min(1);

/** As it stands in soc-kpi.yaml. */
export const portal = z
  .strictObject({
    host: z
      .string()
      .refine((host) => isIP(host) !== 0, 'is no address of this machine; write 127.0.0.1, or 0.0.0.0 for all')
      .default('127.0.0.1')
      .describe('Address to listen at'),
    port: z.int().min(0).max(65_535).default(8080).describe('0: any that is free'),
    tls: z.strictObject({ cert_file: path, key_file: path }).optional().describe('PEM files, relative to the configuration'),
    behind_proxy: z.boolean().default(false).describe('A proxy in front of it speaks TLS to the readers'),
    logins: z
      .record(z.string(), reference)
      .describe('By client: the token with which its readers log in, as password; the client’s id is the name'),
    metrics_token: reference.optional().describe('With it, GET /metrics gives the ledger to Prometheus as a bearer'),
  })
  .describe('Each client’s own reports, served to its readers');

/** Tokens are compared as they are, so they must be too long to guess. */
const shortest = 20;

/** What is wrong is added to `problems`; what only serving needs may be missing until then. */
export async function readPortal(
  { logins, metrics_token, tls, ...rest }: z.infer<typeof portal>,
  file: YamlFile,
  { dir, clients }: { dir: string; clients: readonly string[] },
  effects: Effects,
  problems: string[],
): Promise<Portal> {
  const refuse = (key: readonly string[], message: string): void => void problems.push(problemAt(file, ['portal', ...key], message));
  if (!isLoopback(rest.host) && tls === undefined && !rest.behind_proxy)
    refuse(['host'], `${rest.host} can be reached from elsewhere: give tls, or say behind_proxy: true where a proxy in front speaks TLS`);
  for (const id of Object.keys(logins))
    if (!clients.includes(id)) refuse(['logins', id], `there is no client "${id}"${didYouMean(id, clients)}`);
  const references = await resolveReferences({ logins, metrics_token }, dir, effects);
  const unresolved: string[] = [];
  const secrets = new Map<string, Secret>();
  for (const { path: key, origin, found } of references) {
    const short =
      'value' in found && found.value.length < shortest
        ? `is shorter than ${shortest} characters; make one with: openssl rand -base64 24`
        : undefined;
    const problem = 'problem' in found ? found.problem : short;
    if (problem !== undefined) unresolved.push(problemAt(file, ['portal', ...key], problem));
    else if ('value' in found) secrets.set(key.join(' '), new Secret(found.value, origin));
  }
  return {
    ...rest,
    ...(tls === undefined ? {} : { tls: { cert_file: resolve(dir, tls.cert_file), key_file: resolve(dir, tls.key_file) } }),
    get secrets() {
      if (unresolved.length > 0) throw new ConfigError(unresolved);
      const metrics = secrets.get('metrics_token');
      const tokens = Object.keys(logins).map((id) => [id, secrets.get(`logins ${id}`)] as const);
      return {
        logins: new Map(tokens.flatMap(([id, token]) => (token === undefined ? [] : [[id, token]]))),
        ...(metrics === undefined ? {} : { metrics }),
      };
    },
  };
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}
