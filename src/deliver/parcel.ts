import { hash } from 'node:crypto';
import type { Effects } from '../effects.ts';
import type { Contents, IssuedFile } from './channel.ts';
import type { Fault } from './fault.ts';
import { codeOf } from '../http-error.ts';

/** The stored body of a channel that carries files: which, and what they must be. The edition's folder keeps the bytes. */
export interface Listing {
  edition: Contents['message']['edition'];
  files: IssuedFile[];
}

const names = { html: 'index.html', pdf: 'report.pdf', csv: 'findings.csv', json: 'report.json' } as const;

/** The asked-for files, the manifest last: who sees it finds all others. */
export function listFiles({ message, files }: Contents, wanted: readonly (keyof typeof names)[]): Uint8Array {
  const asked = new Set<string>(wanted.map((kind) => names[kind]));
  const listing: Listing = {
    edition: message.edition,
    files: [...files.filter(({ name }) => asked.has(name)), ...files.filter(({ name }) => name === 'manifest.json')],
  };
  return Buffer.from(JSON.stringify(listing));
}

export function readListing(body: Uint8Array): Listing {
  return JSON.parse(Buffer.from(body).toString('utf8')) as Listing; // written by listFiles, kept in the store
}

/** A file as it was issued; one that was changed since goes nowhere. */
export async function readIssued({ name, path, sha256 }: IssuedFile, effects: Effects): Promise<Buffer | Fault> {
  try {
    const contents = await effects.readFile(path);
    if (hash('sha256', contents) === sha256) return contents;
    return { kind: 'permanent', reason: `${path} is not what was issued; nothing more is sent` };
  } catch (error) {
    return { kind: 'retry', reason: `${name} cannot be read (${codeOf(error)})` };
  }
}
