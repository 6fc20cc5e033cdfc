import { createHash, hash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Analysis } from '../analyse/analysis.ts';
import type { Client, Config } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { oncePerObject } from '../once.ts';

export type Files = ReadonlyMap<string, string | Uint8Array>;

/** What an edition is made of and what it was made from; the last file of its folder. */
export const manifest = z.object({
  client: z.string(),
  report: z.string(),
  period: z.string(),
  as_of: z.string(),
  inputs: z.object({ versions: z.record(z.string(), z.string()) }),
  /** sha256 of the configuration files that a report depends on. */
  configuration: z.string().optional(),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
});
export type Manifest = z.infer<typeof manifest>;

export function manifestText(analysis: Analysis, configuration: string, files: Files): string {
  const { client, report, period, as_of, provenance: inputs } = analysis;
  const text = { client: client.id, report: report.id, period: period.label, as_of, inputs, configuration, files: listing(files) };
  return `${JSON.stringify(text, null, 1)}\n`;
}

/** Taken as soon as a large file is there, it need not be waited for in the end. */
export const digestOf = oncePerObject((contents: Uint8Array) => hash('sha256', contents));

function listing(files: Files): Manifest['files'] {
  return Object.fromEntries(
    [...files].map(([name, contents]) => [
      name,
      { sha256: typeof contents === 'string' ? hash('sha256', contents) : digestOf(contents), bytes: Buffer.byteLength(contents) },
    ]),
  );
}

/** A report that differs because its tag rules do was not tampered with; this tells the two apart. */
export async function configurationDigest({ dir }: Config, { id }: Client, { readFile }: Effects): Promise<string> {
  const digest = createHash('sha256');
  for (const name of ['categories.yaml', 'reports.yaml', `clients/${id}.yaml`]) {
    const bytes = await readFile(join(dir, name)).catch(() => Buffer.alloc(0));
    digest.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  return digest.digest('hex');
}
